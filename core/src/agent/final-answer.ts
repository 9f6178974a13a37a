import { type OpenHandsEvent, textOf } from "../wire/openhands-event.ts";

/** The agent's last words in a part of the history, newest event first: what it finished with, else its last message. `undefined`: none in here. */
export const finalAnswer = (newestFirst: readonly OpenHandsEvent[]): string | undefined => {
  for (const event of newestFirst) {
    // Words before the newest user message belong to an earlier turn.
    if (event.kind === "MessageEvent" && event.source === "user") return undefined;
    if (event.kind === "ActionEvent" && event.tool_name === "finish") return event.action?.message ?? "";
    if (event.kind === "MessageEvent" && event.source === "agent") return textOf(event.llm_message?.content);
  }
  return undefined;
};
