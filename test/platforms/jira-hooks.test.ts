import { createJiraCloud } from "@ask-openhands/bot/platforms/jira-cloud/index.ts";
import { createJiraDc } from "@ask-openhands/bot/platforms/jira-dc/index.ts";
import { afterEach, describe, expect, it } from "vitest";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { type FakeJira, type FakeJiraOptions, startFakeJira } from "../fakes/jira/start.ts";

const worlds: FakeJira[] = [];

const begin = async (flavour: "cloud" | "dc", options: FakeJiraOptions) => {
  const jira = await startFakeJira(flavour, options);
  worlds.push(jira);
  const bench = createPlatformBench(flavour === "cloud" ? createJiraCloud : createJiraDc, jira.connections);
  const { hooks } = bench.platform;
  if (hooks === undefined) throw new Error("no hooks");
  return { jira, bench, hooks, id: jira.connections[0]?.connection.id ?? "" };
};

afterEach(async () => {
  for (const jira of worlds.splice(0)) {
    // Servers of an older version do not know the newer address: asking there is how that is found out.
    const unrouted = jira.requests.unrouted.filter((one) => !one.includes("/rest/jira-webhook/1.0/webhooks"));
    expect([jira.requests.violations, unrouted]).toEqual([[], []]);
    await jira.close();
  }
});

describe.each([
  ["Jira Cloud behind its gateway", "cloud", { scoped: true }],
  ["Jira Cloud with a classic token", "cloud", { scoped: false }],
  ["Jira Data Center 9", "dc", { old: true }],
] as const)("webhooks of %s, whose account is no administrator's", (_, flavour, options) => {
  it("are made and mended with an administrator's token that is used once, and need it again", async () => {
    const { jira, bench, hooks, id } = await begin(flavour, options);
    const [site] = await hooks.list(id);
    expect(site).toMatchObject({
      state: "missing",
      missingRight: expect.stringContaining("an administrator's token once"),
    });
    await expect(hooks.install(id, "site")).rejects.toMatchObject({
      kind: "not-allowed",
      hint: expect.stringContaining("administrator"),
    });
    expect(jira.hooks.size).toBe(0);

    expect(await hooks.install(id, "site", jira.adminToken)).toMatchObject({ state: "installed" });
    const [made] = [...jira.hooks.values()];
    expect(made).toMatchObject({
      name: "OpenHands Resolver",
      url: expect.stringContaining(`http://bot.example/webhooks/jira-${flavour}/${id}`),
      secret: bench.secret(id, "webhookSecret"),
      events: expect.arrayContaining(["comment_created", "jira:issue_updated", "jira:issue_created"]),
    });

    if (made === undefined) throw new Error("no webhook was made");
    made.enabled = false;
    made.events = ["comment_created"];
    expect(await hooks.repair(id, "site", jira.adminToken)).toMatchObject({ state: "installed" });
    expect([...jira.hooks.values()]).toMatchObject([
      { enabled: true, events: expect.arrayContaining(["jira:issue_updated"]) },
    ]);
    expect(jira.hooks.size).toBe(1);

    await expect(hooks.remove(id, "site")).rejects.toMatchObject({ kind: "not-allowed" });
    await hooks.remove(id, "site", jira.adminToken);
    expect(jira.hooks.size).toBe(0);
    const token = jira.adminToken.split(":").at(-1) ?? "";
    expect(JSON.stringify([bench.log.lines, bench.connection(id)])).not.toContain(token);
  });
});

it("a classic token works at the site itself: who it is, an ask, a report", async () => {
  const { jira, bench, id } = await begin("cloud", { scoped: false });
  expect(await bench.platform.inspect(id)).toMatchObject({
    ok: true,
    account: { id: jira.people.self.id },
  });
  const ticket = await jira.open(jira.people.writer, "ticket", { title: "The cart crashes", text: "Empty." });
  await jira.comment(jira.people.writer, ticket, "@openhands find the cause");
  for (const sent of jira.deliveries()) expect((await bench.receive(sent)).status).toBe(200);
  const mention = bench.heard.find(({ text }) => text.includes("find the cause"));
  if (mention === undefined) throw new Error("not heard");
  expect(await bench.platform.mayAsk(mention.author, mention.place)).toEqual({ may: true });
  await bench.platform.post(mention.place, makeMessage("r1.abc"), { reply: mention.reply });
  expect(jira.said(ticket).at(-1)?.author.id).toBe(jira.people.self.id);
  expect(jira.requestsWith("/gateway/")).toBe(0);
});
