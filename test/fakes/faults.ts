import { type FakeRequest, matchPath, pathPattern } from "./routes.ts";

/**
 * What goes wrong, and for which requests. Without `method` and `path` it is the next request, whatever it is.
 * Of what goes wrong, `delayMs` may stand with any other; the rest exclude each other.
 */
export interface Fault {
  readonly method?: string | undefined;
  /** A route path (`/repos/:owner/:name/*`) or an expression over the raw path. */
  readonly path?: string | RegExp | undefined;
  /** How many requests it spoils; 1 when not given, `Infinity` for all. */
  readonly times?: number | undefined;
  /** How many fitting requests pass first. */
  readonly after?: number | undefined;
  /** Share of fitting requests that it spoils, 0 to 1. */
  readonly chance?: number | undefined;

  /** Answers this status, without the effect. */
  readonly status?: number | undefined;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `Retry-After`: seconds, or any text (an HTTP date). */
  readonly retryAfter?: number | string | undefined;
  /** Answers an HTML page (with `status`, else 200), without the effect. */
  readonly html?: boolean | undefined;
  /** Waits before anything else. */
  readonly delayMs?: number | undefined;
  /** Resets the connection before the effect. */
  readonly drop?: boolean | undefined;
  /** The effect happens, but the answer never arrives: the connection is reset. */
  readonly dropAfterEffect?: boolean | undefined;
  /** The effect happens, and the answer is this status with an error page. */
  readonly statusAfterEffect?: number | undefined;
  /** The effect happens, and the connection is reset in the middle of the answer's body. */
  readonly cut?: boolean | undefined;
  /** The effect happens, and the answer comes byte by byte, this many milliseconds apart. */
  readonly dripMs?: number | undefined;
  /** Never answers. */
  readonly hang?: boolean | undefined;
}

export interface Faults {
  /** Returns a function that takes the fault back. */
  add(fault: Fault): () => void;
  clear(): void;
  /** The fault that spoils this request, if any; counts it. */
  pick(request: FakeRequest): Fault | undefined;
}

interface Armed {
  readonly fault: Fault;
  readonly pattern: RegExp | undefined;
  left: number;
  passing: number;
}

const patternOf = (path: string | RegExp | undefined): RegExp | undefined =>
  typeof path === "string" ? pathPattern(path) : path;

/** `random` gives 0 (included) to 1 (excluded); a seeded one makes a test repeatable. */
export const createFaults = (random: () => number = Math.random): Faults => {
  let armed: Armed[] = [];

  const fits = ({ fault, pattern }: Armed, request: FakeRequest): boolean => {
    if (fault.method !== undefined && fault.method !== request.method) return false;
    return pattern === undefined || matchPath(pattern, request.path) !== undefined;
  };

  const spoils = (one: Armed, request: FakeRequest): boolean => {
    if (!fits(one, request)) return false;
    if (one.passing > 0) {
      one.passing -= 1;
      return false;
    }
    if (one.fault.chance !== undefined && random() >= one.fault.chance) return false;
    one.left -= 1;
    return true;
  };

  return {
    add(fault) {
      const one: Armed = {
        fault,
        pattern: patternOf(fault.path),
        left: fault.times ?? 1,
        passing: fault.after ?? 0,
      };
      armed.push(one);
      return () => {
        armed = armed.filter((other) => other !== one);
      };
    },
    clear() {
      armed = [];
    },
    pick(request) {
      const found = armed.find((one) => spoils(one, request));
      armed = armed.filter((one) => one.left > 0);
      return found?.fault;
    },
  };
};
