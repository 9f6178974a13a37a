import { wakeLinked } from "@ask-openhands/bot/engine/refuse.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAuthor } from "../support/make-mention.ts";
import { type AccessBench, startAccessBench } from "./access-bench.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

describe("an ask from a chat for work in a repository", () => {
  let bench: AccessBench;
  beforeEach(async () => {
    bench = await startAccessBench();
    bench.linked.add("7");
  });
  afterEach(() => bench.end());

  const accept = async (...asks: readonly ReturnType<AccessBench["ask"]>[]): Promise<void> => {
    for (const ask of asks) await bench.store.accept(ask);
    await bench.run(minute);
  };
  const runs = () => bench.store.runs({ limit: 10 });
  const outcome = async (ask: ReturnType<AccessBench["ask"]>) =>
    (await bench.store.mention(ask.key))?.outcome;
  const links = (): number =>
    bench.posts.filter(({ words }) => words.includes("connect your account")).length;
  const link = async (id: string): Promise<void> => {
    bench.accounts.add(id);
    await wakeLinked(bench.store, makeAuthor({ id }), "person-7", bench.now());
    await bench.run(minute);
  };

  it("runs when the account on the code host that its author has proven may write there", async () => {
    bench.accounts.add("g7");
    bench.rights.set("g7", { may: true });
    await accept(bench.ask(1));
    expect((await runs())[0]?.repository?.name).toBe("acme/site");
  });

  it("is refused when that account may not write there, whatever the chat says", async () => {
    bench.accounts.add("g7");
    bench.rights.set("g7", { may: false, why: "You need write access to acme/site." });
    await accept(bench.ask(1));
    expect(await bench.store.mention(bench.ask(1).key)).toMatchObject({
      outcome: "refused",
      why: "You need write access to acme/site.",
    });
    expect(await runs()).toEqual([]);
  });

  it("of somebody who is linked in the chat only waits, with one sentence on what to link, and goes on by itself", async () => {
    await accept(bench.ask(1), bench.ask(2));
    expect(links()).toBe(1);
    expect(bench.words()).toContain("Link your account on forge.test");
    expect(bench.words()).toContain("https://bot.test/integrations/forge");
    expect(bench.words()).not.toContain("works once");
    expect(await runs()).toEqual([]);
    await bench.run(day);
    expect(links()).toBe(1);
    bench.rights.set("g7", { may: true });
    bench.tellAll({ type: "working" });
    await link("g7");
    expect((await runs())[0]?.asks.map(({ key }) => key)).toEqual([bench.ask(1).key, bench.ask(2).key]);
  });

  it("needs both links of somebody who has none, one after the other, and ends after a week without them", async () => {
    await bench.end();
    bench = await startAccessBench({ requireLink: true });
    await accept(bench.ask(1));
    expect(bench.words()).toContain("https://bot.test/link#t");
    bench.linked.add("7");
    await wakeLinked(bench.store, makeAuthor({ platform: "chat", host: "T01" }), "person-7", bench.now());
    await bench.run(minute);
    expect(links()).toBe(2);
    expect(bench.words()).toContain("https://bot.test/integrations/forge");
    expect(await outcome(bench.ask(1))).toBeUndefined();
    await bench.run(8 * day);
    expect(await outcome(bench.ask(1))).toBe("refused");
    expect(links()).toBe(2);
  });

  it("is refused when the account that was linked then may not write", async () => {
    await accept(bench.ask(1));
    bench.rights.set("g7", { may: false, why: "You need write access to acme/site." });
    await link("g7");
    expect(await outcome(bench.ask(1))).toBe("refused");
  });

  it("is asked about again while the code host does not answer: never a yes, never a no", async () => {
    bench.accounts.add("g7");
    bench.trouble((call) => (call === "mayAsk" ? "unavailable" : undefined));
    await accept(bench.ask(1));
    expect(await runs()).toEqual([]);
    expect(await outcome(bench.ask(1))).toBeUndefined();
    bench.rights.set("g7", { may: true });
    await bench.run(10 * minute);
    expect(await runs()).toHaveLength(1);
  });

  it("runs with a token of one's own where the workspace's connections cannot tell, or fail", async () => {
    bench.accounts.add("g7");
    bench.permitElsewhere({ may: true });
    bench.rights.set("g7", { may: "after-linking", why: "Nobody can tell." });
    await accept(bench.ask(1));
    bench.trouble((call) => (call === "mayAsk" ? "unavailable" : undefined));
    bench.rights.clear();
    await accept(bench.ask(2, {}, 2));
    expect(await runs()).toHaveLength(2);
  });

  it("waits on when another server is linked first, and goes on by itself with the right one, called or not", async () => {
    bench.linked.add("7");
    await accept(bench.ask(1));
    await wakeLinked(bench.store, { platform: "lab", host: "lab.test", id: "5" }, "person-7", bench.now());
    await bench.run(minute);
    bench.rights.set("g7", { may: true });
    bench.accounts.add("g7");
    await wakeLinked(
      bench.store,
      { platform: "forge", host: "forge.test", id: "g7" },
      "person-7",
      bench.now(),
    );
    await bench.run(5_000);
    expect(await runs()).toHaveLength(1);

    bench.accounts.clear();
    await accept(bench.ask(2, {}, 2));
    bench.accounts.add("g7");
    await bench.run(2 * minute);
    expect(await runs()).toHaveLength(2);
  });

  it("runs in a room that a maintainer opened for the repository, whoever asks", async () => {
    bench.linked.clear();
    bench.sayOpened();
    await accept(bench.ask(1));
    expect(await runs()).toHaveLength(1);
  });

  it("runs for linked members where the workspace trusts them, also what waited for the link, and only there", async () => {
    await bench.end();
    bench = await startAccessBench({ trustMembers: true });
    await accept(bench.ask(1));
    expect(await runs()).toEqual([]);
    bench.linked.add("7");
    await accept(bench.ask(2, {}, 2));
    expect(await runs()).toHaveLength(2);
  });

  it("by a bot runs only in the repository that the room was opened for", async () => {
    const bot = { kind: "bot", id: "B1", name: "helper" } as const;
    await accept(bench.ask(1, bot));
    expect(await bench.store.mention(bench.ask(1).key)).toMatchObject({
      outcome: "refused",
      why: expect.stringContaining("not in another"),
    });
    bench.sayOpened();
    await accept(bench.ask(2, bot));
    expect(await runs()).toHaveLength(1);
  });

  it("tells each account what to link, also where two servers have the same number", async () => {
    await bench.end();
    bench = await startAccessBench({ requireLink: true });
    await accept(bench.ask(1), bench.ask(2, { host: "T02" }), bench.ask(3));
    expect(links()).toBe(2);
  });

  it("says what is wrong when the code host refuses to tell", async () => {
    bench.accounts.add("g7");
    Object.assign(bench.deps.platforms.get("forge") ?? {}, {
      mayAccountWrite: () => Promise.reject(new Failure("not-allowed", "Our token may not see members.")),
    });
    bench.permitElsewhere({ may: false, why: "You may not push there." });
    await accept(bench.ask(1));
    expect(bench.words()).toContain("Our token may not see members.");
    expect(await runs()).toEqual([]);
  });
});
