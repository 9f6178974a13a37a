import { randomUUID } from "node:crypto";
import type { ScriptStep } from "./script.ts";

/** An event as OpenHands' servers write it. */
export type RawEvent = Readonly<Record<string, unknown>> & { readonly id: string; readonly kind: string };

type Source = "agent" | "user" | "environment";

/** Naive, in the time zone of the server's machine, as the real ones are; here UTC. */
const timestamp = (now: number): string => `${new Date(now).toISOString().replace("Z", "")}000`;

const text = (value: string): Readonly<Record<string, unknown>> => ({ type: "text", text: value });

/** Writes events with the fields that openhands-agent-server 1.58 gives them. */
export const createEvents = (now: () => number) => {
  const event = (kind: string, source: Source, fields: Readonly<Record<string, unknown>>): RawEvent => ({
    id: randomUUID(),
    timestamp: timestamp(now()),
    source,
    ...fields,
    kind,
  });

  return {
    raw: (fields: Readonly<Record<string, unknown>>): RawEvent =>
      event(String(fields["kind"] ?? "UnheardOfEvent"), "environment", fields),
    message: (source: Source, content: readonly unknown[]): RawEvent => {
      const role = source === "agent" ? "assistant" : "user";
      return event("MessageEvent", source, {
        llm_message: { role, content },
        activated_skills: [],
        extended_content: [],
      });
    },
    says: (words: string): readonly unknown[] => [text(words)],
    action: (tool: string, action: Readonly<Record<string, unknown>>, summary?: string): RawEvent => {
      const call = `call_${randomUUID().slice(0, 8)}`;
      const { kind: _, ...args } = action;
      return event("ActionEvent", "agent", {
        thought: [text("")],
        action,
        tool_name: tool,
        tool_call_id: call,
        tool_call: { id: call, name: tool, arguments: JSON.stringify(args), origin: "completion" },
        llm_response_id: randomUUID(),
        security_risk: "UNKNOWN",
        // Without words of the model the server writes the call itself.
        summary: summary ?? `${tool}: ${JSON.stringify(args)}`,
      });
    },
    observation: (of: RawEvent, observation: Readonly<Record<string, unknown>>, output: string): RawEvent =>
      event("ObservationEvent", "environment", {
        tool_name: of["tool_name"],
        tool_call_id: of["tool_call_id"],
        action_id: of.id,
        observation: { content: [text(output)], is_error: false, ...observation },
        extended_content: [],
      }),
    toolError: (of: RawEvent, error: string): RawEvent =>
      event("AgentErrorEvent", "agent", {
        tool_name: of["tool_name"],
        tool_call_id: of["tool_call_id"],
        error,
        classification: { kind: "agent_action", retryable: true, user_action: "retry" },
      }),
    state: (key: string, value: unknown): RawEvent =>
      event("ConversationStateUpdateEvent", "environment", { key, value }),
    runError: ({ code, detail, kind }: Extract<ScriptStep, { do: "error" }>): RawEvent =>
      event("ConversationErrorEvent", "environment", {
        code,
        detail,
        classification: { kind: kind ?? "unknown", retryable: false, user_action: "none" },
      }),
    interrupt: (): RawEvent => event("InterruptEvent", "user", {}),
  };
};
