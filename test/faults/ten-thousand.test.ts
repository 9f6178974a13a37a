import { afterAll, beforeAll, expect, it } from "vitest";
import type { Sent, Spot } from "../contracts/platform-subject.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import type { BotProcess } from "../support/bot-process.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { type ProcessWorld, sendTo, startProcessWorld } from "../support/process-world.ts";

/** `TURNS=10000` is the whole of it; figures of that run stand in docs/performance.md. */
const wanted = Number(process.env["TURNS"] ?? 600);
/** Milliseconds between two kills, on average. */
const between = Number(process.env["KILL_EVERY"] ?? 2_500);
const places = 40;
const sleep = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));

/** Turns that a process has taken; what it took in its last moments before a kill is not counted. */
const turnsOf = async (bot: BotProcess): Promise<number> => {
  try {
    const text = await (await fetch(`http://127.0.0.1:${bot.port}/metrics`)).text();
    return [...text.matchAll(/^askopenhands_turns_total\{step="(?!rest)[^"]*"\} (\d+)/gm)].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    );
  } catch (cause) {
    if (cause instanceof TypeError) return 0;
    throw cause;
  }
};

let server: PostgresServer;
let processes: ProcessWorld;
beforeAll(async () => {
  server = await startPostgres();
  processes = await startProcessWorld(github, { request: 3_000, lease: 6_000, pause: 500 }, true);
  processes.agent.play(() => [
    { do: "think", text: "On it." },
    { do: "finish", message: "All good." },
  ]);
  processes.world.deliverTo(undefined);
});
afterAll(async () => {
  await processes.end();
  await server.stop();
});

it(`no double report in ${wanted} turns of two processes that are killed again and again`, async () => {
  const { world, until } = processes;
  const { url } = await server.createDatabase();
  const start = (): Promise<BotProcess> =>
    processes.start(url, {
      logLevel: "warn",
      workspace: { runsPerPerson: "5000", runsPerWorkspace: "5000" },
    });
  const bots = [await start(), await start()];
  const spots: Spot[] = [];
  for (let at = 0; at < places; at += 1)
    spots.push(await world.open(world.people.writer, "issue", { title: `Issue ${at}`, text: "" }));
  world.deliveries();

  let counted = 0;
  const seen = new Map<BotProcess, number>();
  const count = async (): Promise<void> => {
    for (const bot of bots) {
      const turns = await turnsOf(bot);
      const before = seen.get(bot) ?? 0;
      if (turns <= before) continue;
      counted += turns - before;
      seen.set(bot, turns);
    }
  };

  let running = true;
  let asked = 0;
  const deliver = async (sent: Sent): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      const bot = bots[(asked + tries) % bots.length];
      const status = bot === undefined ? 0 : await sendTo(bot.port, sent).catch(() => 0);
      if (status === 200) return;
      await sleep(50);
    }
  };
  const asking = (async () => {
    while (running) {
      const spot = spots[asked % places];
      if (spot === undefined) throw new Error("no spot");
      await world.comment(world.people.writer, spot, `@openhands request number ${asked}`);
      asked += 1;
      for (const sent of world.deliveries()) await deliver(sent);
      // Never so much ahead that the end takes longer than the rest.
      const conversations = processes.agent.protocol.conversations.size;
      await sleep(asked > conversations + 60 ? 200 : 10);
    }
  })();
  let kills = 0;
  const killing = (async () => {
    while (running) {
      await sleep(between * (0.5 + Math.random()));
      if (!running) return;
      const which = Math.floor(Math.random() * bots.length);
      await count();
      await bots[which]?.kill();
      kills += 1;
      bots[which] = await start();
    }
  })();
  for (let told = 0; counted < wanted; ) {
    await sleep(200);
    await count();
    if (counted - told < 1_000) continue;
    told = counted;
    console.log(`${counted} turns, ${kills} kills, ${asked} asks so far`);
  }
  running = false;
  await asking;
  await killing;
  await until(
    "everything has ended",
    async () => {
      const ready = (await (await fetch(`http://127.0.0.1:${bots[0]?.port}/ready`)).json()) as Record<
        string,
        unknown
      >;
      return ready["unread"] === 0 && ready["live"] === 0 && ready["queued"] === 0;
    },
    120,
  );
  await sleep(7_000);
  await count();
  const markers = spots.flatMap((spot) =>
    processes.ours(spot).map(({ text }) => /ask-openhands:(\S+)/.exec(text)?.[1] ?? text),
  );
  const reports = markers.filter((marker) => marker.startsWith("report-"));
  const closings = markers.filter((marker) => marker.startsWith("closing-"));
  console.log(
    `${counted} turns of two processes, ${kills} kills, ${asked} asks, ${reports.length} reports, ${closings.length} closing comments, ${markers.length - new Set(markers).size} said twice`,
  );
  expect(new Set(markers).size).toBe(markers.length);
  expect(closings).toHaveLength(reports.length);
  expect(kills).toBeGreaterThan(0);
  for (const bot of bots) expect(await bot.stop()).toBe(0);
}, 3_600_000);
