import { type Figure, rounded, type Section } from "../figures.ts";
import { cpuOf, memoryOf, metricOf, pause } from "../process-figures.ts";
import { send } from "../sender.ts";
import type { BenchWorld } from "../world.ts";

const path = "/webhooks/github";
const liveMetric = 'askopenhands_work{what="live"}';
const atOnce = 50;

/** Runs whose agents work on without end, and what watching them costs. */
export const measureLive = async (
  world: BenchWorld,
  levels: readonly number[],
  seconds: number,
): Promise<Section> => {
  const { github, agent } = world;
  agent.play(() => [{ do: "think", text: "On it." }, { do: "hang" }]);
  const bot = await world.start();
  const figures: Figure[] = [];
  let asked = 0;
  for (const level of levels) {
    const before = await metricOf(bot.port, liveMetric);
    while (github.github.state.issues.length < level)
      await github.open(github.people.writer, "issue", { title: "Long work", text: "It is wrong." });
    const deadline = Date.now() + 30_000 + level * 150;
    const requests = world.mentions(path, level - asked, level - asked, asked + 1);
    asked = level;
    for (let at = 0; at < requests.length; at += atOnce)
      await send(bot.port, requests.slice(at, at + atOnce), { connections: atOnce });
    while ((await metricOf(bot.port, liveMetric)) < level && Date.now() < deadline) await pause(500);
    // Looks slow down while nothing happens: the figure is that of runs that go on for minutes.
    await pause(seconds * 1_000);
    const [cpu, calls, at] = [cpuOf(bot.pid), agent.fake.calls.length, performance.now()];
    await pause(seconds * 1_000);
    const passed = (performance.now() - at) / 1_000;
    const live = await metricOf(bot.port, liveMetric);
    const share = (cpuOf(bot.pid) - cpu) / 10 / passed;
    const memory = memoryOf(bot.pid);
    const perRun = ((agent.fake.calls.length - calls) / passed / live) * 60;
    const isGoal = level === 1_000;
    figures.push(
      {
        name: `${level} live: CPU`,
        value: rounded(share, 1),
        unit: "% of a core",
        note: `${live} live (${before} before); ${rounded(share / live, 4)} % each`,
        ...(isGoal ? { target: "≤ 50 %", met: share <= 50 && live >= level } : {}),
      },
      {
        name: `${level} live: memory`,
        value: rounded(memory, 0),
        unit: "MB",
        ...(isGoal ? { target: "≤ 400 MB", met: memory <= 400 } : {}),
      },
      {
        name: `${level} live: calls to the agent server`,
        value: rounded(perRun, 1),
        unit: "a minute and run",
      },
    );
  }
  await bot.kill();
  return {
    title: "Live runs in one process",
    how: `Runs begun by real asks; their agents work without end and say nothing new. After ${seconds} s of settling, ${seconds} s are measured.`,
    figures,
  };
};
