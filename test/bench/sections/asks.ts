import type { Said, Spot } from "../../contracts/platform-subject.ts";
import { percentile, rounded, type Section } from "../figures.ts";
import { pause } from "../process-figures.ts";
import type { BenchWorld } from "../world.ts";

const longest = 60_000;

/** Milliseconds from each comment until both the reaction and the report stand there. */
const measureOnce = async (world: BenchWorld, count: number): Promise<readonly number[]> => {
  const { github } = world;
  const spots: Spot[] = [];
  for (let n = 0; n < count; n += 1)
    spots.push(await github.open(github.people.writer, "issue", { title: "Ask", text: "It is wrong." }));
  const waiting = new Map<Spot, { readonly said: Said; readonly at: number }>();
  await Promise.all(
    spots.map(async (spot) => {
      const at = performance.now();
      waiting.set(spot, { said: await github.comment(github.people.writer, spot, "@openhands do it"), at });
    }),
  );
  const took: number[] = [];
  for (
    const end = performance.now() + longest;
    waiting.size > 0 && performance.now() < end;
    await pause(20)
  ) {
    for (const [spot, { said, at }] of waiting) {
      const reacted = (github.reactions?.(said).length ?? 0) > 0;
      if (!reacted || !github.said(spot).some(({ text }) => text.includes("report-"))) continue;
      took.push(performance.now() - at);
      waiting.delete(spot);
    }
  }
  return [...took, ...Array.from({ length: waiting.size }, () => longest)];
};

/** Many asks in one moment: until each asker sees that it was heard. */
export const measureAsks = async (world: BenchWorld, rounds: number): Promise<Section> => {
  const count = 50;
  world.agent.play(() => [{ do: "think", text: "On it." }, { do: "hang" }]);
  const bot = await world.start();
  world.github.deliverTo(`http://127.0.0.1:${bot.port}`);
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) took.push(...(await measureOnce(world, count)));
  world.github.deliverTo(undefined);
  await bot.kill();
  const p95 = percentile(took, 0.95);
  return {
    title: `${count} asks at once`,
    how: `${rounds} rounds of ${count} comments on ${count} issues in one moment; until the reaction and the report stand at the fake forge, which runs in the measuring process and checks every request.`,
    figures: [
      {
        name: "acknowledged, p95",
        value: rounded(p95 / 1_000),
        unit: "s",
        target: "≤ 1 s",
        met: p95 <= 1_000,
        note: `p50 ${rounded(percentile(took, 0.5) / 1_000)} s`,
      },
    ],
  };
};
