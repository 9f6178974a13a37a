import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Spot } from "../contracts/platform-subject.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import type { BotProcess } from "../support/bot-process.ts";
import { type ProcessWorld, sendTo, startProcessWorld } from "../support/process-world.ts";

/** Runs of each of the two halves that are compared; `SOAK_RUNS=5000` soaks for long. */
const half = Number(process.env["SOAK_RUNS"] ?? 100);
const places = 50;

let processes: ProcessWorld;
beforeAll(async () => {
  processes = await startProcessWorld(github, { request: 15_000, lease: 20_000, pause: 1_000 }, true);
  processes.agent.play(() => [{ do: "finish", message: "All good." }]);
  processes.world.deliverTo(undefined);
});
afterAll(() => processes.end());

interface Weight {
  /** Megabytes that live. */
  readonly kept: number;
  readonly files: number;
  readonly threads: number;
}

/** As the kernel sees the process; sockets that are kept alive come and go, so the least of several looks counts. */
const weigh = async (bot: BotProcess): Promise<Weight> => {
  const looks: Weight[] = [];
  for (let look = 0; look < 4; look += 1) {
    await new Promise((next) => setTimeout(next, 1_000));
    const status = readFileSync(`/proc/${bot.pid}/status`, "utf8");
    looks.push({
      kept: (await bot.kept()) / 1_048_576,
      files: readdirSync(`/proc/${bot.pid}/fd`).length,
      threads: Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 0),
    });
  }
  const least = (name: keyof Weight): number => Math.min(...looks.map((look) => look[name]));
  return { kept: least("kept"), files: least("files"), threads: least("threads") };
};

/** Kilobytes a run: caches fill and code is compiled in the beginning; what is kept of each run would show at any number. */
const mostPerRun = 20;

it.skipIf(process.platform !== "linux")(
  `memory, files and threads do not grow over ${half * 2} runs`,
  async () => {
    const { world } = processes;
    const bot = await processes.start(undefined, {
      logLevel: "warn",
      workspace: { runsPerPerson: "1000", runsPerWorkspace: "1000" },
    });
    const spots: Spot[] = [];
    for (let at = 0; at < places; at += 1)
      spots.push(await world.open(world.people.writer, "issue", { title: `Issue ${at}`, text: "" }));
    world.deliveries();
    let asked = 0;
    const closed = (): number =>
      spots.reduce(
        (sum, spot) => sum + processes.ours(spot).filter(({ text }) => text.includes("closing-")).length,
        0,
      );
    const soak = async (runs: number): Promise<void> => {
      for (const end = asked + runs; asked < end; ) {
        // One ask at each place, and all have ended before the next ones come: each is a run of its own.
        for (const spot of spots) {
          await world.comment(world.people.writer, spot, `@openhands new request number ${asked}`);
          for (const sent of world.deliveries()) expect(await sendTo(bot.port, sent)).toBe(200);
          asked += 1;
        }
        await processes.until(`${asked} runs have ended`, () => closed() === asked, 120);
      }
    };
    await soak(half);
    const before = await weigh(bot);
    await soak(half);
    const after = await weigh(bot);
    console.log(
      `soak: ${asked} runs; after ${half}: ${before.kept.toFixed(1)} MB, ${before.files} files, ${before.threads} threads; after ${asked}: ${after.kept.toFixed(1)} MB, ${after.files} files, ${after.threads} threads`,
    );
    expect(after.files).toBeLessThanOrEqual(before.files + 10);
    expect(after.threads).toBeLessThanOrEqual(before.threads + 2);
    expect(((after.kept - before.kept) * 1_024) / half).toBeLessThan(mostPerRun);
    expect(await bot.stop()).toBe(0);
  },
  3_600_000,
);
