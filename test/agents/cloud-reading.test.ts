import { createCloudAgent } from "@ask-openhands/core/agent/cloud.ts";
import { afterEach, describe, expect, it } from "vitest";
import { follow, followUp, isEnd, order } from "../contracts/agent.ts";
import { type CloudSettings, type FakeCloud, startFakeCloud } from "../fakes/openhands-cloud/cloud.ts";

const running: FakeCloud[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((cloud) => cloud.close()));
});

const begin = async (settings: CloudSettings = {}, patience = 1_500) => {
  const cloud = await startFakeCloud(settings);
  running.push(cloud);
  const facts = { id: "cloud-1", baseUrl: cloud.fake.url, key: cloud.key, auth: "bearer" as const };
  /** Epoch milliseconds of each request to the app server, when it left: on a busy machine they arrive closer together than they were sent. */
  const sent: number[] = [];
  const timed: typeof fetch = (input, init) => {
    if (String(input).startsWith(cloud.fake.url)) sent.push(Date.now());
    return fetch(input, init);
  };
  return { cloud, sent, agent: createCloudAgent(facts, { fetch: timed, maxBatchWait: 20, patience }) };
};

const repository = {
  platform: "gitlab",
  host: "gitlab.com",
  name: "acme/shop",
  url: "https://gitlab.com/acme/shop",
  cloneUrl: "https://gitlab.com/acme/shop.git",
};

describe("reading in the Cloud", () => {
  it("asks for all conversations of a moment with one request", async () => {
    const { cloud, agent } = await begin();
    const conversations = Array.from({ length: 60 }, () => ({ agent: "cloud-1", id: crypto.randomUUID() }));
    await Promise.all(conversations.map((conversation) => agent.read(conversation)));
    const calls = cloud.fake.callsTo("/api/v1/app-conversations", "GET");
    expect(calls.map((call) => call.query.getAll("ids").length)).toEqual([60]);
  });

  it("sends at most 10 requests in any second: more are refused", async () => {
    const { sent, agent } = await begin({ limited: true });
    const conversations = await Promise.all(Array.from({ length: 5 }, () => agent.start(order())));
    const read = await Promise.all(conversations.map((conversation) => follow(agent, conversation)));
    expect(read.every(({ events }) => events.some(isEnd))).toBe(true);
    expect(sent.length).toBeGreaterThan(20);
    const eleven = sent.slice(10).map((at, index) => at - (sent[index] ?? 0));
    // A busy machine lets the first of them wait a moment on its way out.
    expect(Math.min(...eleven)).toBeGreaterThan(900);
  });

  it("waits for a history that lags, and then tells all of it in order", async () => {
    const { cloud, agent } = await begin({ lag: 700 });
    cloud.play(() => [
      { do: "terminal", command: "a", summary: "First" },
      { do: "terminal", command: "b", summary: "Second" },
      { do: "finish", message: "There it is." },
    ]);
    const { events } = await follow(agent, await agent.start(order()));
    const told = events.filter((event) => event.type === "step" || event.type === "ended");
    expect(told).toMatchObject([
      { step: { text: "First" } },
      { step: { text: "Second" } },
      { type: "ended", summary: "There it is." },
    ]);
  });

  it("does not wait for ever: the answer is asked of the machine, and names the pull request", async () => {
    const { cloud, agent } = await begin({ lag: 3_600_000 }, 300);
    cloud.play(() => [{ do: "finish", message: "See https://gitlab.com/acme/shop/-/merge_requests/4" }]);
    const { events } = await follow(agent, await agent.start(order({ repository })));
    expect(events).toContainEqual({
      type: "pull-request",
      pullRequest: { url: "https://gitlab.com/acme/shop/-/merge_requests/4", number: 4, said: true },
    });
    expect(events.findLast(isEnd)).toMatchObject({ reason: "finished" });
  });

  it("reads the whole history where filters by time are broken", async () => {
    const { cloud, agent } = await begin();
    cloud.play((message) => [{ do: "finish", message: message.includes("two") ? "Two." : "One." }]);
    const first = await follow(agent, await agent.start(order()));
    const next = await agent.say(first.conversation, followUp("Now two."));
    cloud.fake.fail({ path: "/api/v1/conversation/:id/events/search", status: 500, times: 3 });
    const { events } = await follow(agent, next, first.cursor);
    expect(events.filter(isEnd)).toEqual([{ type: "ended", reason: "finished", summary: "Two." }]);
  });

  it("reads histories of many pages", async () => {
    const { cloud, agent } = await begin({ pace: 0 });
    cloud.play(() => [
      ...Array.from({ length: 120 }, (_, n) => ({ do: "terminal" as const, command: `echo ${n}` })),
      { do: "finish", message: "Done." },
    ]);
    const { events } = await follow(agent, await agent.start(order()));
    expect(events.filter((event) => event.type === "step")).toHaveLength(120);
  });

  it("passes over kinds of events that nobody has heard of", async () => {
    const { cloud, agent } = await begin();
    cloud.play(() => [
      { do: "event", event: { kind: "HologramEvent", shape: { deep: [1, 2, { x: null }] } } },
      { do: "event", event: { kind: "ActionEvent", action: "not an object", summary: 7 } },
      { do: "finish", message: "Still here." },
    ]);
    const { events } = await follow(agent, await agent.start(order()));
    expect(events.findLast(isEnd)).toMatchObject({ reason: "finished", summary: "Still here." });
  });

  it("makes an address of the number that OpenHands' own tools record", async () => {
    const { cloud, agent } = await begin();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((pass) => {
      open = pass;
    });
    cloud.play(() => [
      { do: "until", moment: gate },
      { do: "finish", message: "Opened it." },
    ]);
    const begun = await follow(
      agent,
      await agent.start(order({ repository })),
      undefined,
      (event) => event.type === "working",
    );
    cloud.conversation(begun.conversation.id).prNumbers = [31];
    open();
    const { events } = await follow(agent, begun.conversation, begun.cursor);
    expect(events).toContainEqual({
      type: "pull-request",
      pullRequest: { url: "https://gitlab.com/acme/shop/-/merge_requests/31", number: 31 },
    });
  });

  it("says in words that a web page answered, that the key is wrong, that it is asked to wait", async () => {
    const { cloud, agent } = await begin();
    const conversation = await agent.start(order());
    cloud.fake.fail({ html: true });
    await expect(agent.read(conversation)).rejects.toMatchObject({
      kind: "unexpected-reply",
      hint: expect.stringContaining("web page"),
    });
    cloud.fake.fail({ status: 401, json: { error: "expired" } });
    await expect(agent.read(conversation)).rejects.toMatchObject({ kind: "bad-credentials" });
    cloud.fake.fail({ status: 429, retryAfter: 40 });
    const refused: unknown = await agent.read(conversation).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: "rate-limited", retryAt: expect.any(Number) });
  });
});
