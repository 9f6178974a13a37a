import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seedWork } from "../../support/seed-work.ts";
import { type Figure, median, rounded, type Section } from "../figures.ts";
import { memoryOf, metricOf, pause } from "../process-figures.ts";
import { send } from "../sender.ts";
import type { BenchWorld } from "../world.ts";

const settle = 5_000;
/** What a bot finds on its disk. */
interface Work {
  readonly live: number;
  readonly mentions: number;
}
const busy: Work = { live: 10_000, mentions: 100_000 };
const liveMetric = 'askopenhands_work{what="live"}';
const atOnce = 50;

type Bot = Awaited<ReturnType<BenchWorld["start"]>>;

/** Starts a process; the seconds until it says that it is ready. */
const startToReady = async (
  world: BenchWorld,
  change?: Parameters<BenchWorld["start"]>[0],
): Promise<{ readonly bot: Bot; readonly seconds: number | undefined }> => {
  const at = performance.now();
  const bot = await world.start(change);
  const answer = await fetch(`http://127.0.0.1:${bot.port}/ready`);
  await answer.text();
  return { bot, seconds: answer.status === 200 ? (performance.now() - at) / 1_000 : undefined };
};

/** The agent server knows all the conversations, and works on in each. */
const openConversations = async (world: BenchWorld, ids: readonly string[]): Promise<void> => {
  const { fake, key } = world.agent;
  const open = async (id: string): Promise<void> => {
    const answer = await fetch(`${fake.url}/api/conversations`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-session-api-key": key },
      body: JSON.stringify({
        conversation_id: id,
        workspace: { working_dir: "/workspace" },
        agent_settings: {},
        initial_message: { content: [{ type: "text", text: "Fix it." }] },
      }),
    });
    await answer.text();
    if (!answer.ok) throw new Error(`no conversation: ${answer.status}`);
  };
  for (let at = 0; at < ids.length; at += atOnce) await Promise.all(ids.slice(at, at + atOnce).map(open));
};

/** One real run, then as many copies of it as a busy bot has. */
const fillFolder = async (world: BenchWorld, folder: string, work: Work): Promise<void> => {
  world.agent.play(() => [{ do: "think", text: "On it." }, { do: "hang" }]);
  const bot = await world.start({ dataDir: folder });
  await send(bot.port, world.mentions("/webhooks/github", 1, 1, 1), { connections: 1 });
  const deadline = Date.now() + 30_000;
  while ((await metricOf(bot.port, liveMetric)) < 1 && Date.now() < deadline) await pause(100);
  await pause(2_000);
  await bot.stop();
  await openConversations(world, await seedWork(folder, work.live, work.mentions));
};

const measureFullFolder = async (world: BenchWorld, rounds: number, work: Work): Promise<Figure> => {
  const folder = await mkdtemp(join(tmpdir(), "ask-openhands-full-"));
  try {
    await fillFolder(world, folder, work);
    const seconds: number[] = [];
    let live = 0;
    for (let round = 0; round < rounds; round += 1) {
      const started = await startToReady(world, { dataDir: folder });
      if (started.seconds !== undefined) seconds.push(started.seconds);
      live = await metricOf(started.bot.port, liveMetric);
      await started.bot.kill();
    }
    const ready = median(seconds);
    return {
      name: "start to ready, much work on disk",
      value: rounded(ready),
      unit: "s",
      target: "≤ 2 s",
      met: ready <= 2 && live >= work.live,
      note: `${live} live runs, all due, and ${work.mentions} stored mentions`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** How fast a process is ready, and what it holds when nothing happens. */
export const measureStart = async (world: BenchWorld, rounds: number, work = busy): Promise<Section> => {
  const seconds: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = await startToReady(world);
    if (started.seconds !== undefined) seconds.push(started.seconds);
    if (round === 0) await pause(settle);
    if (round === 0) memory.push(memoryOf(started.bot.pid));
    await started.bot.stop();
  }
  const [ready, idle] = [median(seconds), median(memory)];
  return {
    title: "Start and rest",
    how: `${rounds} starts of a new process with a new data folder, until /ready answers 200; resident memory ${settle / 1_000} s later. As many starts, each ended by \`kill -9\`, with a folder of a busy bot.`,
    figures: [
      { name: "start to ready", value: rounded(ready), unit: "s", target: "≤ 1.5 s", met: ready <= 1.5 },
      { name: "idle memory", value: rounded(idle, 0), unit: "MB", target: "≤ 130 MB", met: idle <= 130 },
      await measureFullFolder(world, rounds, work),
    ],
  };
};
