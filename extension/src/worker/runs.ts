import { change, type KeptRun, read } from "../storage.ts";
import { isLive, type RunList, withRun } from "./run-list.ts";

/** The list that `storage.local` keeps. */
export const runList: RunList = {
  read: () => read("runs"),
  change: (by) => change("runs", by),
};

/** Keeps the newest state of a run, by its id. */
export const keepRun = (kept: KeptRun): Promise<void> => runList.change((runs) => withRun(runs, kept));

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
