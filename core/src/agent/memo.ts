import type { Conversation } from "../work/run.ts";

/** The conversation with other things remembered; `undefined` forgets. */
export const withMemo = (
  conversation: Conversation,
  change: Readonly<Record<string, string | undefined>>,
): Conversation => {
  const entries = Object.entries({ ...conversation.memo, ...change });
  const memo = Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return { ...conversation, memo };
};
