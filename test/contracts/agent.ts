import { randomUUID } from "node:crypto";
import type { Script, ScriptStep } from "@ask-openhands/bot/cli/demo-agent/script.ts";
import type { Agent, AgentEvent, FollowUp, Order } from "@ask-openhands/core/agent/agent.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Conversation } from "@ask-openhands/core/work/run.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** A back end under test, with agents that follow a script behind it. */
export interface AgentSubject {
  readonly agent: Agent;
  /** The same back end with credentials that it does not accept. */
  readonly stranger: Agent;
  /** What agents do about messages from now on. */
  play(script: Script): void;
  /** What people said in a conversation, as the back end keeps it, oldest first. */
  messages(conversationId: string): Promise<readonly string[]>;
  /** System messages of the newest conversation. */
  background(conversationId: string): Promise<string>;
  close(): Promise<void>;
}

type Ended = Extract<AgentEvent, { type: "ended" | "question" }>;

export const order = (more: Partial<Order> = {}): Order => ({
  runId: randomUUID(),
  title: "A task",
  prompt: "Please do it.",
  background: "You work for ask-openhands.",
  secrets: {},
  ...more,
});

export const followUp = (text: string, more: Partial<FollowUp> = {}): FollowUp => ({
  id: `test:comment:${randomUUID()}`,
  text,
  again: false,
  ...more,
});

export const isEnd = (event: AgentEvent): event is Ended =>
  event.type === "ended" || event.type === "question";

/** Reads until something that `enough` accepts was told; gives all events and where reading goes on. */
export const follow = async (
  agent: Agent,
  conversation: Conversation,
  from?: string,
  enough: (event: AgentEvent) => boolean = isEnd,
  seconds = 30,
): Promise<{
  readonly events: readonly AgentEvent[];
  readonly cursor: string;
  readonly conversation: Conversation;
}> => {
  const events: AgentEvent[] = [];
  let cursor = from;
  let current = conversation;
  for (const until = Date.now() + seconds * 1_000; Date.now() < until; ) {
    const reading = await agent.read(current, cursor);
    events.push(...reading.events);
    cursor = reading.cursor;
    current = reading.conversation ?? current;
    if (reading.events.some(enough)) return { events, cursor, conversation: current };
    await new Promise((next) => setTimeout(next, 40));
  }
  throw new Error(`nothing of that kind within ${seconds} s, only: ${JSON.stringify(events)}`);
};

const endOf = (events: readonly AgentEvent[]): Ended | undefined => events.findLast(isEnd);
const stepsOf = (events: readonly AgentEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === "step" ? [event.step.text] : []));

/** What every back end must do, whatever it is. */
export const agentContract = (name: string, begin: () => Promise<AgentSubject>): void => {
  describe(`${name} keeps the agent contract`, () => {
    let subject: AgentSubject;
    beforeAll(async () => {
      subject = await begin();
    });
    afterAll(async () => {
      await subject.close();
    });

    const startWith = async (
      steps: readonly ScriptStep[] | Script,
      more: Partial<Order> = {},
    ): Promise<Conversation> => {
      subject.play(typeof steps === "function" ? steps : () => steps);
      return subject.agent.start(order(more));
    };

    it("starts once, however often it is asked to", async () => {
      subject.play(() => [{ do: "finish", message: "Done." }]);
      const same = order();
      const first = await subject.agent.start(same);
      const second = await subject.agent.start(same);
      expect([first.id, second.id]).toEqual([same.runId, same.runId]);
      await follow(subject.agent, second);
      const third = await subject.agent.start(same);
      await follow(subject.agent, third);
      expect(await subject.messages(same.runId)).toEqual([same.prompt]);
    });

    it("gives the background to the agent as standing instructions, not as a message", async () => {
      const conversation = await startWith([{ do: "finish", message: "Done." }], {
        background: "Standing word 4711.",
      });
      await follow(subject.agent, conversation);
      expect(await subject.background(conversation.id)).toContain("Standing word 4711.");
    });

    it("tells steps, the task list, a failed command and the final answer", async () => {
      const conversation = await startWith([
        { do: "think", text: "Let me see." },
        {
          do: "tasks",
          tasks: [
            { title: "Look", status: "done" },
            { title: "Fix", status: "in_progress" },
            { title: "Test", status: "todo" },
          ],
        },
        { do: "terminal", command: "true", summary: "Look around in the project" },
        { do: "terminal", command: "false", exitCode: 1 },
        { do: "finish", message: "I **fixed** it." },
      ]);
      const { events } = await follow(subject.agent, conversation);
      expect(stepsOf(events)).toEqual(["Look around in the project", "$ false"]);
      expect(events).toContainEqual({
        type: "tasks",
        tasks: [
          { title: "Look", state: "done" },
          { title: "Fix", state: "doing" },
          { title: "Test", state: "todo" },
        ],
      });
      const failed = events.filter((event) => event.type === "step-failed");
      const steps = events.flatMap((event) => (event.type === "step" ? [event.step] : []));
      expect(failed).toEqual([{ type: "step-failed", id: steps[1]?.id }]);
      expect(steps.every((step) => Math.abs(step.at - Date.now()) < 60_000)).toBe(true);
      expect(endOf(events)).toEqual({ type: "ended", reason: "finished", summary: "I **fixed** it." });
    });

    it("tells nothing twice to who reads on, and everything to who reads anew", async () => {
      const conversation = await startWith([
        { do: "terminal", command: "true", summary: "One" },
        { do: "terminal", command: "true", summary: "Two" },
        { do: "answer", text: "That was it." },
      ]);
      const { events, cursor } = await follow(subject.agent, conversation);
      expect((await subject.agent.read(conversation, cursor)).events).toEqual([]);
      const again = await follow(subject.agent, conversation);
      expect(stepsOf(again.events)).toEqual(stepsOf(events));
      expect(endOf(again.events)).toEqual({ type: "ended", reason: "finished", summary: "That was it." });
    });

    it("takes a follow-up after the end, and never takes the old end for the new one", async () => {
      const conversation = await startWith((message) =>
        message.includes("more")
          ? [
              { do: "wait", milliseconds: 300 },
              { do: "terminal", command: "true", summary: "The second part" },
              { do: "finish", message: "Second." },
            ]
          : [{ do: "finish", message: "First." }],
      );
      const first = await follow(subject.agent, conversation);
      const next = await subject.agent.say(conversation, followUp("And more please."));
      const second = await follow(subject.agent, next, first.cursor);
      expect(second.events.filter(isEnd)).toEqual([
        { type: "ended", reason: "finished", summary: "Second." },
      ]);
      expect(stepsOf(second.events)).toEqual(["The second part"]);
    });

    it("steers an agent at work", async () => {
      const conversation = await startWith((message) =>
        message.includes("blue")
          ? [{ do: "finish", message: "It is blue now." }]
          : [
              { do: "terminal", command: "true", summary: "Beginning" },
              { do: "wait", milliseconds: 1_000 },
              { do: "terminal", command: "true", summary: "Going on" },
              { do: "wait", milliseconds: 1_000 },
              { do: "terminal", command: "true", summary: "And on" },
              { do: "finish", message: "It is red now." },
            ],
      );
      const begun = await follow(subject.agent, conversation, undefined, (event) => event.type === "step");
      const steered = await subject.agent.say(begun.conversation, followUp("Make it blue instead."));
      const { events } = await follow(subject.agent, steered, begun.cursor);
      expect(events.filter(isEnd)).toEqual([
        { type: "ended", reason: "finished", summary: "It is blue now." },
      ]);
    });

    it("says a follow-up once, also when nobody knows whether the first try arrived", async () => {
      const conversation = await startWith([{ do: "finish", message: "Done." }]);
      const first = await follow(subject.agent, conversation);
      const message = followUp("Only once.");
      await subject.agent.say(first.conversation, message);
      const again = await subject.agent.say(first.conversation, { ...message, again: true });
      await follow(subject.agent, again, first.cursor);
      const said = await subject.messages(conversation.id);
      expect(said.filter((text) => text.includes("Only once."))).toHaveLength(1);
      const lost = followUp("Was lost.", { again: true });
      await follow(subject.agent, await subject.agent.say(again, lost), first.cursor);
      expect(
        (await subject.messages(conversation.id)).filter((text) => text.includes("Was lost.")),
      ).toHaveLength(1);
    });

    it("tells a question as a question, and goes on with the answer", async () => {
      const conversation = await startWith((message) =>
        message.includes("second")
          ? [{ do: "finish", message: "Took the second." }]
          : [{ do: "answer", text: "There are two. Which one do you mean?" }],
      );
      const asked = await follow(subject.agent, conversation);
      expect(endOf(asked.events)).toEqual({
        type: "question",
        text: "There are two. Which one do you mean?",
      });
      const answered = await subject.agent.say(asked.conversation, followUp("The second one."));
      const { events } = await follow(subject.agent, answered, asked.cursor);
      expect(endOf(events)).toEqual({ type: "ended", reason: "finished", summary: "Took the second." });
    });

    it("stops an agent at once, and the conversation stays usable", async () => {
      const conversation = await startWith((message) =>
        message.includes("back") ? [{ do: "finish", message: "Back." }] : [{ do: "hang" }],
      );
      const begun = await follow(subject.agent, conversation, undefined, (event) => event.type === "working");
      const asked = Date.now();
      await subject.agent.stop(begun.conversation);
      const {
        events,
        cursor,
        conversation: stopped,
      } = await follow(subject.agent, begun.conversation, begun.cursor);
      expect(endOf(events)).toMatchObject({ type: "ended", reason: "stopped" });
      expect(Date.now() - asked).toBeLessThan(5_000);
      const back = await follow(
        subject.agent,
        await subject.agent.say(stopped, followUp("Come back.")),
        cursor,
      );
      expect(endOf(back.events)).toEqual({ type: "ended", reason: "finished", summary: "Back." });
    });

    it.each([
      ["auth", "auth"],
      ["rate_limit", "rate-limit"],
      ["config", "settings"],
    ])("tells a failure of the model with its class (%s)", async (kind, trouble) => {
      const code =
        { auth: "LLMAuthenticationError", rate_limit: "LLMRateLimitError" }[kind] ?? "LLMBadRequestError";
      const conversation = await startWith([{ do: "error", code, detail: "No such luck.", kind }]);
      const { events } = await follow(subject.agent, conversation);
      expect(endOf(events)).toMatchObject({
        type: "ended",
        reason: "error",
        trouble,
        detail: expect.stringMatching(/\w/),
      });
    });

    it("tells that an agent goes in circles", async () => {
      const conversation = await startWith([
        ...Array.from({ length: 8 }, (): ScriptStep => ({ do: "terminal", command: "false", exitCode: 1 })),
        { do: "stuck" },
      ]);
      expect(endOf((await follow(subject.agent, conversation)).events)).toMatchObject({
        type: "ended",
        reason: "stuck",
      });
    });

    it("says of a conversation that is gone that it is gone", async () => {
      const gone: Conversation = { agent: subject.agent === undefined ? "" : "x", id: randomUUID() };
      const { events, cursor } = await follow(subject.agent, gone);
      expect(endOf(events)).toMatchObject({ type: "ended", reason: "archived" });
      expect((await subject.agent.read(gone, cursor)).events).toEqual([]);
      const refused = await subject.agent.say(gone, followUp("Hello?")).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(Failure);
      expect(refused).toMatchObject({ kind: "not-found" });
    });

    it("checks itself: reachable, right credentials", async () => {
      expect(await subject.agent.check()).toMatchObject({ ok: true });
    });

    it("says what to do about wrong credentials, and never shows them", async () => {
      const check = await subject.stranger.check();
      expect(check).toMatchObject({ ok: false, cure: expect.stringMatching(/\w/) });
      expect(JSON.stringify(check)).not.toContain("wrong-key");
      await expect(subject.stranger.start(order())).rejects.toMatchObject({ kind: "bad-credentials" });
    });
  });
};
