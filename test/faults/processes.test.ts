import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Spot } from "../contracts/platform-subject.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { type ProcessWorld, sendTo, startProcessWorld } from "../support/process-world.ts";

describe("several processes on one database", () => {
  let server: PostgresServer;
  let database: { readonly url: string; drop(): Promise<void> };
  let processes: ProcessWorld;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await server.createDatabase();
    processes = await startProcessWorld(github);
  });
  afterEach(async () => {
    await processes.end();
    await database.drop();
  });

  const open = (): Promise<Spot> =>
    processes.world.open(processes.world.people.writer, "issue", { title: "Fix it", text: "It is broken." });
  const ask = async (spot: Spot, text: string) => {
    processes.world.deliverTo(undefined);
    processes.world.deliveries();
    await processes.world.comment(processes.world.people.writer, spot, text);
    return processes.world.deliveries();
  };
  const isClosed = (spot: Spot): boolean =>
    processes.ours(spot).some(({ text }) => text.includes("closing-"));

  it("any receives, any works: the same delivery at both gives one run, one report, one closing comment", async () => {
    processes.agent.play(() => [
      { do: "think", text: "On it." },
      { do: "wait", milliseconds: 300 },
      { do: "finish", message: "All good." },
    ]);
    const [one, other] = await Promise.all([processes.start(database.url), processes.start(database.url)]);
    const spots = await Promise.all(Array.from({ length: 12 }, open));
    for (const spot of spots)
      for (const sent of await ask(spot, "@openhands do it")) {
        const statuses = await Promise.all([one, other].map(({ port }) => sendTo(port, sent)));
        expect(statuses).toEqual([200, 200]);
      }
    await processes.until("all are closed", () => spots.every(isClosed));
    for (const spot of spots) expect(processes.ours(spot)).toHaveLength(2);
    expect(processes.agent.protocol.conversations.size).toBe(spots.length);
    for (const bot of [one, other]) {
      expect(bot.log(), "each of them worked").toMatch(/run ended|conversation started/);
      expect(await bot.stop()).toBe(0);
    }
  }, 90_000);

  it("what a dead process held goes on elsewhere, said once", async () => {
    processes.agent.play(() => [
      { do: "think", text: "On it." },
      { do: "wait", milliseconds: 2_500 },
      { do: "finish", message: "Survived." },
    ]);
    const first = await processes.start(database.url);
    const spots = await Promise.all(Array.from({ length: 6 }, open));
    for (const spot of spots)
      for (const sent of await ask(spot, "@openhands do it"))
        expect(await sendTo(first.port, sent)).toBe(200);
    await processes.until("work has begun", () => processes.agent.protocol.conversations.size >= 2);
    const second = await processes.start(database.url);
    await first.kill();
    await processes.until("the other one finishes all", () => spots.every(isClosed), 45);
    for (const spot of spots) expect(processes.ours(spot)).toHaveLength(2);
    expect(processes.agent.protocol.conversations.size).toBe(spots.length);
    await processes.until("the other one leads", () => second.log().includes('"leads":true'), 10);
  }, 120_000);

  it("a frozen process that wakes up after its leases does nothing twice", async () => {
    processes.agent.play(() => [
      { do: "think", text: "On it." },
      { do: "wait", milliseconds: 1_500 },
      { do: "finish", message: "Done once." },
    ]);
    const [one] = await Promise.all([processes.start(database.url), processes.start(database.url)]);
    const spots = await Promise.all(Array.from({ length: 6 }, open));
    for (const spot of spots)
      for (const sent of await ask(spot, "@openhands do it")) expect(await sendTo(one.port, sent)).toBe(200);
    await processes.until("work has begun", () => processes.agent.protocol.conversations.size >= 1);
    one.freeze();
    await new Promise((next) => setTimeout(next, 7_000));
    one.thaw();
    await processes.until("all are closed", () => spots.every(isClosed), 45);
    await new Promise((next) => setTimeout(next, 2_000));
    for (const spot of spots) expect(processes.ours(spot)).toHaveLength(2);
    expect(processes.agent.protocol.conversations.size).toBe(spots.length);
  }, 120_000);

  it("one process at a time sweeps for missed mentions, and another takes over when it dies", async () => {
    processes.agent.play(() => [{ do: "finish", message: "Found it." }]);
    const first = await processes.start(database.url);
    const second = await processes.start(database.url);
    expect(first.log()).toContain('"leads":true');
    expect(second.log()).not.toContain('"leads":true');
    const spot = await open();
    processes.world.loseDeliveries(true);
    await processes.world.comment(processes.world.people.writer, spot, "@openhands did you hear this?");
    processes.world.loseDeliveries(false);
    await first.kill();
    await processes.until("the second one found it", () => isClosed(spot), 30);
    expect(second.log()).toContain('"leads":true');
  }, 90_000);

  it("refuses to start without a key that all share", async () => {
    await expect(processes.start(database.url, { secretKey: undefined })).rejects.toThrow(/SECRET_KEY/);
  }, 30_000);
});
