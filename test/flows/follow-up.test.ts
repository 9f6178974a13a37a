import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "./flow.ts";

const finish = (message: string) => ({ do: "finish", message }) as const;

describe("follow-ups", () => {
  let flow: Flow;
  /** Ends the wait of the scripted agent. */
  let go: () => void;

  beforeEach(async () => {
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    flow = await startFlow({
      subject: github,
      script: (message) => {
        if (message.includes("begin"))
          return [
            { do: "think", text: "Looking." },
            { do: "until", moment: gate },
            finish("First part done."),
          ];
        return [finish(`Heard: ${/part \d+/.exec(message)?.[0] ?? "nothing new"}.`)];
      },
    });
  });
  afterEach(async () => {
    go();
    await flow.end();
  });

  const messages = (): readonly string[] => flow.told();

  it("steer the live conversation: same run, same report, in order", async () => {
    const issue = await flow.open();
    await flow.ask(issue, "@openhands begin with the first part");
    await flow.waitFor(issue, "OpenHands is working on it");
    for (const at of [2, 3, 4]) await flow.ask(issue, `@openhands and part ${at}`);
    await flow.until("all were said", () => messages().length === 4);
    go();
    await flow.waitFor(issue, "Heard: part 4.");
    const said = messages();
    expect([2, 3, 4].map((at) => said.findIndex((text) => text.includes(`part ${at}`)))).toEqual([1, 2, 3]);
    expect(flow.agent.protocol.conversations.size).toBe(1);
    expect(await flow.runs()).toHaveLength(1);
    expect(flow.ours(issue)).toHaveLength(2);
  });

  it("after the end go on in the same conversation, as a run with a report of its own", async () => {
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do part 1");
    await flow.waitFor(issue, "Heard: part 1.");
    await flow.ask(issue, "@openhands now part 2");
    await flow.waitFor(issue, "Heard: part 2.");
    expect(flow.agent.protocol.conversations.size).toBe(1);
    const runs = await flow.runs();
    expect(runs.map(({ continues }) => continues)).toEqual([true, false]);
    await flow.until("four posts", () => flow.ours(issue).length === 4);
  });

  it("begin afresh with `new`", async () => {
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do part 1");
    await flow.waitFor(issue, "Heard: part 1.");
    await flow.ask(issue, "@openhands new do part 2");
    await flow.waitFor(issue, "Heard: part 2.");
    expect(flow.agent.protocol.conversations.size).toBe(2);
  });

  it("are all accounted for when 20 come at once", async () => {
    const issue = await flow.open();
    await flow.ask(issue, "@openhands begin with the first part");
    for (let part = 2; part <= 20; part += 1) await flow.ask(issue, `@openhands and part ${part}`);
    await flow.until("all were said", () => messages().length === 20, 40);
    go();
    await flow.waitFor(issue, "Done");
    const { store } = flow.bot();
    const comments = flow.world.said(issue).filter(({ text }) => text.startsWith("@openhands"));
    expect(comments).toHaveLength(20);
    const key = (await store.runs({ limit: 1 }))[0]?.asks[0]?.key.replace(/\d+$/, "") ?? "";
    const outcomes = await Promise.all(
      comments.map(async ({ id }) => (await store.mention(`${key}${id}`))?.outcome),
    );
    expect(outcomes).toEqual(["ran", ...Array.from({ length: 19 }, () => "steered")]);
    const order = messages()
      .slice(1)
      .map((text) => Number(/part (\d+)/.exec(text)?.[1]));
    const arrived = comments.slice(1).map(({ text }) => Number(/part (\d+)/.exec(text)?.[1]));
    expect(order).toEqual(arrived);
    expect((await flow.bot().store.counts()).unread).toBe(0);
  }, 60_000);

  it("answer a question of the agent", async () => {
    flow.agent.play((message) =>
      message.includes("blue")
        ? [finish("Painted it blue.")]
        : [{ do: "answer", text: "Which colour do you want?" }],
    );
    const issue = await flow.open();
    await flow.ask(issue, "@openhands paint it");
    const question = await flow.waitFor(issue, "Which colour do you want?", "@mara");
    expect(question.text).toContain("has a question");
    await flow.ask(issue, "@openhands blue, please");
    await flow.waitFor(issue, "Painted it blue.");
    expect(await flow.runs()).toHaveLength(1);
    expect(flow.ours(issue)).toHaveLength(3);
  });
});
