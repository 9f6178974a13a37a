import type { Log } from "../log.ts";

/** Logs something bad about a source; all but the first in a second only count. */
export type Complain = (
  log: Log,
  source: string,
  message: string,
  fields: Readonly<Record<string, unknown>>,
) => void;

interface Seen {
  readonly since: number;
  silent: number;
}

const quiet = 1_000;
/** Sources remembered at once; a flood from more addresses than this logs a little more, and takes no more memory. */
const most = 10_000;

/** One line a second per source, with the number of those kept back; payloads never reach the log. */
export const createComplain = (now: () => number): Complain => {
  const seen = new Map<string, Seen>();
  return (log, source, message, fields) => {
    const at = now();
    const last = seen.get(source);
    if (last !== undefined && at - last.since < quiet) {
      last.silent += 1;
      return;
    }
    if (seen.size >= most) seen.clear();
    seen.set(source, { since: at, silent: 0 });
    log.warn(
      { source, ...fields, ...(last === undefined || last.silent === 0 ? {} : { keptBack: last.silent }) },
      message,
    );
  };
};
