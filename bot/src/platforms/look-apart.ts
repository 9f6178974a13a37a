import { Failure } from "@ask-openhands/core/failure.ts";
import * as z from "zod";
import type { Log } from "../log.ts";

/** What is looked through, for the log. */
type Where = Readonly<Record<string, unknown>>;

/** Looks through several things one after the other, so that trouble with one does not make the others deaf. */
export interface LookApart {
  /** A whole connection: whatever goes wrong, the next one is asked. */
  connection<T>(where: Where, found: AsyncIterable<T>): AsyncIterable<T>;
  /** One repository, project or ticket of a connection: the next one is asked, unless the trouble is the connection's. */
  part<T>(where: Where, found: AsyncIterable<T>): AsyncIterable<T>;
  /** How much may be over later. */
  passing(): number;
  /** Throws what may be over later, so that the same time is looked through again. Anything else (a revoked token, a repository taken away) was told and is left. */
  end(): void;
}

/** `ofConnection`: trouble that all parts of a connection would have, so that it is told once. */
export const createLookApart = (
  log: Log,
  sentence: string,
  ofConnection: readonly Failure["kind"][] = ["rate-limited", "bad-credentials"],
): LookApart => {
  const troubles: unknown[] = [];

  const note = (where: Where, error: unknown): void => {
    log.warn({ ...where, error: error instanceof Failure ? error.hint : String(error) }, sentence);
    const isFinal = error instanceof z.ZodError || (error instanceof Failure && !error.passing);
    if (!isFinal) troubles.push(error);
  };

  return {
    async *connection(where, found) {
      try {
        yield* found;
      } catch (error) {
        note(where, error);
      }
    },
    async *part(where, found) {
      try {
        yield* found;
      } catch (error) {
        if (error instanceof Failure && ofConnection.includes(error.kind)) throw error;
        note(where, error);
      }
    },
    passing: () => troubles.length,
    end() {
      if (troubles.length > 0) throw troubles[0];
    },
  };
};
