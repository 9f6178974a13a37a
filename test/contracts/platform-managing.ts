import { Failure } from "@ask-openhands/core/failure.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { expect, it } from "vitest";
import { sharedPath } from "../fakes/shared-dir.ts";
import { loopbackOnly } from "../support/loopback-only.ts";
import { onBehalf } from "../support/on-behalf.ts";
import { createPlatformBench } from "./platform-bench.ts";
import type { PlatformWorld } from "./platform-subject.ts";
import { entryOf, makeMessage, type Scene, type Tools } from "./platform-tools.ts";

const keys = (mentions: readonly Mention[], words: string): readonly string[] => [
  ...new Set(mentions.filter(({ text }) => text.includes(words)).map(({ key }) => key)),
];

/** What a base address can hold that is no web address, or more than one. */
const badAddresses = (host: string): readonly string[] => [
  `http://mira:hunter2-canary@${host}/base`,
  "https://mira:hunter2-canary@[broken",
  "https://[broken",
  "not an address",
  "ftp://mira:hunter2-canary@files.test",
];

/** Connections: polling, webhooks, tokens, hosts. */
export function managing({ subject, feature, always, setScene, seen }: Tools): void {
  const alone = (id: string) => (world: PlatformWorld) =>
    world.connections.filter(({ connection }) => connection.id === id);

  feature(
    "polling",
    "what no delivery told of is found by looking, with every kind of connection, under the same key",
    async ({ world }) => {
      for (const { connection } of world.connections) {
        const scene = await setScene(alone(connection.id));
        const since = Date.now() - 60_000;
        const spot = await scene.open();
        scene.world.loseDeliveries(true);
        await scene.world.comment(scene.world.people.writer, spot, "@openhands lost words");
        await scene.world.comment(scene.world.people.reader, spot, "nothing for us");
        scene.world.loseDeliveries(false);
        const found = await scene.bench.missed(since);
        expect(keys(found, "lost words")).toHaveLength(1);
        expect(keys(await scene.bench.missed(since), "other")).toEqual([]);
        if (scene.world.connections[0]?.connection.id !== connection.id) continue;
        const { mention } = await scene.ask(spot, "@openhands heard words");
        const again = keys(await scene.bench.missed(since), "heard words");
        expect([[], [mention.key]]).toContainEqual(again);
      }
    },
  );

  const hooksOf = async ({ world, platform }: Scene) => {
    const id = world.connections.at(-1)?.connection.id ?? "";
    const hooks = platform.hooks;
    if (!hooks) throw new Error(`${subject.id} has no hooks`);
    const resource = async () => {
      const all = await hooks.list(id);
      const found = all.find(
        ({ name }) => world.repository === undefined || name === world.repository || all.length === 1,
      );
      if (!found) throw new Error(`nothing can carry a webhook: ${JSON.stringify(all)}`);
      return found;
    };
    return { hooks, id, resource };
  };

  feature(
    "webhooks installed by us",
    "a webhook is installed, mended in place, and removed",
    async (scene) => {
      const { hooks, id, resource } = await hooksOf(scene);
      const first = await resource();
      if (first.state !== "missing") await hooks.remove(id, first.id);
      expect((await resource()).state).toBe("missing");
      expect((await hooks.install(id, first.id)).state).toBe("installed");
      expect((await resource()).state).toBe("installed");
      expect((await hooks.repair(id, first.id)).state).toBe("installed");
      await hooks.install(id, first.id);
      scene.world.deliveries();
      const spot = await scene.open();
      await scene.world.comment(scene.world.people.writer, spot, "@openhands through the new hook");
      await scene.hear();
      expect(keys(scene.bench.heard, "through the new hook")).toHaveLength(1);
      await hooks.remove(id, first.id);
      expect((await resource()).state).toBe("missing");
    },
  );

  feature(
    "scopes shown",
    "a connection tells who it is and what it may; a refused one tells the problem",
    async ({ world, platform }) => {
      for (const { connection } of world.connections) {
        const status = await platform.inspect(connection.id);
        expect(status).toMatchObject({
          ok: true,
          account: { id: expect.stringMatching(/./), name: expect.stringMatching(/./) },
        });
        expect(status.tokenKind).not.toBe("");
        expect(status.scopes.filter(({ state }) => state === "missing")).toEqual([]);
        expect(Number.isNaN(Date.parse(status.checkedAt))).toBe(false);
        world.fail({ status: 401, times: Number.POSITIVE_INFINITY });
        const refused = await platform.inspect(connection.id);
        world.recover();
        expect(refused.ok).toBe(false);
        expect(refused.problem).toMatch(/^[A-Z"].*\.$/s);
      }
    },
  );

  always(
    "a connection whose address is none tells so in a sentence: no other error, and nothing of the password in it",
    async ({ world, platform }) => {
      await expect(platform.inspect("no-such-connection")).rejects.toBeInstanceOf(Failure);
      const [seeded] = world.connections;
      if (seeded === undefined) throw new Error("the world has no connection");
      const { connection, secrets } = seeded;
      const typed = Object.entries(connection.settings).filter(([, value]) => URL.canParse(value));
      const addresses = [...typed.map(([key]) => key), "host"];
      for (const key of addresses)
        for (const bad of badAddresses(world.host)) {
          const broken =
            key === "host"
              ? { ...connection, host: bad.replace(/^\w+:\/\//, "") }
              : { ...connection, settings: { ...connection.settings, [key]: bad } };
          const create = entryOf(subject.id).create;
          const bench = createPlatformBench(create, [{ connection: broken, secrets }], {
            fetch: loopbackOnly,
          });
          const told = await bench.platform.inspect(connection.id).then(
            (status) => ({ said: status.ok ? "Works." : status.problem, all: JSON.stringify(status) }),
            (cause: unknown) => {
              expect(cause).toBeInstanceOf(Failure);
              return { said: (cause as Failure).hint, all: String(cause) + JSON.stringify(cause) };
            },
          );
          expect(told.said, `${key}: ${bad}`).toMatch(/^[A-Z"].*\.$/s);
          expect(told.all + JSON.stringify(bench.log.lines)).not.toContain("hunter2");
        }
    },
  );

  feature("expiry shown", "a token that ends tells when", async ({ world, platform }) => {
    const all = await Promise.all(world.connections.map(({ connection }) => platform.inspect(connection.id)));
    const expiries = all.flatMap(({ expiresAt }) => (expiresAt ? [Date.parse(expiresAt)] : []));
    expect(expiries.length).toBeGreaterThan(0);
    for (const expiry of expiries) expect(expiry).toBeGreaterThan(Date.parse("2026-01-01"));
  });

  feature(
    "token for the agent",
    "the agent gets a token under the name that it expects",
    async ({ world, platform, open, ask }) => {
      const { mention } = await ask(await open());
      const repository = await platform.findRepository?.(world.host, world.repository ?? "", onBehalf());
      if (!repository) throw new Error("the repository was not found");
      expect(repository).toMatchObject({ platform: subject.id, host: world.host, name: world.repository });
      const token = await platform.agentToken?.(repository, onBehalf(), mention.place);
      expect(token?.name).toBe(subject.agentTokenName);
      expect(token?.value).toMatch(/^\S{8,}$/);
      expect(token?.gitUser).toMatch(/^\S+$/);
      expect(
        await platform.findRepository?.(
          world.host,
          world.repository?.replace(/[^/]+$/, "no-such-thing") ?? "",
          onBehalf(),
        ),
      ).toBeUndefined();
    },
  );

  feature(
    "repository search",
    "repositories are found by a part of their name",
    async ({ world, platform }) => {
      const name = world.repository?.split("/").at(-1) ?? "";
      const found = await platform.searchRepositories?.(world.host, name.slice(0, 3), onBehalf());
      expect(found?.map((one) => one.name)).toContain(world.repository);
      expect(await platform.searchRepositories?.(world.host, "zzz-no-such-thing", onBehalf())).toEqual([]);
    },
  );

  feature(
    "several hosts",
    "two servers work side by side, and no credential reaches the other",
    async ({ world: first }) => {
      const second = await subject.start();
      try {
        const renamed = second.connections.map(({ connection, secrets }) => ({
          connection: { ...connection, id: `${connection.id}-b` },
          secrets,
        }));
        const { bench } = await setScene(() => [...first.connections, ...renamed]);
        for (const world of [first, second]) {
          const spot = await world.open(world.people.writer, subject.kinds[0] ?? "issue", {
            title: "Crash",
            text: "Here.",
          });
          await world.comment(world.people.writer, spot, `@openhands at ${world.host}`);
          for (const sent of world.deliveries()) {
            const path =
              world === second ? sent.path.replace(/(\/webhooks\/[\w-]+\/)([\w-]+)$/, "$1$2-b") : sent.path;
            expect((await bench.receive({ ...sent, path })).status).toBe(200);
          }
          const mention = bench.heard.find(({ text }) => text.includes(`at ${world.host}`));
          if (!mention) throw new Error(`${world.host} was not heard`);
          expect(mention.place.host).toBe(world.host);
          await bench.platform.mayAsk(mention.author, mention.place);
          await bench.platform.post(mention.place, makeMessage("r1.abc"), { reply: mention.reply });
          expect(world.said(spot).filter(({ author }) => author.id === world.people.self.id)).toHaveLength(1);
        }
        const own = (world: PlatformWorld) =>
          world.connections.flatMap(({ secrets }) => Object.values(secrets));
        const only = (world: PlatformWorld, other: PlatformWorld) =>
          own(world).filter((secret) => !own(other).includes(secret));
        expect(only(first, second).length).toBeGreaterThan(0);
        for (const secret of only(first, second)) expect(second.requestsWith(secret)).toBe(0);
        for (const secret of only(second, first)) expect(first.requestsWith(secret)).toBe(0);
      } finally {
        await second.close();
      }
    },
  );

  // How many says that the checks took place; that none is broken is expected after every test.
  it.skipIf(sharedPath("contracts", subject.id) === undefined)(
    "requests of ours were checked against the platform's specification (needs SHARED_DIR)",
    () => {
      console.log(
        `${subject.id}: ${seen.checked} requests checked against the specification, none violates it`,
      );
      expect(seen.checked).toBeGreaterThan(50);
    },
  );
}
