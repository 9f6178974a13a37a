import { afterEach, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "../flows/flow.ts";

/** One working agent that finishes when it is let. */
const begin = async () => {
  const { promise, resolve: finish } = Promise.withResolvers<void>();
  const flow = await startFlow({
    subject: github,
    times: { request: 700, lease: 2_000, pause: 500, unreachable: 5_000 },
    script: (message) =>
      message.includes("second")
        ? [{ do: "finish", message: "The second one." }]
        : [
            { do: "think", text: "On it." },
            { do: "until", moment: promise },
            { do: "finish", message: "Made it." },
          ],
  });
  const issue = await flow.open();
  await flow.ask(issue, "@openhands the first");
  await flow.waitFor(issue, "report-", "working on it");
  const last = async () => (await flow.runs())[0];
  return { flow, issue, finish, last };
};

describe("an agent that vanishes in the middle", () => {
  let flow: Flow | undefined;
  afterEach(() => flow?.end());

  it("and comes back with its conversation: the run goes on as if nothing had been", async () => {
    const stage = await begin();
    flow = stage.flow;
    flow.agent.dropSockets();
    const back = flow.agent.fake.fail({ drop: true, times: Number.POSITIVE_INFINITY });
    await new Promise((next) => setTimeout(next, 4_000));
    stage.finish();
    back();
    await flow.waitFor(stage.issue, "closing-", "Made it.");
    expect(await stage.last()).toMatchObject({ state: "done" });
    expect(flow.agent.protocol.conversations.size).toBe(1);
    expect(flow.ours(stage.issue)).toHaveLength(2);
  }, 40_000);

  it("and never comes back: the run ends as unreachable, says that it may still be working, and a follow-up is answered too", async () => {
    const stage = await begin();
    flow = stage.flow;
    flow.agent.dropSockets();
    flow.agent.fake.fail({ drop: true, times: Number.POSITIVE_INFINITY });
    await flow.ask(stage.issue, "@openhands and the second");
    await flow.until("the run ended", async () => (await stage.last())?.state === "failed", 40);
    const closing = await flow.waitFor(stage.issue, "closing-", "@mara");
    expect(closing.text).toMatch(/may still be working|could not be reached|did not answer/);
    // The follow-up must have an end of its own: steered, failed with a sentence, or a run that ended.
    await flow.until(
      "nothing is left",
      async () => {
        const { unread, live, queued } = await stage.flow.bot().store.counts();
        return unread + live + queued === 0;
      },
      60,
    );
    const markers = flow.ours(stage.issue).map(({ text }) => /ask-openhands:(\S+)/.exec(text)?.[1] ?? text);
    expect(new Set(markers).size).toBe(markers.length);
  }, 110_000);

  it("and comes back without the conversation (404): the run ends truly, and a follow-up begins a new one", async () => {
    const stage = await begin();
    flow = stage.flow;
    // As an agent server whose data folder was lost.
    (flow.agent.protocol.conversations as Map<string, unknown>).clear();
    flow.agent.dropSockets();
    await flow.until("the run ended", async () => (await stage.last())?.state === "failed", 30);
    expect((await stage.last())?.outcome?.reason).toBe("archived");
    await flow.waitFor(stage.issue, "closing-", "@mara");
    await flow.ask(stage.issue, "@openhands and the second");
    await flow.waitFor(stage.issue, "closing-", "The second one.");
    expect(flow.agent.protocol.conversations.size).toBe(1);
    expect((await flow.runs()).map(({ state }) => state).toSorted()).toEqual(["done", "failed"]);
  }, 60_000);

  it("with its WebSocket only, again and again: nothing is missed", async () => {
    const stage = await begin();
    flow = stage.flow;
    for (let cut = 0; cut < 20; cut += 1) {
      flow.agent.dropSockets();
      await new Promise((next) => setTimeout(next, 100));
    }
    stage.finish();
    await flow.waitFor(stage.issue, "closing-", "Made it.");
    expect(flow.ours(stage.issue)).toHaveLength(2);
    console.log("faults injected: 20 cut WebSockets");
  }, 40_000);
});
