import { Failure } from "@ask-openhands/core/failure.ts";
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from "cockatiel";

export interface OutsideCall {
  /** What fails together: a host, or one connection to it. */
  readonly host: string;
  /** For the sentence when it does not answer: "GitHub", "OpenHands". */
  readonly name: string;
  /** Milliseconds after which it counts as not answering. */
  readonly within: number;
}

/** Every call to the outside: bounded in time, one `Failure` for whatever goes wrong, and hosts that are down are left alone for a while. */
export interface Outside {
  call<Result>(call: OutsideCall, work: () => Promise<Result>): Promise<Result>;
}

export interface OutsideSettings {
  /** How long a host is left alone before one call tries it again, in milliseconds. */
  readonly pause?: number | undefined;
  /** Time of the engine; never goes back. */
  readonly now?: (() => number) | undefined;
  /** Milliseconds that the time of the clients, in which they say when to come back, is ahead of it. */
  readonly lag?: (() => number) | undefined;
  answered?(host: string, outcome: string): void;
  /** Told of errors that are no `Failure`: those are mistakes of ours. */
  surprised?(host: string, cause: unknown): void;
}

const failuresInARow = 5;
/** Beyond this a breaker that is still open is a matter of a clock that was set back. */
const clockDoubt = 1_000;

/** True when nothing was asked because the host is being left alone: waiting for it is no failed try. */
export const wasLeftAlone = (failure: Failure): boolean => failure.cause instanceof BrokenCircuitError;

const isDown = (cause: unknown): boolean =>
  cause instanceof Failure && cause.kind === "unavailable" && cause.status !== 429;

const bounded = async <Result>(call: OutsideCall, work: () => Promise<Result>): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new Failure(
            "unavailable",
            `${call.name} did not answer within ${Math.round(call.within / 1000)} seconds.`,
          ),
        ),
      call.within,
    );
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** One breaker per host: opens after five failures in a row, lets one call through after the pause. Waiting work loses nothing by it. */
export const createOutside = (settings: OutsideSettings = {}): Outside => {
  const pause = settings.pause ?? 30_000;
  const now = settings.now ?? Date.now;
  const lag = settings.lag ?? (() => 0);
  const breakers = new Map<
    string,
    { readonly policy: ReturnType<typeof circuitBreaker>; openedAt: number }
  >();

  const breakerOf = (host: string) => {
    const known = breakers.get(host);
    // cockatiel reads the machine's clock: set back by an hour, it would leave the host alone for that hour.
    const isStuck = known?.policy.state === CircuitState.Open && now() - known.openedAt > pause + clockDoubt;
    if (known !== undefined && !isStuck) return known;
    const made = {
      policy: circuitBreaker(handleWhen(isDown), {
        halfOpenAfter: pause,
        breaker: new ConsecutiveBreaker(failuresInARow),
      }),
      openedAt: 0,
    };
    made.policy.onBreak(() => {
      made.openedAt = now();
    });
    breakers.set(host, made);
    return made;
  };

  const inEngineTime = (failure: Failure): Failure => {
    const difference = lag();
    if (failure.retryAt === undefined || Math.abs(difference) < clockDoubt) return failure;
    const { kind, hint, status, cause } = failure;
    return new Failure(kind, hint, { status, cause, retryAt: failure.retryAt - difference });
  };

  const toFailure = (call: OutsideCall, cause: unknown, openedAt: number): Failure => {
    if (cause instanceof Failure) return inEngineTime(cause);
    if (cause instanceof BrokenCircuitError) {
      return new Failure(
        "unavailable",
        `${call.name} has not answered several times in a row; it is tried again soon.`,
        { retryAt: openedAt + pause, cause },
      );
    }
    settings.surprised?.(call.host, cause);
    return new Failure(
      "unexpected-reply",
      `Something unexpected happened between the bot and ${call.name}; the bot's log says more.`,
      { cause },
    );
  };

  return {
    call: async (call, work) => {
      const breaker = breakerOf(call.host);
      try {
        const result = await breaker.policy.execute(() => bounded(call, work));
        settings.answered?.(call.host, "ok");
        return result;
      } catch (cause) {
        const failure = toFailure(call, cause, breaker.openedAt);
        settings.answered?.(call.host, breaker.policy.state === CircuitState.Open ? "down" : failure.kind);
        throw failure;
      }
    },
  };
};
