import { Failure } from "@ask-openhands/core/failure.ts";

/** One sentence on what went wrong with a server. What no client of ours expected (a list that is none) is named without anything that the server said. */
export const hintOf = (cause: unknown, host: string): string => {
  if (cause instanceof Failure) return cause.hint;
  const name = cause instanceof Error ? cause.name : "unknown";
  return `${host} gave an answer that we do not understand (${name}). Check that the address is the one of its API.`;
};
