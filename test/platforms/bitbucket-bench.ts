import { createBitbucketCloud } from "@ask-openhands/bot/platforms/bitbucket-cloud/index.ts";
import { createBitbucketDc } from "@ask-openhands/bot/platforms/bitbucket-dc/index.ts";
import type { PlatformDeps } from "@ask-openhands/bot/platforms/deps.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { afterEach, expect } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import type { Account, SeededConnection, Sent, Spot } from "../contracts/platform-subject.ts";
import type { BitbucketFlavour } from "../fakes/bitbucket/start.ts";
import { type BitbucketWorld, startBitbucketWorld } from "../fakes/bitbucket/world.ts";
import { loopbackOnly } from "../support/loopback-only.ts";

const create = { cloud: createBitbucketCloud, dc: createBitbucketDc } as const;

export interface Scene {
  readonly world: BitbucketWorld;
  readonly bench: PlatformBench;
  readonly spot: Spot;
  /** Id of the world's own connection. */
  readonly id: string;
  /** The only delivery since the last call. */
  one(): Sent;
  ask(by?: Account, text?: string): Promise<Mention>;
}

export interface SceneSettings {
  readonly context?: string;
  readonly repository?: string;
  readonly right?: "read" | "write" | "admin";
  connections?(world: BitbucketWorld): readonly SeededConnection[];
  /** Account id → person. */
  readonly linked?: Readonly<Record<string, string>>;
}

/** One flavour's folder on the bench of the platform contract, with ways to link people. */
export const benchOf = (
  flavour: BitbucketFlavour,
  connections: readonly SeededConnection[],
  linked: Readonly<Record<string, string>> = {},
): PlatformBench => {
  const withLinks = (deps: PlatformDeps) =>
    create[flavour]({
      ...deps,
      connections: { ...deps.connections, personOf: (_platform, _host, account) => linked[account] },
    });
  return createPlatformBench(withLinks, connections, { fetch: loopbackOnly });
};

/** Starts worlds that end with the test, which fails when a request of ours broke the specification. */
export const createScenes = (flavour: BitbucketFlavour) => {
  const worlds: BitbucketWorld[] = [];
  afterEach(async () => {
    for (const world of worlds.splice(0)) {
      const { violations, unrouted } = world.requests;
      await world.close();
      expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
    }
  });
  return async (settings: SceneSettings = {}): Promise<Scene> => {
    const world = await startBitbucketWorld(flavour, settings);
    worlds.push(world);
    const bench = benchOf(flavour, settings.connections?.(world) ?? world.connections, settings.linked);
    const spot = await world.open(world.people.writer, "pull-request", {
      title: "The cart crashes",
      text: "It crashes when empty.",
    });
    world.deliveries();
    const one = (): Sent => {
      const [sent, ...rest] = world.deliveries();
      if (sent && rest.length === 0) return sent;
      throw new Error(`expected exactly one delivery, got ${rest.length + (sent ? 1 : 0)}`);
    };
    return {
      world,
      bench,
      spot,
      id: world.connections[0]?.connection.id ?? "",
      one,
      async ask(by = world.people.writer, text = "@openhands please fix this") {
        await world.comment(by, spot, text);
        expect(await bench.receive(one())).toMatchObject({ status: 200, body: "stored" });
        const heard = bench.heard.at(-1);
        if (heard) return heard;
        throw new Error("not heard");
      },
    };
  };
};
