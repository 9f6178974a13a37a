import { ProblemError } from "@ask-openhands/core/api/client.ts";
import { Failure } from "@ask-openhands/core/failure.ts";

/** Expected trouble of the extension itself: a sentence and what to do. */
export class Trouble extends Error {
  readonly cure: string | undefined;

  constructor(detail: string, cure?: string) {
    super(detail);
    this.name = "Trouble";
    this.cure = cure;
  }
}

/** What a page is told when something went wrong: sentences of ours or of the bot, never a stack or an address with a token. */
export const describeTrouble = (
  cause: unknown,
): { readonly detail: string; readonly cure?: string | undefined } => {
  if (cause instanceof Trouble) return { detail: cause.message, cure: cause.cure };
  if (cause instanceof Failure) return { detail: cause.hint };
  if (cause instanceof ProblemError) {
    if (cause.problem.status === 401)
      return {
        detail: "The bot no longer knows this browser.",
        cure: "Pair it again in the popup of Ask OpenHands.",
      };
    return { detail: cause.problem.detail, cure: cause.problem.cure };
  }
  return {
    detail: "Something went wrong in the extension.",
    cure: "Try again; if it stays, reload the extension.",
  };
};
