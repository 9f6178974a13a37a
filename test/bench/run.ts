import { parseArgs } from "node:util";
import { startPostgres } from "../support/postgres.ts";
import type { Section } from "./figures.ts";
import { describeMachine, printSection } from "./print.ts";
import { measureAsks } from "./sections/asks.ts";
import { measureLive } from "./sections/live.ts";
import { measureGitHub, measureSlack } from "./sections/receive.ts";
import { measureStart } from "./sections/start.ts";
import { measureSteady } from "./sections/steady.ts";
import { measureTurns } from "./sections/turns.ts";
import { startBenchWorld } from "./world.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
  },
});
const rounds = Number(values.rounds);
const machine = describeMachine();
const sections: Section[] = [];
const tell = (): void => {
  if (values.json) console.log(JSON.stringify({ machine, at: new Date().toISOString(), sections }, null, 2));
};
/** The whole run is ended after this, in whatever state it is. */
const longest = 600_000 * (values.full ? 3 : 1);
setTimeout(() => {
  console.error("The benchmark took too long and was ended; what was measured until then is told.");
  tell();
  process.exit(1);
}, longest).unref();

const server = await startPostgres();
const database = await server.createDatabase();
const world = await startBenchWorld();
const measures: readonly (readonly [string, () => Promise<Section>])[] = [
  ["github", () => measureGitHub(world, database.url, rounds, 12_000)],
  ["slack", () => measureSlack(world, rounds, 12_000)],
  ["steady", () => measureSteady(world, { receiving: 60, working: values.full ? 60 : 10 })],
  ["asks", () => measureAsks(world, 2)],
  ["live", () => measureLive(world, values.full ? [10, 100, 1_000, 10_000] : [10, 100, 1_000], 20)],
  ["start", () => measureStart(world, rounds)],
  ["turns", () => measureTurns(server, rounds)],
];

if (!values.json) console.log(machine);
try {
  for (const [name, measure] of measures) {
    if (values.only !== undefined && !values.only.split(",").includes(name)) continue;
    const section = await measure();
    sections.push(section);
    if (!values.json) printSection(section);
  }
} finally {
  await world.end();
  await server.stop();
}
tell();
process.exit(0);
