import { withinTime } from "../intake/within-time.ts";

/** What comes within so many milliseconds, else `undefined`: for what a delivery can do without. */
export const inTime = <T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> =>
  withinTime<T | undefined>(work, milliseconds, () => undefined);
