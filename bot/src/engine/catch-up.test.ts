import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "@ask-openhands/core/failure.ts";
import { expect, it, onTestFinished } from "vitest";
import { createLog } from "../log.ts";
import type { Platform } from "../platforms/platform.ts";
import { type CatchUpDeps, startCatchUp } from "./catch-up.ts";

const log = createLog({ level: "error", format: "json", redact: (text) => text, to: { write: () => true } });

/** A platform that is heard by polling only and counts how often it was asked. */
const polled = () => {
  let asked = 0;
  const platform = {
    id: "github",
    polls: () => true,
    async *missed() {
      asked += 1;
      yield* [];
    },
  } as unknown as Platform;
  return { platform, asked: () => asked };
};

const start = (store: CatchUpDeps["store"], platform: Platform) => {
  const catchUp = startCatchUp({
    store,
    platforms: [platform],
    intake: { accept: async () => ({ accepted: "known" }) },
    log,
    now: Date.now,
    sweepEvery: 60_000,
    pollEvery: 5,
  });
  onTestFinished(() => catchUp.stop());
  return catchUp;
};

const until = async (holds: () => boolean): Promise<void> => {
  for (let n = 0; n < 400 && !holds(); n += 1) await sleep(5);
};

it.each(["getNote", "setNote"] as const)("goes on polling after the store failed once (%s)", async (call) => {
  const { platform, asked } = polled();
  let failures = 0;
  const notes = new Map<string, string>();
  const failOnce = (name: typeof call): void => {
    if (name !== call || failures > 0) return;
    failures += 1;
    throw new Failure("unavailable", "The data folder cannot be written or read.");
  };
  start(
    {
      getNote: async (key) => {
        failOnce("getNote");
        return notes.get(key);
      },
      setNote: async (key, value) => {
        failOnce("setNote");
        notes.set(key, value);
      },
    },
    platform,
  );
  await until(() => failures === 1 && asked() >= 3);
  expect(failures).toBe(1);
  expect(asked()).toBeGreaterThanOrEqual(3);
});

it("does not fail the start when the store cannot be read", async () => {
  const { platform } = polled();
  const catchUp = start(
    {
      getNote: async () => {
        throw new Failure("unavailable", "The data folder cannot be written or read.");
      },
      setNote: async () => undefined,
    },
    platform,
  );
  await expect(catchUp.sweep()).resolves.toBe(0);
});

it("begins the next look where the last one was left, and soon", async () => {
  const left = Date.now() - 50 * 3_600_000;
  const notes = new Map([["caught-up:github", String(Date.now() - 60 * 3_600_000)]]);
  const since: number[] = [];
  const platform = {
    id: "github",
    polls: () => false,
    async *missed(from: number, reached: (time: number) => void) {
      since.push(from);
      if (since.length > 1) return;
      reached(left + 60_000);
      reached(left);
      yield { heard: "ignored", why: "nothing for us" } as const;
    },
  } as unknown as Platform;
  const store = {
    getNote: async (key: string) => notes.get(key),
    setNote: async (key: string, value: string) => void notes.set(key, value),
  };
  await start(store, platform).sweep();
  await until(() => since.length > 1);
  await sleep(50);
  expect(since.slice(1)).toEqual([left]);
  expect(Date.now() - Number(notes.get("caught-up:github"))).toBeLessThan(60_000);
});
