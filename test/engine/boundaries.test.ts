import type { Platform } from "@ask-openhands/bot/platforms/platform.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeMention, makePlace } from "../support/make-mention.ts";
import { type AccessBench, startAccessBench } from "./access-bench.ts";

const minute = 60_000;

describe("what one place learns of others", () => {
  let bench: AccessBench;
  beforeEach(async () => {
    bench = await startAccessBench();
  });
  afterEach(() => bench.end());

  const work = async (number: number, part: Partial<Place> = {}): Promise<void> => {
    await bench.store.accept(makeMention(number, { place: makePlace(number, part) }));
  };
  const queueAt = async (place: Place): Promise<string> => {
    const before = bench.posts.length;
    await bench.store.accept(makeMention("queue", { place, text: "@openhands queue" }));
    await bench.run(minute);
    return bench.posts
      .slice(before)
      .flatMap(({ part, words }) => (part === "note" ? [words] : []))
      .join("\n");
  };

  it("queue: names what everybody there can see, counts the rest of the workspace, and knows nothing of other workspaces", async () => {
    bench.workspaces.set("c2", "other");
    bench.tellAll({ type: "working" });
    await work(1);
    await work(2);
    await work(3, { repository: "acme/secret", title: "The merger" });
    await work(4, { confidential: true });
    await work(5, { connection: "c2" });
    await work(6, { connection: "c2", repository: "other/thing" });
    await bench.run(minute);
    const said = await queueAt(makePlace(1));
    expect(said).toContain("here");
    expect(said).toContain("acme/site #2");
    expect(said).toContain("2 more are at work or wait");
    for (const hidden of ["#3", "#4", "#5", "#6", "secret", "merger"]) expect(said).not.toContain(hidden);
  });

  it("queue: an empty one says so, and one that is only hidden counts", async () => {
    expect(await queueAt(makePlace(1))).toContain("Nothing works and nothing waits.");
    bench.tellAll({ type: "working" });
    await work(3, { repository: "acme/secret" });
    await bench.run(minute);
    const place = makePlace(2);
    await bench.store.accept(makeMention("q2", { place, text: "@openhands queue" }));
    await bench.run(minute);
    const [said] = bench.posts.filter((post) => post.place === place.key);
    expect(said?.words).toContain("One more is at work or waits");
    expect(said?.words).not.toContain("secret");
  });
});

describe("a pull request that a run's agent names", () => {
  let bench: AccessBench;
  beforeEach(async () => {
    bench = await startAccessBench();
  });
  afterEach(() => bench.end());

  const pull = (repository: string): Place =>
    makePlace(`${repository}-9`, {
      kind: "pull-request",
      repository,
      url: `https://forge.test/${repository}/9`,
    });

  const laneAfter = async (repository: string, forkOf?: string): Promise<string> => {
    const platforms = bench.deps.platforms as Map<string, Platform>;
    const forge = platforms.get("forge");
    if (forge === undefined) throw new Error("the bench has no forge");
    platforms.set("forge", {
      ...forge,
      placeAt: async () => pull(repository),
      findRepository: async (host, name, onBehalf) => {
        const found = await forge.findRepository?.(host, name, onBehalf);
        return found && name === repository && forkOf !== undefined ? { ...found, forkOf } : found;
      },
    });
    bench.tell(
      { type: "pull-request", pullRequest: { url: pull(repository).url, number: 9 } },
      { type: "ended", reason: "finished", summary: "Done." },
    );
    await bench.store.accept(makeMention(1));
    await bench.run(minute);
    return bench.store.laneOf(pull(repository).key);
  };

  it.each([
    ["acme/site", undefined, true],
    ["ACME/Site", undefined, true],
    ["ada/site", "acme/site", true],
    ["acme/secret", undefined, false],
    ["ada/site", "acme/secret", false],
  ])("in %s, a fork of %s: joined %s", async (repository, forkOf, joined) => {
    const lane = await laneAfter(repository, forkOf);
    expect(lane).toBe(joined ? makePlace(1).key : pull(repository).key);
  });
});
