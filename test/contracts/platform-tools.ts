import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { PlaceKind } from "@ask-openhands/core/work/place.ts";
import { afterEach, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "./platform-bench.ts";
import type {
  NewSpot,
  PlatformFeature,
  PlatformSubject,
  PlatformWorld,
  Said,
  Spot,
} from "./platform-subject.ts";

/** What one test of the platform contract works with. */
export interface Scene {
  readonly world: PlatformWorld;
  readonly bench: PlatformBench;
  readonly platform: PlatformBench["platform"];
  /** The kind of place with the most features. */
  readonly kind: PlaceKind;
  /** Something that the writer opened, with nothing left to deliver. */
  open(kind?: PlaceKind, part?: Partial<NewSpot>): Promise<Spot>;
  /** Hands all kept deliveries to the receivers; every one is answered with 200. */
  hear(): Promise<readonly Mention[]>;
  /** The writer says something with our name; heard and told once. */
  ask(spot: Spot, text?: string): Promise<{ readonly mention: Mention; readonly said: Said }>;
}

export interface Tools {
  readonly subject: PlatformSubject;
  /** Sums over all tests of this platform. */
  readonly seen: { checked: number; readonly features: Set<PlatformFeature> };
  /** A test of a feature: skipped, with the platform's limit in its name, where the platform lacks it. */
  feature(name: PlatformFeature, sentence: string, test: (scene: Scene) => Promise<void>): void;
  /** A test that every platform must pass. */
  always(sentence: string, test: (scene: Scene) => Promise<void>): void;
  setScene(connections?: (world: PlatformWorld) => PlatformWorld["connections"]): Promise<Scene>;
}

export const entryOf = (id: string) => {
  const entry = platforms.find((one) => one.id === id);
  if (!entry) throw new Error(`bot/src/platforms/index.ts has no "${id}"`);
  return entry;
};

export const makeMessage = (
  marker: string,
  text = "Working on it.",
  part: Partial<Message> = {},
): Message => ({
  part: "report",
  blocks: [{ type: "text", text }],
  actions: [],
  notify: [],
  marker,
  ...part,
});

export function createTools(subject: PlatformSubject): Tools {
  const seen: Tools["seen"] = { checked: 0, features: new Set() };
  const worlds: PlatformWorld[] = [];

  afterEach(async () => {
    for (const world of worlds.splice(0)) {
      seen.checked += world.requests.checked;
      const { violations, unrouted } = world.requests;
      const unspecified = world.requests.unspecified.filter(
        (one) => subject.unspecified?.some((known) => known.test(one)) !== true,
      );
      await world.close();
      expect({ violations, unrouted, unspecified }).toEqual({
        violations: [],
        unrouted: [],
        unspecified: [],
      });
    }
  });

  const setScene: Tools["setScene"] = async (connections = (world) => world.connections) => {
    const world = await subject.start();
    worlds.push(world);
    const bench = createPlatformBench(entryOf(subject.id).create, connections(world));
    const kind = subject.kinds.at(-1);
    if (kind === undefined) throw new Error(`${subject.id} has no kinds of places`);
    const hear = async (): Promise<readonly Mention[]> => {
      const before = bench.heard.length;
      for (const sent of world.deliveries()) {
        const answer = await bench.receive(sent);
        expect(answer.status).toBe(200);
      }
      return bench.heard.slice(before);
    };
    return {
      world,
      bench,
      platform: bench.platform,
      kind,
      hear,
      async open(of = kind, part = {}) {
        const spot = await world.open(world.people.writer, of, {
          title: "The cart crashes",
          text: "It crashes when empty.",
          ...part,
        });
        world.deliveries();
        return spot;
      },
      async ask(spot, text = "@openhands please fix this") {
        const said = await world.comment(world.people.writer, spot, text);
        const words = text.replace(/^@openhands\s*/, "");
        const heard = (await hear()).filter((mention) => mention.text.includes(words));
        const mention = heard[0];
        if (!mention) throw new Error(`"${text}" was not heard`);
        return { mention, said };
      },
    };
  };

  const always: Tools["always"] = (sentence, test) => it(sentence, async () => test(await setScene()));

  return {
    subject,
    seen,
    setScene,
    always,
    feature(name, sentence, test) {
      seen.features.add(name);
      const limit = subject.limits[name];
      if (limit === undefined) always(sentence, test);
      else it.skip(`${name}: ${limit}`, () => undefined);
    },
  };
}
