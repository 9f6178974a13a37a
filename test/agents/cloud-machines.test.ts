import { createCloudAgent } from "@ask-openhands/core/agent/cloud.ts";
import { afterEach, describe, expect, it } from "vitest";
import { follow, followUp, isEnd, order } from "../contracts/agent.ts";
import { type CloudSettings, type FakeCloud, startFakeCloud } from "../fakes/openhands-cloud/cloud.ts";
import { fastTime } from "./fast-time.ts";

const running: FakeCloud[] = [];
afterEach(async () => {
  for (const cloud of running.splice(0)) {
    expect([...cloud.fake.violations, ...cloud.sandboxes.violations]).toEqual([]);
    await cloud.close();
  }
});

const begin = async (settings: CloudSettings = {}) => {
  const cloud = await startFakeCloud(settings);
  running.push(cloud);
  const facts = { id: "cloud-1", baseUrl: cloud.fake.url, key: cloud.key, auth: "bearer" as const };
  return {
    cloud,
    agent: createCloudAgent(facts, { fetch, ...fastTime(), maxBatchWait: 1, patience: 50_000 }),
  };
};

describe("machines of the Cloud", () => {
  it("are woken for a follow-up, and get fresh secrets with their new key", async () => {
    const { cloud, agent } = await begin({ waking: 200 });
    cloud.play((message) => [{ do: "finish", message: message.includes("again") ? "Awake." : "First." }]);
    const first = await follow(agent, await agent.start(order({ secrets: { TOKEN: "old-value" } })));
    const one = cloud.conversation(first.conversation.id);
    one.sandbox = "PAUSED";
    const next = await agent.say(
      first.conversation,
      followUp("Do it again.", { secrets: { TOKEN: "new-value" } }),
    );
    expect((await follow(agent, next, first.cursor)).events.findLast(isEnd)).toMatchObject({
      summary: "Awake.",
    });
    expect(one.scripted.secrets).toEqual({ TOKEN: "new-value" });
    expect(cloud.fake.callsTo("/api/v1/sandboxes/:id/resume", "POST")).toHaveLength(1);
  });

  it("that fall asleep just before a message are woken too", async () => {
    const { cloud, agent } = await begin();
    const first = await follow(agent, await agent.start(order()));
    cloud.fake.fail({
      path: "/api/v1/app-conversations/:id/send-message",
      status: 409,
      json: { detail: "sandbox paused" },
    });
    const next = await agent.say(first.conversation, followUp("Again."));
    await follow(agent, next, first.cursor);
    expect(
      cloud
        .conversation(first.conversation.id)
        .scripted.events.filter((event) => event.kind === "MessageEvent"),
    ).toHaveLength(2);
  });

  it("that never wake up are told as not working at the moment", async () => {
    const cloud = await startFakeCloud({ waking: 3_600_000 });
    running.push(cloud);
    let time = Date.now();
    const agent = createCloudAgent(
      { id: "c", baseUrl: cloud.fake.url, key: cloud.key, auth: "bearer" },
      {
        fetch,
        maxBatchWait: 1,
        now: () => time,
        sleep: async (milliseconds) => {
          time += milliseconds;
          await new Promise((done) => setTimeout(done, 1));
        },
      },
    );
    const first = await follow(agent, await agent.start(order()));
    cloud.conversation(first.conversation.id).sandbox = "PAUSED";
    await expect(agent.say(first.conversation, followUp("Hello?"))).rejects.toMatchObject({
      kind: "unavailable",
      hint: expect.stringContaining("does not wake up"),
    });
  });

  it("that are archived take no follow-up, but their history still tells the end", async () => {
    const { cloud, agent } = await begin();
    const conversation = await agent.start(order());
    const first = await follow(agent, conversation);
    cloud.conversation(conversation.id).sandbox = "MISSING";
    expect((await agent.read(first.conversation, first.cursor)).events).toEqual([]);
    expect((await follow(agent, conversation)).events.findLast(isEnd)).toEqual({
      type: "ended",
      reason: "finished",
      summary: "Done.",
    });
    await expect(agent.say(first.conversation, followUp("Again."))).rejects.toMatchObject({
      kind: "not-found",
      hint: expect.stringContaining("archived"),
    });
  });

  it.each([
    ["PAUSED", "error", /put to sleep/],
    ["MISSING", "archived", /archived while/],
    ["ERROR", "error", /out of memory/],
  ] as const)(
    "that become %s in the middle of the work end it truthfully",
    async (sandbox, reason, detail) => {
      const { cloud, agent } = await begin();
      cloud.play(() => [{ do: "terminal", command: "make", summary: "Building" }, { do: "hang" }]);
      const begun = await follow(
        agent,
        await agent.start(order()),
        undefined,
        (event) => event.type === "step",
      );
      cloud.conversation(begun.conversation.id).sandbox = sandbox;
      const { events, cursor } = await follow(agent, begun.conversation, begun.cursor);
      expect(events.filter(isEnd)).toEqual([
        expect.objectContaining({ type: "ended", reason, detail: expect.stringMatching(detail) }),
      ]);
      expect((await agent.read(begun.conversation, cursor)).events).toEqual([]);
    },
  );

  it("out of our reach: the answer comes from the history, and stopping puts the machine to sleep", async () => {
    const { cloud, agent } = await begin({ exposed: false });
    cloud.play((message) =>
      message.includes("wait") ? [{ do: "hang" }] : [{ do: "finish", message: "From the history." }],
    );
    const first = await follow(agent, await agent.start(order()));
    expect(first.events.findLast(isEnd)).toMatchObject({ summary: "From the history." });
    const asked = await agent.say(first.conversation, followUp("Now wait."));
    const begun = await follow(agent, asked, first.cursor, (event) => event.type === "working");
    await agent.stop(begun.conversation);
    expect((await follow(agent, begun.conversation, begun.cursor)).events.findLast(isEnd)).toMatchObject({
      type: "ended",
      reason: "stopped",
    });
    expect(cloud.conversation(first.conversation.id).sandbox).toBe("PAUSED");
    expect(cloud.sandboxes.calls).toHaveLength(0);
  });

  it("get their own key and never that of the app server, which never gets theirs", async () => {
    const { cloud, agent } = await begin();
    cloud.play(() => [{ do: "hang" }]);
    const begun = await follow(
      agent,
      await agent.start(order()),
      undefined,
      (event) => event.type === "working",
    );
    await agent.stop(begun.conversation);
    const { sessionKey } = cloud.conversation(begun.conversation.id);
    expect(cloud.sandboxes.calls.length).toBeGreaterThan(0);
    expect(JSON.stringify(cloud.sandboxes.calls)).not.toContain(cloud.key);
    expect(JSON.stringify(cloud.fake.calls)).not.toContain(sessionKey);
  });

  it("that wait for an approval ask for it, and go on with a yes", async () => {
    const { cloud, agent } = await begin();
    cloud.play((message) =>
      message.includes("yes")
        ? [{ do: "finish", message: "Went on." }]
        : [
            { do: "confirm", command: "rm -rf build" },
            { do: "finish", message: "Cleaned." },
          ],
    );
    const asked = await follow(agent, await agent.start(order()));
    expect(asked.events.findLast(isEnd)).toMatchObject({ type: "question" });
    const next = await agent.say(asked.conversation, followUp("yes"));
    expect((await follow(agent, next, asked.cursor)).events.findLast(isEnd)).toMatchObject({
      type: "ended",
      reason: "finished",
    });
    expect(
      cloud.sandboxes.callsTo("/api/conversations/:id/events/respond_to_confirmation")[0]?.body,
    ).toMatchObject({ accept: true });
  });

  it("whose message the app server lost on its way hear it once", async () => {
    const { cloud, agent } = await begin();
    const first = await follow(agent, await agent.start(order()));
    cloud.fake.fail({ path: "/api/v1/app-conversations/:id/send-message", dropAfterEffect: true });
    const message = followUp("Once only.");
    await expect(agent.say(first.conversation, message)).rejects.toMatchObject({ kind: "unavailable" });
    await agent.say(first.conversation, { ...message, again: true });
    cloud.fake.fail({
      path: "/api/v1/app-conversations/:id/send-message",
      status: 502,
      json: { detail: "agent server unreachable" },
    });
    await agent.say(first.conversation, followUp("Another."));
    const said = cloud
      .conversation(first.conversation.id)
      .scripted.events.filter((event) => event["source"] === "user" && event.kind === "MessageEvent");
    expect(said).toHaveLength(3);
  });
});
