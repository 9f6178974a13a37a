import { afterEach, expect, it } from "vitest";
import { makeMention, makePlace } from "../support/make-mention.ts";
import { type EngineBench, startEngineBench } from "./bench.ts";

let bench: EngineBench;
afterEach(() => bench.end());

it("does not say a follow-up again whose answer was lost, when the run ends before the next try", async () => {
  bench = await startEngineBench();
  const ask = async (id: number): Promise<void> => {
    const text = `@openhands do thing ${id}`;
    await bench.store.accept(makeMention(id, { place: makePlace(0), text }));
    await bench.run(500);
  };
  bench.tell({ type: "working" });
  await ask(0);
  let left = 1;
  bench.trouble((call) => (call === "say" && left-- > 0 ? "lost-answer" : undefined));
  await ask(1);
  expect((await bench.store.mention(makeMention(1).key))?.outcome).toBeUndefined();
  bench.tell({ type: "ended", reason: "finished", summary: "The first is done." });
  await bench.run(1_500);
  bench.tellAll({ type: "ended", reason: "finished", summary: "Both are done." });
  await bench.run(3_600_000);
  const { key } = makeMention(1);
  expect(bench.said.filter((text) => text.includes(`(ref: ${key})`))).toHaveLength(1);
  expect((await bench.store.mention(key))?.outcome).toBe("ran");
  const states = (await bench.store.runs({ limit: 10 })).map(({ state }) => state);
  expect(states).toEqual(["done", "done"]);
});
