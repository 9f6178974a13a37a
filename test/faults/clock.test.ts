import { afterEach, describe, expect, it } from "vitest";
import type { Spot } from "../contracts/platform-subject.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "../flows/flow.ts";
import { startPostgres } from "../support/postgres.ts";
import { type ProcessWorld, sendTo, startProcessWorld } from "../support/process-world.ts";

const minute = 60_000;
const hour = 60 * minute;
const sleep = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));

describe("a clock that is set while the bot works", () => {
  let flow: Flow;
  let off = 0;
  afterEach(() => flow.end());

  const begin = async (): Promise<void> => {
    off = 0;
    flow = await startFlow({
      subject: github,
      times: { request: 700, lease: 2_000, pause: 1_000 },
      settings: { workspace: { runsPerPerson: "100", runsPerWorkspace: "100" } },
      wall: () => Date.now() + off,
      script: () => [
        { do: "think", text: "On it." },
        { do: "wait", milliseconds: 1_200 },
        { do: "finish", message: "All good." },
      ],
    });
  };

  const askAt = async (): Promise<Spot> => {
    const spot = await flow.open();
    await flow.ask(spot, "@openhands do it");
    return spot;
  };

  const isClosed = (spot: Spot): boolean => flow.ours(spot).some(({ text }) => text.includes("All good."));

  const expectOnceEach = async (spots: readonly Spot[]): Promise<void> => {
    await flow.until("all are closed", () => spots.every(isClosed), 40);
    await sleep(1_000);
    for (const spot of spots) expect(flow.ours(spot)).toHaveLength(2);
    expect(flow.agent.protocol.conversations.size).toBe(spots.length);
    expect((await flow.runs()).map(({ state }) => state)).toEqual(spots.map(() => "done"));
  };

  it.each([
    ["forward by 50 minutes", 50 * minute],
    ["back by three hours", -3 * hour],
  ])(
    "%s: what is under way is neither lost nor done twice, and nothing sleeps until the clock is right again",
    async (_name, by) => {
      await begin();
      // Answers that come late are what a clock set forward could take for lost.
      flow.world.fail({ method: "POST", path: /\/comments$/, delayMs: 400, times: Number.POSITIVE_INFINITY });
      const spots = [await askAt(), await askAt(), await askAt()];
      await flow.until("work has begun", () => flow.agent.protocol.conversations.size > 0);
      off = by;
      spots.push(await askAt(), await askAt());
      await expectOnceEach(spots);
      expect(flow.log.filter((line) => line.includes("lease lost"))).toEqual([]);
    },
    60_000,
  );

  it("to and fro, forty times: each ask is answered once", async () => {
    await begin();
    const spots: Spot[] = [];
    for (let jump = 0; jump < 40; jump += 1) {
      off = jump % 2 === 0 ? -Math.random() * 3 * hour : Math.random() * 50 * minute;
      if (jump % 4 === 0) spots.push(await askAt());
      await sleep(120);
    }
    await expectOnceEach(spots);
    console.log(`faults injected: 40 clock jumps over ${spots.length} runs`);
  }, 60_000);

  it("back, while the forge is left alone after failures: it is asked again all the same", async () => {
    await begin();
    flow.world.fail({ status: 503, times: Number.POSITIVE_INFINITY });
    const spots = await Promise.all(Array.from({ length: 6 }, askAt));
    await flow.until(
      "the forge is left alone",
      () => flow.log.some((line) => line.includes("several times in a row")),
      30,
    );
    off = -3 * hour;
    flow.world.recover();
    await expectOnceEach(spots);
  }, 60_000);

  it("back, between two sweeps: what was missed meanwhile is found", async () => {
    await begin();
    off = 3 * hour;
    await flow.stop();
    await flow.start();
    await flow.until(
      "the first sweep is noted",
      async () => Number(await flow.bot().store.getNote("caught-up:github")) > Date.now() + hour,
    );
    await flow.stop();
    off = 0;
    flow.world.loseDeliveries(true);
    const spot = await flow.open();
    await flow.ask(spot, "@openhands did you hear this?");
    flow.world.loseDeliveries(false);
    await flow.start();
    await expectOnceEach([spot]);
  }, 60_000);
});

describe("clocks that are wrong from the start", () => {
  let processes: ProcessWorld;
  afterEach(() => processes.end());

  const begin = async (): Promise<void> => {
    processes = await startProcessWorld(github);
    processes.agent.play(() => [
      { do: "think", text: "On it." },
      { do: "wait", milliseconds: 1_500 },
      { do: "finish", message: "Survived." },
    ]);
    processes.world.deliverTo(undefined);
  };
  const ask = async (port: number): Promise<Spot> => {
    const { world } = processes;
    const spot = await world.open(world.people.writer, "issue", { title: "Fix it", text: "" });
    world.deliveries();
    await world.comment(world.people.writer, spot, "@openhands do it");
    for (const sent of world.deliveries()) expect(await sendTo(port, sent)).toBe(200);
    return spot;
  };
  const expectOnceEach = async (spots: readonly Spot[]): Promise<void> => {
    await processes.until(
      "all are closed",
      () => spots.every((spot) => processes.ours(spot).some(({ text }) => text.includes("Survived."))),
      50,
    );
    await sleep(1_000);
    for (const spot of spots) expect(processes.ours(spot)).toHaveLength(2);
    expect(processes.agent.protocol.conversations.size).toBe(spots.length);
  };

  it("one that was three hours ahead when the bot was killed does not make the next start sleep", async () => {
    await begin();
    const first = await processes.start(undefined, {}, 3 * hour);
    const spots = [await ask(first.port), await ask(first.port), await ask(first.port)];
    await processes.until("work has begun", () => processes.agent.protocol.conversations.size > 0);
    await first.kill();
    const second = await processes.start();
    spots.push(await ask(second.port));
    await expectOnceEach(spots);
    expect(await second.stop()).toBe(0);
  }, 90_000);

  it("two processes on one database, hours apart, go by the database's clock: no lease is stolen, and a dead process's work goes on", async () => {
    await begin();
    const server = await startPostgres();
    try {
      const { url } = await server.createDatabase();
      const [ahead, behind] = await Promise.all([
        processes.start(url, {}, 3 * hour),
        processes.start(url, {}, -3 * hour),
      ]);
      const spots: Spot[] = [];
      for (let each = 0; each < 4; each += 1) spots.push(await ask(ahead.port), await ask(behind.port));
      await processes.until("work has begun", () => processes.agent.protocol.conversations.size > 2);
      for (const bot of [ahead, behind]) expect(bot.log()).not.toContain("lease lost");
      await ahead.kill();
      await expectOnceEach(spots);
      expect(await behind.stop()).toBe(0);
    } finally {
      await processes.end();
      await server.stop();
    }
  }, 120_000);
});
