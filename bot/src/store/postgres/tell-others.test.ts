import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createTellOthers } from "./tell-others.ts";

const createCount = () => {
  const calls: number[] = [];
  return {
    calls,
    call: async (): Promise<void> => {
      calls.push(performance.now());
      throw new Error("the database is away");
    },
  };
};

it("calls at once, and makes one call of many that follow", async () => {
  const { calls, call } = createCount();
  const others = createTellOthers(call);
  for (let reason = 0; reason < 100; reason += 1) others.tell();
  expect(calls).toHaveLength(1);
  await sleep(100);
  expect(calls).toHaveLength(2);
  others.tell();
  expect(calls).toHaveLength(3);
  await others.end();
});

it("does not forget the last reason when it ends", async () => {
  const { calls, call } = createCount();
  const others = createTellOthers(call);
  others.tell();
  others.tell();
  await others.end();
  await sleep(60);
  expect(calls).toHaveLength(2);
});
