import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createPostgresStore } from "@ask-openhands/bot/store/postgres.ts";
import { makeMention, makePlace } from "../../support/make-mention.ts";
import type { PostgresServer } from "../../support/postgres.ts";
import { type Figure, median, rounded, type Section } from "../figures.ts";

const lanes = 300;
const perLane = 5;
const wanted = lanes * perLane;
/** The workers look this often in vain before they say that nothing is left: 20 × 5 ms. */
const idleTail = 0.1;

const next = async (child: ChildProcess): Promise<Record<string, number>> =>
  ((await once(child, "message")) as [Record<string, number>])[0];

/** Turns a second of so many processes on a new database. */
const runOnce = async (server: PostgresServer, processes: number): Promise<number> => {
  const { url, drop } = await server.createDatabase();
  const store = await createPostgresStore({ url });
  await Promise.all(
    Array.from({ length: lanes }, (_, n) => store.accept(makeMention(n, { place: makePlace(n) }))),
  );
  const children = Array.from({ length: processes }, () =>
    fork(join(import.meta.dirname, "../turns-child.ts"), [url, "8", String(perLane)]),
  );
  await Promise.all(children.map(next));
  const at = Date.now();
  for (const child of children) child.send("go");
  const results = await Promise.all(children.map(next));
  const seconds = (Math.max(...results.map((one) => one["at"] ?? at)) - at) / 1_000 - idleTail;
  const turns = results.reduce((sum, one) => sum + (one["turns"] ?? 0), 0);
  for (const child of children) child.kill("SIGKILL");
  const { unread } = await store.counts();
  await store.close();
  await drop();
  if (turns !== wanted || unread !== 0)
    throw new Error(`${turns} turns instead of ${wanted}, ${unread} left`);
  return turns / seconds;
};

/** One, two and four processes on one PostgreSQL. */
export const measureTurns = async (server: PostgresServer, rounds: number): Promise<Section> => {
  const results = new Map<number, number[]>([1, 2, 4].map((count) => [count, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [count, values] of results) values.push(await runOnce(server, count));
  const one = median(results.get(1) ?? []);
  const cores = availableParallelism();
  const least: Readonly<Record<number, number>> = { 2: 1.7, 4: 2.5 };
  return {
    title: "Several processes on PostgreSQL",
    how: `${rounds} rounds; ${lanes} lanes with ${perLane} turns each, claimed and settled by 8 workers per process, no calls to the outside. Every turn was taken exactly once. PostgreSQL runs on the same ${cores} cores, so the processes share them with it: the targets are for machines with a core for each process.`,
    figures: [...results].map(([count, values]): Figure => {
      const perSecond = median(values);
      const goal = least[count];
      return {
        name: `${count} process${count === 1 ? "" : "es"}`,
        value: rounded(perSecond, 0),
        unit: "turns/s",
        note: `${rounded(perSecond / one)} × one process`,
        ...(goal === undefined || cores <= count
          ? {}
          : { target: `≥ ${goal} ×`, met: perSecond / one >= goal }),
      };
    }),
  };
};
