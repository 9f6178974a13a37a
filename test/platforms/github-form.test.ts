import { createHmac } from "node:crypto";
import { createGitHub } from "@ask-openhands/bot/platforms/github/index.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import type { Sent } from "../contracts/platform-subject.ts";
import { startGitHubWorld } from "../contracts/subjects/github.ts";

type World = Awaited<ReturnType<typeof startGitHubWorld>>;

let world: World;
beforeEach(async () => {
  world = await startGitHubWorld();
});
afterEach(() => world.close());

/** As GitHub sends it from a webhook whose content type was left as the page proposes it. */
const asForm = (sent: Sent, secret: string): Sent => {
  const bytes = Buffer.from(new URLSearchParams({ payload: Buffer.from(sent.bytes).toString() }).toString());
  return {
    ...sent,
    bytes,
    headers: {
      ...sent.headers,
      "content-type": "application/x-www-form-urlencoded",
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`,
    },
  };
};

describe("a webhook that sends forms", () => {
  it("is heard like one that sends JSON, and only with the signature of its bytes", async () => {
    const [app] = world.connections;
    const secret = app?.secrets["webhookSecret"] ?? "";
    const bench = createPlatformBench(createGitHub, world.connections.slice(0, 1));
    const spot = await world.open(world.people.writer, "issue", { title: "Crash", text: "Ärger & = 100%" });
    await world.comment(world.people.writer, spot, "@openhands fix this & that + more = 100%");
    for (const sent of world.deliveries()) {
      const form = asForm(sent, secret);
      expect((await bench.receive({ ...form, headers: { ...sent.headers } })).status).toBe(401);
      expect((await bench.receive(form)).status).toBe(200);
    }
    expect(bench.heard.map(({ way, text }) => `${way}: ${text}`)).toContain(
      "comment: @openhands fix this & that + more = 100%",
    );
  });
});
