import { createCloudAgent } from "@ask-openhands/core/agent/cloud.ts";
import { unheardIn } from "@ask-openhands/core/agent/unheard.ts";
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

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
const sending = "/api/v1/app-conversations/:id/send-message";

const begin = async (settings: CloudSettings = {}) => {
  const cloud = await startFakeCloud(settings);
  running.push(cloud);
  const facts = { id: "cloud-1", baseUrl: cloud.fake.url, key: cloud.key, auth: "bearer" as const };
  const agent = createCloudAgent(facts, { fetch, ...fastTime(), maxBatchWait: 1, patience: 50_000 });
  const heard = (id: string, text: string) =>
    cloud
      .conversation(id)
      .scripted.events.filter(
        (event) => event["source"] === "user" && JSON.stringify(event["llm_message"]).includes(text),
      ).length;
  return { cloud, agent, heard };
};

/** With an agent in the middle of a step that ends when `end` is called. */
const beginBusy = async () => {
  const all = await begin();
  let end: () => void = () => undefined;
  const moment = new Promise<void>((pass) => {
    end = pass;
  });
  all.cloud.play((message) =>
    message.includes("Faster")
      ? [{ do: "finish", message: "Heard it." }]
      : [
          { do: "until", moment },
          { do: "finish", message: "Old." },
        ],
  );
  const started = await all.agent.start(order({ secrets: { TOKEN: "old-value" } }));
  const begun = await follow(all.agent, started, undefined, (event) => event.type === "working");
  return { ...all, begun, end };
};

describe("a follow-up in the Cloud", () => {
  it("is said once, however often a caller without patience asks while the machine wakes up", async () => {
    const { cloud, agent, heard } = await begin({ waking: 750 });
    const first = await follow(agent, await agent.start(order()));
    const { id } = first.conversation;
    cloud.conversation(id).sandbox = "PAUSED";
    const message = followUp("Only once.", { secrets: { TOKEN: "new-value" } });
    const tries = [agent.say(first.conversation, message)];
    for (const wait of [300, 300]) {
      await pause(wait);
      tries.push(agent.say(first.conversation, { ...message, again: true }));
    }
    await Promise.all(tries);
    // The history, where a later try looks, may lag.
    await agent.say(first.conversation, { ...message, again: true });
    expect(heard(id, "Only once.")).toBe(1);
    expect(cloud.fake.callsTo(sending, "POST")).toHaveLength(1);
  });

  it("is not held back by secrets that the machine takes only when the step ends", async () => {
    const { cloud, agent, heard, begun, end } = await beginBusy();
    cloud.sandboxes.fail({ path: /secrets/, delayMs: 2_000 });
    await agent.say(begun.conversation, followUp("Faster.", { secrets: { TOKEN: "new-value" } }));
    const one = cloud.conversation(begun.conversation.id);
    expect([heard(begun.conversation.id, "Faster."), one.scripted.secrets]).toEqual([
      1,
      { TOKEN: "old-value" },
    ]);
    await expect.poll(() => one.scripted.secrets, { timeout: 5_000 }).toEqual({ TOKEN: "new-value" });
    end();
  });

  it.each([
    ["has taken, but tells late", { statusAfterEffect: 502 }],
    ["never got", { status: 502, json: { detail: "agent server unreachable" } }],
  ])("that a busy machine %s is heard once, before the run ends", async (_what, fault) => {
    const { cloud, agent, heard, begun, end } = await beginBusy();
    cloud.fake.fail({ path: sending, ...fault });
    const message = followUp("Faster.");
    await agent.say(begun.conversation, message);
    const told = await agent.say(begun.conversation, { ...message, again: true });
    expect(unheardIn(told)).toMatchObject([{ id: message.id }]);
    expect(cloud.fake.callsTo(sending, "POST")).toHaveLength(1);
    end();
    const { events, conversation } = await follow(agent, told, begun.cursor);
    expect(events.filter(isEnd)).toEqual([{ type: "ended", reason: "finished", summary: "Heard it." }]);
    expect(heard(conversation.id, "Faster.")).toBe(1);
    expect(conversation.memo?.["said"]).toBe(message.id);
    expect(unheardIn(conversation)).toEqual([]);
  });
});
