/** The time that work is planned by: epoch milliseconds that never go back and never leap while requests are under way. */
export interface SteadyClock {
  now(): number;
  /** Milliseconds that the clock of the machine (or the database) is ahead of this one; negative while it is behind. */
  lag(): number;
  /** Takes over the time of the clock outside when that is ahead: for moments when nothing is under way that was begun by the old time. */
  catchUp(): void;
  /** What was stored by an earlier process was stored before now, whatever the clock says. */
  notBefore(at: number): void;
}

export interface SteadyClockSettings {
  /** Epoch milliseconds, which somebody may set. */
  readonly wall?: (() => number) | undefined;
  /** Milliseconds that only pass. */
  readonly monotonic?: (() => number) | undefined;
}

/** Differences up to this are made up at once: clocks are disciplined in such steps all the time. */
const smallStep = 1_000;
/** Share of its speed while it is ahead, so that the clock outside comes nearer. */
const slower = 0.9;

/**
 * Leases, wake times and "wait until the old request must have ended" are differences of times, and a clock that is set makes all of them wrong: set back,
 * everything sleeps for hours; set forward, a request that is still under way counts as ended and is made twice. This clock passes like the monotonic one.
 */
export const createSteadyClock = ({
  wall = Date.now,
  monotonic = () => performance.now(),
}: SteadyClockSettings = {}): SteadyClock => {
  let last = monotonic();
  let time = wall();

  const pass = (): number => {
    const at = monotonic();
    const passed = Math.max(0, at - last);
    last = at;
    const outside = wall();
    const behind = outside - (time + passed);
    if (behind < 0) time = Math.max(outside, time + passed * slower);
    else time = behind <= smallStep ? outside : time + passed;
    return time;
  };

  return {
    now: () => Math.floor(pass()),
    lag: () => wall() - pass(),
    catchUp: () => {
      time = Math.max(pass(), wall());
    },
    notBefore: (at) => {
      time = Math.max(pass(), at);
    },
  };
};
