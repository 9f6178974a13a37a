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

/** So much trouble is remembered as told. */
const mostTold = 1_000;

/**
 * Makes one for each look. What was told of one thing is not told again before it went well: a project without merge requests would fill the log.
 * `ofConnection`: trouble that all parts of a connection would have, so that it is told once.
 */
export const createLooksApart = (
  log: Log,
  sentence: string,
  ofConnection: readonly Failure["kind"][] = ["rate-limited", "bad-credentials"],
): (() => LookApart) => {
  const told = new Map<string, string>();

  const tell = (where: Where, error: string): void => {
    const key = JSON.stringify(where);
    log[told.get(key) === error ? "debug" : "warn"]({ ...where, error }, sentence);
    if (told.size >= mostTold) told.clear();
    told.set(key, error);
  };

  return () => {
    const troubles: unknown[] = [];

    async function* apart<T>(where: Where, found: AsyncIterable<T>, above: readonly Failure["kind"][]) {
      try {
        yield* found;
        told.delete(JSON.stringify(where));
      } catch (error) {
        if (error instanceof Failure && above.includes(error.kind)) throw error;
        tell(where, error instanceof Failure ? error.hint : String(error));
        const isFinal = error instanceof z.ZodError || (error instanceof Failure && !error.passing);
        if (!isFinal) troubles.push(error);
      }
    }

    return {
      connection: (where, found) => apart(where, found, []),
      part: (where, found) => apart(where, found, ofConnection),
      passing: () => troubles.length,
      end() {
        if (troubles.length > 0) throw troubles[0];
      },
    };
  };
};
