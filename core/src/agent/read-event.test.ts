import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventPage, type OpenHandsEvent } from "../wire/openhands-event.ts";
import type { AgentEvent } from "./agent.ts";
import { freshProgress, type Progress } from "./progress.ts";
import { readEvents } from "./read-event.ts";

const facts = { now: Date.UTC(2026, 0, 1), repositoryUrl: "https://github.com/acme/shop" };
let next = 0;

const raw = (kind: string, fields: object = {}): Record<string, unknown> => ({
  id: `e${++next}`,
  kind,
  timestamp: "2026-01-01T00:00:00.000001",
  source: "agent",
  ...fields,
});

const parse = (...events: readonly unknown[]): readonly OpenHandsEvent[] =>
  EventPage.parse({ items: events, next_page_id: null }).items.filter((event) => event !== null);

const read = (events: readonly unknown[], progress: Progress = freshProgress) =>
  readEvents(progress, parse(...events), facts);

const user = (text: string) =>
  raw("MessageEvent", { source: "user", llm_message: { role: "user", content: [{ type: "text", text }] } });
const says = (text: string) =>
  raw("MessageEvent", { llm_message: { role: "assistant", content: [{ type: "text", text }] } });
const terminal = (command: string, output: string, exit_code: number | null = 0) => {
  const action = raw("ActionEvent", {
    tool_name: "terminal",
    tool_call_id: `c${next}`,
    action: { kind: "TerminalAction", command },
    summary: "",
  });
  const observation = {
    kind: "TerminalObservation",
    command,
    exit_code,
    content: [{ type: "text", text: output }],
    is_error: false,
  };
  return [
    action,
    raw("ObservationEvent", {
      source: "environment",
      tool_name: "terminal",
      action_id: action["id"],
      observation,
    }),
  ];
};
const of = (events: readonly AgentEvent[], type: AgentEvent["type"]) =>
  events.filter((event) => event.type === type);

describe("reading events", () => {
  it("tells nothing of what people need not see", () => {
    const hidden = [
      "SystemPromptEvent",
      "Condensation",
      "CondensationRequest",
      "TokenEvent",
      "StreamingDeltaEvent",
      "LLMCompletionLogEvent",
      "HookExecutionEvent",
    ];
    expect(read(hidden.map((kind) => raw(kind))).events).toEqual([]);
    expect(read([raw("ActionEvent", { action: { kind: "ThinkAction", thought: "hm" } })]).events).toEqual([]);
  });

  it("never fails, whatever an event looks like", () => {
    const kinds = [
      "ActionEvent",
      "ObservationEvent",
      "MessageEvent",
      "AgentErrorEvent",
      "ConversationStateUpdateEvent",
      "ConversationErrorEvent",
      "ACPToolCallEvent",
      "PauseEvent",
      "NeverHeardOf",
    ];
    const fields = [
      "id",
      "timestamp",
      "source",
      "action",
      "observation",
      "llm_message",
      "tool_call_id",
      "action_id",
      "key",
      "value",
      "code",
      "classification",
      "summary",
    ];
    const event = fc.oneof(
      fc.anything(),
      fc
        .record({
          kind: fc.constantFrom(...kinds),
          fields: fc.dictionary(fc.constantFrom(...fields), fc.anything()),
        })
        .map((one) => ({ kind: one.kind, ...one.fields })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (events) => read(events).events.length >= 0),
      { numRuns: 500 },
    );
  });

  it("marks a command as failed by its exit code, and one that still runs not", () => {
    expect(of(read(terminal("false", "", 1)).events, "step-failed")).toHaveLength(1);
    expect(of(read(terminal("npm start", "", -1)).events, "step-failed")).toEqual([]);
    expect(of(read(terminal("true", "", null)).events, "step-failed")).toEqual([]);
  });

  it("holds the answer back, and says it when more work follows", () => {
    const first = read([user("Hi"), says("I begin with the tests.")]);
    expect(first.events).toEqual([]);
    expect(first.progress.ended).toBe(true);
    const second = read(terminal("ls", ""), first.progress);
    expect(of(second.events, "said")).toEqual([{ type: "said", text: "I begin with the tests." }]);
    expect(second.progress.ended).toBe(false);
  });

  it("begins a new turn with every message of a person", () => {
    const worked = read([user("One"), ...terminal("git push", "To x\n * [new branch] a -> a\n")]);
    expect(worked.progress).toMatchObject({ news: true, delivered: true });
    const asked = read([user("Two (ref: github:github.com:comment:2)")], worked.progress);
    expect(asked.progress).toMatchObject({
      news: false,
      delivered: false,
      heard: ["github:github.com:comment:2"],
    });
  });

  it("tells a pull request that the agent opened, once", () => {
    const { events } = read([
      user("Go"),
      ...terminal("gh pr create --fill", "https://github.com/acme/shop/pull/8\n"),
      raw("ActionEvent", {
        tool_name: "finish",
        action: { kind: "FinishAction", message: "See https://github.com/acme/shop/pull/8" },
      }),
    ]);
    expect(of(events, "pull-request")).toEqual([
      { type: "pull-request", pullRequest: { url: "https://github.com/acme/shop/pull/8", number: 8 } },
    ]);
  });

  it("keeps to the pull request that was opened, whatever others the agent names", () => {
    const says = (message: string) =>
      raw("ActionEvent", { tool_name: "finish", action: { kind: "FinishAction", message } });
    const { events, progress } = read([
      user("Go"),
      ...terminal("gh pr create --fill", "https://github.com/acme/shop/pull/7\n"),
      says("As in https://github.com/acme/shop/pull/3 I opened https://github.com/acme/shop/pull/7"),
      user("And?"),
      says("https://github.com/acme/shop/pull/3 is similar."),
    ]);
    expect(of(events, "pull-request")).toEqual([
      { type: "pull-request", pullRequest: { url: "https://github.com/acme/shop/pull/7", number: 7 } },
    ]);
    expect(progress.pullRequest).toBe(7);
  });

  it("marks what the agent's words alone tell, until what opened it prints it", () => {
    const pullRequest = { url: "https://github.com/acme/shop/pull/8", number: 8 };
    const { events } = read([
      user("Go"),
      raw("ActionEvent", {
        tool_name: "finish",
        action: { kind: "FinishAction", message: `See ${pullRequest.url}` },
      }),
      user("Go on"),
      ...terminal("gh pr create --fill", `${pullRequest.url} already exists`),
    ]);
    expect(of(events, "pull-request")).toEqual([
      { type: "pull-request", pullRequest: { ...pullRequest, said: true } },
      { type: "pull-request", pullRequest },
    ]);
  });

  it("does not take pull requests of others for the agent's", () => {
    const listed = terminal(
      "gh pr list --json url",
      "https://github.com/acme/shop/pull/3\nhttps://github.com/acme/shop/pull/4",
    );
    const finish = raw("ActionEvent", {
      tool_name: "finish",
      action: {
        kind: "FinishAction",
        message:
          "I reviewed https://github.com/acme/shop/pull/3; it is like https://github.com/other/thing/pull/9.",
      },
    });
    const { events, progress } = read([
      user("Look at https://github.com/acme/shop/pull/3 please"),
      ...listed,
      finish,
    ]);
    expect(of(events, "pull-request")).toEqual([]);
    expect(progress.delivered).toBe(false);
  });

  it("tells cost when it changes, over all models", () => {
    const stats = (a: number, b: number) =>
      raw("ConversationStateUpdateEvent", {
        key: "stats",
        value: { usage_to_metrics: { agent: { accumulated_cost: a }, condenser: { accumulated_cost: b } } },
      });
    expect(read([stats(0, 0), stats(0.25, 0.5), stats(0.25, 0.5), stats(1, 0.5)]).events).toEqual([
      { type: "cost", usd: 0.75 },
      { type: "cost", usd: 1.5 },
    ]);
  });

  it("marks the call that an agent error names, by the call", () => {
    const [action] = terminal("x", "");
    const error = raw("AgentErrorEvent", { tool_call_id: action?.["tool_call_id"], error: "no such tool" });
    expect(of(read([action, error]).events, "step-failed")).toEqual([
      { type: "step-failed", id: action?.["id"] },
    ]);
  });

  it("tells a call of another agent (ACP) once, when it is over", () => {
    const call = (status: string) =>
      raw("ACPToolCallEvent", { tool_call_id: "t1", title: "Read src/a.ts", status });
    expect(of(read([call("pending"), call("in_progress"), call("completed")]).events, "step")).toMatchObject([
      { step: { text: "Read src/a.ts", failed: false } },
    ]);
  });

  it("hides what the environment says in a person's name", () => {
    const nudge = raw("MessageEvent", {
      source: "environment",
      llm_message: { role: "user", content: [{ type: "text", text: "You seem stuck." }] },
    });
    const asked = user("Go");
    const { progress, events } = read([asked, nudge]);
    expect([progress.turn, events]).toEqual([asked["id"], []]);
  });
});
