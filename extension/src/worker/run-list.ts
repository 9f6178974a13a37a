import type { PageRun } from "../messages.ts";
import { type KeptRun, mostKeptRuns } from "../storage.ts";

const over = new Set<PageRun["state"]>(["done", "failed", "stopped"]);
export const isLive = (run: PageRun): boolean => !over.has(run.state);

/** The runs that this browser knows, newest first. `change` lets no other change come in between. */
export interface RunList {
  readonly read: () => Promise<readonly KeptRun[]>;
  readonly change: (by: (runs: readonly KeptRun[]) => readonly KeptRun[]) => Promise<void>;
}

/** An order may carry long texts of the page, and what the browser stores is bounded. */
const mostKeptOrders = 5;

/** The newest state of a run in its place. A second end is told too, and an answer came. */
const renew = (before: KeptRun, kept: KeptRun): KeptRun => {
  const { misses: _misses, ...next } = { ...before, ...kept };
  return isLive(next.run) ? { ...next, told: false } : next;
};

/** The list with this state of a run. A state that is older than the known one, because its answer took longer, changes nothing. */
export const withRun = (runs: readonly KeptRun[], kept: KeptRun): readonly KeptRun[] => {
  const before = runs.find((known) => known.run.id === kept.run.id);
  if (before === undefined)
    return [kept, ...runs].slice(0, mostKeptRuns).map((known, index) => {
      if (index < mostKeptOrders || known.order === undefined) return known;
      const { order: _order, ...rest } = known;
      return rest;
    });
  if (before.run.version > kept.run.version) return runs;
  return runs.map((known) => (known === before ? renew(before, kept) : known));
};
