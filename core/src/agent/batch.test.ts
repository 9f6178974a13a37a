import { expect, it } from "vitest";
import { createBatch } from "./batch.ts";

const counting = (most = 99) => {
  const loads: (readonly string[])[] = [];
  const ask = createBatch<string>({
    load: async (keys) => {
      loads.push(keys);
      if (keys.includes("bad")) throw new Error("no");
      return keys.map((key) => key.toUpperCase());
    },
    most,
    wait: () => 5,
    sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  });
  return { ask, loads };
};

it("turns questions of one moment into one request, asking each thing once", async () => {
  const { ask, loads } = counting();
  expect(await Promise.all(["a", "b", "a"].map(ask))).toEqual(["A", "B", "A"]);
  expect(loads).toEqual([["a", "b"]]);
  expect(await ask("a")).toBe("A");
  expect(loads).toHaveLength(2);
});

it("splits what is too much for one request", async () => {
  const { ask, loads } = counting(99);
  await Promise.all(Array.from({ length: 250 }, (_, n) => ask(String(n))));
  expect(loads.map((keys) => keys.length)).toEqual([99, 99, 52]);
});

it("lets everybody of a failed request know, and nobody else", async () => {
  const { ask } = counting(2);
  const answers = await Promise.allSettled(["a", "bad", "c"].map(ask));
  expect(answers.map((answer) => answer.status)).toEqual(["rejected", "rejected", "fulfilled"]);
});
