import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { createGathering } from "./gathering.ts";

const eachInItsOwnCallback = (works: readonly (() => void)[]): void => {
  for (const work of works) process.nextTick(work);
};

it("lets what arrives in one turn of the event loop take each step side by side", async () => {
  const gather = createGathering();
  const taken: string[] = [];
  const walk = (name: string) => async () => {
    await gather();
    taken.push(`${name} 1`);
    await undefined;
    taken.push(`${name} 2`);
  };
  eachInItsOwnCallback([walk("a"), walk("b"), walk("c")]);
  await nextTurn();
  await nextTurn();
  expect(taken).toEqual(["a 1", "b 1", "c 1", "a 2", "b 2", "c 2"]);
});

it("takes up who comes while the others go on", async () => {
  const gather = createGathering();
  const arrived: string[] = [];
  await Promise.all([
    gather().then(async () => {
      arrived.push("first");
      await gather();
      arrived.push("again");
    }),
    gather().then(() => arrived.push("second")),
  ]);
  expect(arrived).toEqual(["first", "second", "again"]);
});
