import { median, rounded, type Section } from "../figures.ts";
import { memoryOf, pause } from "../process-figures.ts";
import type { BenchWorld } from "../world.ts";

const settle = 5_000;

/** How fast a process is ready, and what it holds when nothing happens. */
export const measureStart = async (world: BenchWorld, rounds: number): Promise<Section> => {
  const seconds: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const at = performance.now();
    const bot = await world.start();
    const answer = await fetch(`http://127.0.0.1:${bot.port}/ready`);
    await answer.text();
    if (answer.status === 200) seconds.push((performance.now() - at) / 1_000);
    if (round === 0) await pause(settle);
    if (round === 0) memory.push(memoryOf(bot.pid));
    await bot.stop();
  }
  const [ready, idle] = [median(seconds), median(memory)];
  return {
    title: "Start and rest",
    how: `${rounds} starts of a new process with a new data folder, until /ready answers 200; resident memory ${settle / 1_000} s later.`,
    figures: [
      { name: "start to ready", value: rounded(ready), unit: "s", target: "≤ 1.5 s", met: ready <= 1.5 },
      { name: "idle memory", value: rounded(idle, 0), unit: "MB", target: "≤ 130 MB", met: idle <= 130 },
    ],
  };
};
