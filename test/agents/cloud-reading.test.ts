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
  return { cloud, agent: createCloudAgent(facts, { fetch, maxBatchWait: 20, patience }) };
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

  it("stays within 10 requests a second, so that the server never has to refuse one", async () => {
    const { cloud, agent } = await begin({ limited: true });
    const conversations = await Promise.all(Array.from({ length: 5 }, () => agent.start(order())));
    await Promise.all(conversations.map((conversation) => follow(agent, conversation)));
    expect(cloud.fake.calls.length).toBeGreaterThan(20);
    expect(cloud.fake.calls.filter((call) => call.status === 429)).toEqual([]);
    const seconds = Map.groupBy(cloud.fake.calls, (call) => Math.floor(call.at / 1_000));
    expect(Math.max(...[...seconds.values()].map((calls) => calls.length))).toBeLessThanOrEqual(10);
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
      pullRequest: { url: "https://gitlab.com/acme/shop/-/merge_requests/4", number: 4 },
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
