import { afterEach, describe, expect, it } from "vitest";
import { makeMention, makePlace } from "../support/make-mention.ts";
import { type EngineBench, startEngineBench } from "./bench.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

describe("a run that waits for an answer", () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  const stateOf = async (lane: number): Promise<string | undefined> =>
    (await bench.store.runs({ limit: 10 })).find(({ place }) => place.key === makePlace(lane).key)?.state;

  it("ends after two weeks without one, and says so", async () => {
    bench = await startEngineBench();
    await bench.store.accept(makeMention(1));
    await bench.run(minute);
    bench.tell({ type: "question", text: "Which colour?" });
    await bench.run(13 * day);
    expect(await stateOf(1)).toBe("waiting");
    await bench.run(2 * day);
    expect(await stateOf(1)).toBe("failed");
    expect(bench.posts.find(({ part }) => part === "report")?.words).toContain(
      "Nobody answered the question.",
    );
  });
});
