import { afterAll, beforeAll, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { type ProcessWorld, sendTo, startProcessWorld } from "../support/process-world.ts";

let server: PostgresServer;
let processes: ProcessWorld;
beforeAll(async () => {
  server = await startPostgres();
  processes = await startProcessWorld(github);
});
afterAll(async () => {
  await processes.end();
  await server.stop();
});

it("a database that goes away and comes back: 503 meanwhile, ready soon after, nothing lost", async () => {
  processes.agent.play(() => [
    { do: "think", text: "On it." },
    { do: "wait", milliseconds: 500 },
    { do: "finish", message: "All good." },
  ]);
  const { world } = processes;
  const { url } = await server.createDatabase();
  const bot = await processes.start(url);
  const ask = async () => {
    const spot = await world.open(world.people.writer, "issue", { title: "Fix it", text: "It is broken." });
    world.deliverTo(undefined);
    world.deliveries();
    await world.comment(world.people.writer, spot, "@openhands do it");
    return { spot, sent: world.deliveries() };
  };
  const asks = [await ask(), await ask(), await ask(), await ask()];
  const [first, second, ...later] = asks;
  const send = async (one: (typeof asks)[number] | undefined): Promise<number> => {
    const statuses = await Promise.all((one?.sent ?? []).map((sent) => sendTo(bot.port, sent)));
    return Math.max(...statuses);
  };
  expect(await send(first)).toBe(200);
  expect(await send(second)).toBe(200);

  const back = server.restart();
  const meanwhile: number[] = [];
  // As a sender that tries again: until it is taken.
  const waiting = [...later];
  const startedAt = Date.now();
  while (waiting.length > 0 && Date.now() - startedAt < 60_000) {
    const status = await send(waiting[0]);
    meanwhile.push(status);
    if (status === 200) waiting.shift();
    await new Promise((next) => setTimeout(next, 100));
  }
  await back;
  expect(waiting).toHaveLength(0);
  expect(new Set(meanwhile).size, String(meanwhile)).toBeLessThanOrEqual(2);
  expect(meanwhile.every((status) => status === 200 || status === 503)).toBe(true);
  const ready = await fetch(`http://127.0.0.1:${bot.port}/ready`);
  await ready.text();
  expect(ready.status).toBe(200);
  await processes.until(
    "all are closed",
    () => asks.every(({ spot }) => processes.ours(spot).some(({ text }) => text.includes("closing-"))),
    60,
  );
  for (const { spot } of asks) expect(processes.ours(spot)).toHaveLength(2);
  expect(processes.agent.protocol.conversations.size).toBe(asks.length);
  expect(await bot.stop()).toBe(0);
}, 150_000);
