import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import { describe, expect, it } from "vitest";
import { everySubject } from "../contracts/every-subject.ts";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import type { SeededConnection } from "../contracts/platform-subject.ts";

/** The same credentials, and secrets for deliveries, as a connection of one member. */
const ownedByMember = ({ connection, secrets }: SeededConnection): SeededConnection => ({
  connection: { ...connection, owner: { kind: "person", id: "mallory" } },
  secrets,
});

describe.each(await everySubject())("deliveries signed with a member's own secret: $id", (subject) => {
  it("are refused, at both addresses, while a workspace's are believed", async () => {
    const world = await subject.start();
    try {
      const entry = platforms.find(({ id }) => id === subject.id);
      if (entry === undefined) throw new Error(`no platform ${subject.id}`);
      const [kind] = subject.kinds;
      if (kind === undefined) throw new Error("nothing to speak at");
      const spot = await world.open(world.people.writer, kind, { title: "The basket", text: "It is wrong." });
      world.deliveries();
      await world.comment(world.people.writer, spot, "@openhands fix it");
      const [sent] = world.deliveries().slice(-1);
      if (sent === undefined) throw new Error("nothing was delivered");
      const [id = ""] = world.connections.map(({ connection }) => connection.id);
      const personal = createPlatformBench(entry.create, world.connections.map(ownedByMember));
      const common = { ...sent, path: `/webhooks/${subject.id}` };
      const own = { ...sent, path: `/webhooks/${subject.id}/${id}` };
      for (const delivery of [sent, common, own])
        expect((await personal.receive(delivery)).status, delivery.path).toBe(401);
      expect(personal.heard).toEqual([]);
      const shared = createPlatformBench(entry.create, world.connections);
      expect(await shared.receive(sent)).toMatchObject({ status: 200 });
      expect(shared.heard).toHaveLength(1);
    } finally {
      await world.close();
    }
  });
});
