import type { PageRun } from "../messages.ts";
import { change, type KeptRun, mostKeptRuns, read } from "../storage.ts";

const over = new Set<PageRun["state"]>(["done", "failed", "stopped"]);
export const isLive = (run: PageRun): boolean => !over.has(run.state);

/** Keeps the newest state of a run, by its id. */
export const keepRun = (kept: KeptRun): Promise<void> =>
  change("runs", (runs) => {
    const before = runs.find((known) => known.run.id === kept.run.id);
    const others = runs.filter((known) => known.run.id !== kept.run.id);
    const next = { ...before, ...kept };
    if (before === undefined) return [next, ...others].slice(0, mostKeptRuns);
    return runs.map((known) => (known.run.id === kept.run.id ? next : known));
  });

export const runsOf = async (pageUrl: string): Promise<readonly KeptRun[]> =>
  (await read("runs")).filter((kept) => kept.pageUrl === pageUrl);

export const findRun = async (id: string): Promise<KeptRun | undefined> =>
  (await read("runs")).find((kept) => kept.run.id === id);

export const findAsk = async (key: string): Promise<KeptRun | undefined> =>
  (await read("runs")).find((kept) => kept.key === key);

/** Shows on the toolbar how many runs of this browser are going on. */
export const showBadge = async (): Promise<void> => {
  const live = (await read("runs")).filter(({ run }) => isLive(run)).length;
  await chrome.action.setBadgeText({ text: live === 0 ? "" : String(live) });
  await chrome.action.setBadgeBackgroundColor({ color: "#5a3fd6" });
  await chrome.action.setTitle({ title: live === 0 ? "Ask OpenHands" : `Ask OpenHands: ${live} at work` });
};
