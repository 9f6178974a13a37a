/**
 * Things that wait, by a number of their own. A `Map` would do, but its table is made anew again and again under many short waits, and each old table
 * keeps what was in it, and all newer tables, until the next full garbage collection: https://github.com/v8/v8/blob/main/src/objects/ordered-hash-table.h
 */
export interface Slots<Value> {
  /** The number under which it waits; free again after `take`. */
  put(value: Value): number;
  take(slot: number): Value | undefined;
  /** What waits now, in no order. */
  all(): readonly Value[];
}

export const createSlots = <Value>(): Slots<Value> => {
  const values: (Value | undefined)[] = [];
  const free: number[] = [];
  return {
    put: (value) => {
      const slot = free.pop() ?? values.length;
      values[slot] = value;
      return slot;
    },
    take: (slot) => {
      const value = values[slot];
      if (value === undefined) return undefined;
      values[slot] = undefined;
      free.push(slot);
      return value;
    },
    all: () => values.filter((value) => value !== undefined),
  };
};
