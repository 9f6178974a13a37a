import type { BotProcess } from "../../support/bot-process.ts";
import { type Figure, percentile, rounded, type Section } from "../figures.ts";
import { metricOf } from "../process-figures.ts";
import { type Burst, send } from "../sender.ts";
import type { BenchWorld } from "../world.ts";

const rate = 500;
const path = "/webhooks/github";
const places = 50;
const target = 50;

const figuresOf = (name: string, burst: Burst): readonly Figure[] => {
  const p99 = percentile(burst.latencies, 0.99);
  return [
    {
      name: `${name}: p99 of the answer`,
      value: rounded(p99, 1),
      unit: "ms",
      target: `≤ ${target} ms`,
      met: p99 <= target,
      note: `p50 ${rounded(percentile(burst.latencies, 0.5), 1)} ms, longest ${rounded(percentile(burst.latencies, 1), 0)} ms, ${burst.statuses.get(200) ?? 0} of ${burst.latencies.length} answered 200`,
    },
  ];
};

/** How long each part takes, in seconds. */
interface Durations {
  readonly receiving: number;
  readonly working: number;
}

/** 500 deliveries with a mention a second, each due at its time. */
export const measureSteady = async (world: BenchWorld, seconds: Durations): Promise<Section> => {
  const { github } = world;
  while (github.github.state.issues.length < places)
    await github.open(github.people.writer, "issue", { title: "One more", text: "It is wrong." });
  const run = async (bot: BotProcess, duration: number): Promise<Burst> => {
    await send(bot.port, world.mentions(path, 1_000, places), { connections: 32 });
    return send(bot.port, world.mentions(path, rate * duration, places), { connections: 64, rate });
  };
  world.agent.play(() => [{ do: "think", text: "On it." }, { do: "hang" }]);
  const quiet = await world.start({ workers: 0, stopTimeout: 0 });
  const receiving = await run(quiet, seconds.receiving);
  const stored = await metricOf(quiet.port, 'askopenhands_work{what="unread"}');
  await quiet.stop();
  const busy = await world.start();
  const working = await run(busy, seconds.working);
  await busy.kill();
  const wanted = 1_000 + rate * seconds.receiving;
  return {
    title: `${rate} mentions a second for ${seconds.receiving} s`,
    how: `Open loop: latency counts from the moment a delivery was due. First the bot without turns, then for ${seconds.working} s the whole bot while it works through what it hears, at ${places} places.`,
    figures: [
      ...figuresOf("receiving", receiving),
      {
        name: "receiving: mentions on disk",
        value: stored,
        unit: "",
        target: `= ${wanted}`,
        met: stored === wanted,
      },
      ...figuresOf("receiving and working", working),
    ],
  };
};
