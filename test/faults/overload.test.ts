import { afterAll, beforeAll, expect, it } from "vitest";
import type { Sent, Spot } from "../contracts/platform-subject.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import { type ProcessWorld, startProcessWorld } from "../support/process-world.ts";

const places = 200;
const deliveries = 2_000;
/** Connections of the sender. */
const atOnce = 200;

let processes: ProcessWorld;
beforeAll(async () => {
  processes = await startProcessWorld(github, { request: 10_000, lease: 20_000 });
  processes.agent.play(() => [{ do: "finish", message: "All good." }]);
  processes.world.deliverTo(undefined);
});
afterAll(() => processes.end());

it(`${deliveries} deliveries at once over ${places} places: each is answered 200, or 503 with a time; what got 200 has an outcome; the process stays responsive`, async () => {
  const { world } = processes;
  const waiting: Sent[] = [];
  const spots: Spot[] = [];
  for (let at = 0; at < places; at += 1) {
    const spot = await world.open(world.people.writer, "issue", { title: `Issue ${at}`, text: "" });
    spots.push(spot);
    world.deliveries();
    await world.comment(world.people.writer, spot, "@openhands do it");
    waiting.push(...world.deliveries());
  }
  // Most of a flood is by people who may not ask.
  for (let at = places; at < deliveries; at += 1) {
    const spot = spots[at % places];
    if (spot === undefined) throw new Error("no spot");
    await world.comment(world.people.stranger, spot, `@openhands and me ${at}`);
    waiting.push(...world.deliveries());
  }
  expect(waiting).toHaveLength(deliveries);
  const bot = await processes.start(undefined, { logLevel: "warn" });
  const askHealth = async (): Promise<number> => {
    const asked = performance.now();
    const response = await fetch(`http://127.0.0.1:${bot.port}/health`);
    await response.text();
    expect(response.status).toBe(200);
    await new Promise((next) => setTimeout(next, 50));
    return performance.now() - asked - 50;
  };
  const quiet: number[] = [];
  for (let look = 0; look < 20; look += 1) quiet.push(await askHealth());
  // On a machine that other work keeps busy even an idle process answers late.
  const bound = Math.max(1_000, 20 * Math.max(...quiet));
  const health: number[] = [];
  let flooding = true;
  const watch = (async () => {
    while (flooding) health.push(await askHealth());
  })();
  const counts = new Map<number, number>();
  const times: number[] = [];
  const sender = async (): Promise<void> => {
    for (let sent = waiting.pop(); sent !== undefined; sent = waiting.pop()) {
      const { method, path, headers, bytes } = sent;
      const asked = performance.now();
      const response = await fetch(`http://127.0.0.1:${bot.port}${path}`, {
        method,
        headers,
        body: new Uint8Array(bytes),
      });
      await response.text();
      times.push(performance.now() - asked);
      counts.set(response.status, (counts.get(response.status) ?? 0) + 1);
      if (response.status !== 503) continue;
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      // As a sender that tries again.
      waiting.unshift(sent);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: atOnce }, sender));
  const seconds = (performance.now() - startedAt) / 1_000;
  flooding = false;
  await watch;
  const sorted = times.toSorted((one, other) => one - other);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  console.log(
    `${deliveries} deliveries in ${seconds.toFixed(1)} s: ${[...counts].map(([status, count]) => `${count} × ${status}`).join(", ")}; p99 ${Math.round(p99)} ms, /health at most ${Math.round(Math.max(...health))} ms`,
  );
  expect([...counts.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(counts.get(200)).toBe(deliveries);
  expect(Math.max(...health)).toBeLessThan(bound);
  const ready = async () =>
    (await (await fetch(`http://127.0.0.1:${bot.port}/ready`)).json()) as Readonly<Record<string, number>>;
  await processes.until(
    "everything has an outcome",
    async () => {
      const { unread, live, queued } = await ready();
      return unread === 0 && live === 0 && queued === 0;
    },
    100,
  );
  await processes.until(
    "all are closed",
    () => spots.every((spot) => processes.ours(spot).some(({ text }) => text.includes("closing-"))),
    60,
  );
  const markers = spots.flatMap((spot) =>
    processes.ours(spot).map(({ text }) => /ask-openhands:(\S+)/.exec(text)?.[1] ?? text),
  );
  expect(new Set(markers).size).toBe(markers.length);
  expect(processes.agent.protocol.conversations.size).toBe(places);
  expect(await bot.stop()).toBe(0);
}, 200_000);
