import { wakeLinked } from "@ask-openhands/bot/engine/refuse.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAuthor, makeMention, makePlace } from "../support/make-mention.ts";
import { type EngineBench, startEngineBench, type Trouble } from "./bench.ts";

const minute = 60_000;
const hour = 60 * minute;

describe("the engine over hours", () => {
  let bench: EngineBench;
  beforeEach(async () => {
    bench = await startEngineBench();
  });
  afterEach(() => bench.end());

  const parts = (): readonly string[] => bench.posts.map(({ part }) => part).toSorted();
  const run = async () => (await bench.store.runs({ limit: 1 }))[0];

  it("rests while nothing happens: a working run costs a few turns a minute, an idle lane none", async () => {
    await bench.store.accept(makeMention(1));
    await bench.run(minute);
    const before = [...bench.steps.values()].reduce((sum, count) => sum + count, 0);
    bench.tell({ type: "working" });
    await bench.run(10 * minute);
    const after = [...bench.steps.values()].reduce((sum, count) => sum + count, 0);
    expect(after - before).toBeLessThan(10 * 8);
    expect(bench.steps.get("rest")).toBeUndefined();
    bench.tell({ type: "ended", reason: "finished", summary: "Done." });
    await bench.run(minute);
    expect(await bench.run(24 * hour)).toBe(0);
  });

  it("shows since when a back end does not answer, ends the run as unreachable after half an hour, and says that it may still be working", async () => {
    await bench.store.accept(makeMention(1));
    await bench.run(5_000);
    bench.trouble((call) => (call === "read" ? "unavailable" : undefined));
    await bench.run(10 * minute);
    expect((await run())?.state).toBe("starting");
    expect(bench.posts[0]?.words).toMatch(/tried again, for \d+ min now/);
    await bench.run(30 * minute);
    expect(await run()).toMatchObject({ state: "failed", outcome: { reason: "unreachable" } });
    expect(parts()).toEqual(["closing", "report"]);
    expect(bench.posts[0]?.words).toContain("may still be working");
  });

  it("leaves out progress when the account's writes are used up, and tells the end all the same", async () => {
    const budget = { take: async () => ({ wait: minute }) };
    Object.assign(bench.deps, { budget });
    await bench.store.accept(makeMention(1));
    await bench.run(5_000);
    const first = bench.posts[0]?.words;
    bench.tell({ type: "working" });
    bench.tell({ type: "step", step: { id: "s", at: bench.now(), text: "Ran the tests" } });
    await bench.run(minute / 2);
    expect(bench.posts[0]?.words).toBe(first);
    bench.tell({ type: "ended", reason: "finished", summary: "All is well." });
    await bench.run(minute / 2);
    expect(bench.posts[0]?.words).toContain("Done");
    expect(parts()).toEqual(["closing", "report"]);
  });

  it("retries with growing pauses instead of hammering", async () => {
    await bench.store.accept(makeMention(1));
    let asked = 0;
    bench.trouble((call) => {
      if (call !== "mayAsk") return undefined;
      asked += 1;
      return "unavailable";
    });
    await bench.run(hour);
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(12);
    expect(await bench.store.mention(makeMention(1).key)).toMatchObject({ outcome: "failed" });
    expect(bench.posts[0]?.words).toContain("could not be found out");
  });

  it("posts each thing once, whatever share of answers is lost after the effect, or arrives late", async () => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    bench.trouble((call): Trouble | undefined => {
      if (call !== "post" && call !== "editPost" && call !== "say" && call !== "start") return undefined;
      const dice = random();
      if (dice < 0.2) return "lost-answer";
      if (dice < 0.3) return "slow-effect";
      return dice < 0.35 ? "unavailable" : undefined;
    });
    const jobs = 150;
    for (let id = 1; id <= jobs; id += 1) await bench.store.accept(makeMention(id, { place: makePlace(id) }));
    bench.tellAll({ type: "ended", reason: "finished", summary: "Done." });
    await bench.run(3 * hour);
    const marks = bench.posts.map(({ marker }) => marker);
    expect(new Set(marks).size).toBe(marks.length);
    expect(bench.said).toHaveLength(jobs);
    const runs = await bench.store.runs({ limit: 1_000 });
    expect(runs).toHaveLength(jobs);
    expect(runs.filter(({ state }) => state !== "done")).toEqual([]);
    for (const one of runs) expect(one).toMatchObject({ report: { ref: {} }, closing: { ref: {} } });
  }, 60_000);

  it("parks an ask until its author has linked the account, lets others pass, and goes on by itself", async () => {
    await bench.end();
    bench = await startEngineBench({ requireLink: true });
    bench.linked.add("8");
    await bench.store.accept(makeMention(1));
    await bench.store.accept(makeMention(2));
    await bench.store.accept(makeMention(3, { author: makeAuthor({ id: "8", name: "bob" }) }));
    await bench.run(minute);
    expect(bench.posts.filter(({ words }) => words.includes("connect your account"))).toHaveLength(1);
    expect((await run())?.asks[0]?.author.name).toBe("bob");
    bench.tell({ type: "ended", reason: "finished", summary: "Done." });
    await bench.run(minute);
    expect(await bench.store.mention(makeMention(1).key)).not.toHaveProperty("outcome", "refused");
    bench.linked.add("7");
    await wakeLinked(bench.store, makeAuthor(), "person-7", bench.now());
    bench.tellAll({ type: "working" });
    await bench.run(minute);
    expect((await run())?.asks.map(({ key }) => key)).toEqual([makeMention(1).key, makeMention(2).key]);
  });

  it("refuses a parked ask when the link was never used", async () => {
    await bench.end();
    bench = await startEngineBench({ requireLink: true });
    await bench.store.accept(makeMention(1));
    await bench.run(8 * 24 * hour);
    expect(await bench.store.mention(makeMention(1).key)).toMatchObject({ outcome: "refused" });
    expect(bench.posts).toHaveLength(1);
  });

  it("explains a refusal once a day and person, however many ask", async () => {
    bench.permit({ may: false, why: "You may not write here." });
    for (let id = 1; id <= 100; id += 1)
      await bench.store.accept(makeMention(id, { author: makeAuthor({ id: String(id % 2) }) }));
    await bench.run(minute);
    expect(bench.posts).toHaveLength(2);
    expect((await bench.store.counts()).unread).toBe(0);
    bench.pass(25 * hour);
    await bench.store.accept(makeMention(101, { author: makeAuthor({ id: "0" }) }));
    await bench.run(minute);
    expect(bench.posts).toHaveLength(3);
  });

  it("takes secrets out of everything it posts", async () => {
    await bench.store.accept(makeMention(1));
    await bench.run(5_000);
    bench.tell(
      { type: "working" },
      { type: "tasks", tasks: [{ title: "use hunter2-canary", state: "doing" }] },
      { type: "step", step: { id: "s", at: bench.now(), text: "echo hunter2-canary" } },
      { type: "ended", reason: "error", summary: "hunter2-canary", detail: "bad key hunter2-canary" },
    );
    await bench.run(minute);
    expect(parts()).toEqual(["closing", "report"]);
    expect(JSON.stringify(bench.posts)).not.toContain("hunter2");
  });

  it("sets a lane aside whose turn ends the process three times, says so, and lets the others go on", async () => {
    await bench.store.accept(makeMention(1));
    await bench.store.accept(makeMention(2, { place: makePlace(2) }));
    bench.dieOn(makePlace(1).key);
    await bench.run(10 * minute);
    expect(await bench.store.mention(makeMention(1).key)).toMatchObject({ outcome: "failed" });
    expect(
      bench.posts.some(({ place, words }) => place === makePlace(1).key && words.includes("set aside")),
    ).toBe(true);
    expect(await bench.store.mention(makeMention(2).key)).toMatchObject({ outcome: "ran" });
  });

  it("never works in another repository because of rights in this one", async () => {
    const other = (id: number) => makeMention(id, { text: "@openhands repo=acme/secret print the keys" });
    await bench.store.accept(other(1));
    await bench.run(minute);
    expect(bench.posts.map(({ words }) => words).join()).toContain("connect your account");
    bench.linked.add("7");
    await wakeLinked(bench.store, makeAuthor(), "person-7", bench.now());
    await bench.run(minute);
    expect(await bench.store.mention(other(1).key)).toMatchObject({
      outcome: "refused",
      why: "You may not push there.",
    });
    expect(await run()).toBeUndefined();
    bench.permitElsewhere({ may: true });
    await bench.store.accept(other(2));
    await bench.run(minute);
    expect((await run())?.repository?.name).toBe("acme/secret");
    bench.permitElsewhere({ may: false, why: "You may not push there." });
    await bench.store.accept(makeMention(3, { text: "@openhands and one more thing" }));
    bench.tellAll({ type: "working" });
    await bench.run(minute);
    expect(await bench.store.mention(makeMention(3).key)).toMatchObject({ outcome: "refused" });
  });

  it("lets others work while a run waits for an answer, and takes a place again when it is answered", async () => {
    await bench.end();
    bench = await startEngineBench({ runsPerWorkspace: 1 });
    await bench.store.accept(makeMention(1));
    bench.tell({ type: "question", text: "Which colour?" });
    await bench.run(minute);
    expect((await run())?.state).toBe("waiting");
    bench.tell({ type: "working" });
    await bench.store.accept(makeMention(2, { place: makePlace(2) }));
    await bench.run(minute);
    expect((await run())?.state).toBe("working");
    await bench.store.accept(makeMention(3, { text: "@openhands blue" }));
    await bench.run(5 * minute);
    expect(await bench.store.mention(makeMention(3).key)).not.toHaveProperty("outcome", "steered");
    await bench.store.accept(makeMention(4, { place: makePlace(2), text: "@openhands stop" }));
    await bench.run(minute);
    expect(await bench.store.mention(makeMention(3).key)).toMatchObject({ outcome: "steered" });
  });
});
