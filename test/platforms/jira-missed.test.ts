import { createJiraCloud } from "@ask-openhands/bot/platforms/jira-cloud/index.ts";
import { createJiraDc } from "@ask-openhands/bot/platforms/jira-dc/index.ts";
import { afterEach, describe, expect, it } from "vitest";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import type { SeededConnection } from "../contracts/platform-subject.ts";
import { type FakeJira, startFakeJira } from "../fakes/jira/start.ts";

const minute = 60_000;

describe.each([
  ["cloud", createJiraCloud],
  ["dc", createJiraDc],
] as const)("asking Jira (%s) what was missed", (flavour, create) => {
  const started: FakeJira[] = [];
  afterEach(async () => {
    for (const jira of started.splice(0)) {
      const { violations, unrouted } = jira.requests;
      await jira.close();
      expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
    }
  });
  const start = async (): Promise<FakeJira> => {
    const jira = await startFakeJira(flavour);
    started.push(jira);
    return jira;
  };
  const renamed = (jira: FakeJira, id: string): readonly SeededConnection[] =>
    jira.connections.map(({ connection, secrets }) => ({ connection: { ...connection, id }, secrets }));
  const open = (jira: FakeJira, text = "When empty.") =>
    jira.open(jira.people.writer, "ticket", { title: "The cart crashes", text });

  it("is done often until a delivery shows that there is a webhook", async () => {
    const jira = await start();
    const bench = createPlatformBench(create, jira.connections);
    expect(bench.platform.polls?.()).toBe(true);
    await open(jira);
    const [sent] = jira.deliveries();
    if (sent === undefined) throw new Error("nothing was delivered");
    const forged = jira.signedWith?.(sent, "a wrong secret of some length");
    expect(forged && (await bench.receive(forged))).toMatchObject({ status: 401 });
    expect(bench.platform.polls?.()).toBe(true);
    await bench.receive(sent);
    expect(bench.platform.polls?.()).toBe(false);
  });

  it("hears the other sites when the token of one is revoked, and does not look back for ever because of it", async () => {
    const [revoked, well] = [await start(), await start()];
    revoked.fail({ status: 401, times: Number.POSITIVE_INFINITY });
    await open(well, "@openhands please");
    const bench = createPlatformBench(create, [...renamed(revoked, "revoked"), ...well.connections]);
    expect((await bench.missed(Date.now() - minute)).map(({ text }) => text)).toContain("@openhands please");
    const warned = bench.log.lines.filter(({ level }) => level === "warn");
    expect(warned.map(({ fields }) => fields["connection"])).toEqual(["revoked"]);
  });

  it("hears the other sites when one does not answer, and looks at the same time again", async () => {
    const [down, well] = [await start(), await start()];
    down.fail({ status: 503, times: Number.POSITIVE_INFINITY });
    await open(well, "@openhands please");
    const bench = createPlatformBench(create, [...renamed(down, "down"), ...well.connections]);
    const found: string[] = [];
    const all = async () => {
      for await (const one of bench.platform.missed?.(Date.now() - minute) ?? [])
        if (one.heard === "mention") found.push(one.mention.text);
    };
    await expect(all()).rejects.toMatchObject({ kind: "unavailable" });
    expect(found).toContain("@openhands please");
  });

  it("hears the other tickets when one cannot be read", async () => {
    const jira = await start();
    const gone = await open(jira);
    const spot = await open(jira);
    await jira.comment(jira.people.writer, gone, "@openhands here");
    await jira.comment(jira.people.writer, spot, "@openhands there");
    jira.fail({ path: new RegExp(`/issue/${gone.id}/comment`), status: 404, times: 1 });
    const bench = createPlatformBench(create, jira.connections);
    const texts = (await bench.missed(Date.now() - minute)).map(({ text }) => text);
    expect(texts).toContain("@openhands there");
    expect(texts).not.toContain("@openhands here");
  });

  it("goes on in the next look where more changed than one look takes", async () => {
    const jira = await start();
    const bench = createPlatformBench(create, jira.connections);
    const first = await open(jira, "@openhands first");
    for (let count = 0; count < 500; count += 1) await open(jira, "Nothing for you.");
    const day = 24 * 60 * minute;
    // The first was touched long before the others.
    jira.ticket(first).updated = Date.now() - day;
    const last = await open(jira, "@openhands last");
    jira.ticket(last).updated += 1_000;
    const look = async (since: number) => {
      const texts: string[] = [];
      let left: number | undefined;
      const reached = (time: number): void => {
        left = time;
      };
      for await (const one of bench.platform.missed?.(since, reached) ?? [])
        if (one.heard === "mention") texts.push(one.mention.text);
      return { asks: texts.filter((text) => text.startsWith("@openhands")), left };
    };
    const before = await look(Date.now() - 2 * day);
    expect(before.asks).toEqual(["@openhands first"]);
    if (before.left === undefined) throw new Error("it does not say that something is left");
    expect(before.left).toBeGreaterThan(Date.now() - day);
    const after = await look(before.left - minute);
    expect(after.asks).not.toContain("@openhands first");
  });
});
