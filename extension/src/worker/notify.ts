import { change, type KeptRun, read } from "../storage.ts";
import { isLive, showBadge } from "./runs.ts";
import { findWay } from "./ways.ts";

const alarm = "runs";

const endings: Readonly<Record<string, string>> = {
  done: "is done",
  failed: "failed",
  stopped: "was stopped",
};

const tell = async ({ run }: KeptRun): Promise<void> => {
  const { notify } = await read("preferences");
  // The permission is asked for by the switch in the options; without it the badge is all there is.
  if (!notify || !(await chrome.permissions.contains({ permissions: ["notifications"] }))) return;
  const { 128: iconUrl } = chrome.runtime.getManifest().icons ?? {};
  if (iconUrl === undefined) return;
  await chrome.notifications.create(`run-${run.id}`, {
    type: "basic",
    iconUrl: chrome.runtime.getURL(iconUrl),
    title: `OpenHands ${endings[run.state] ?? "ended"}: ${run.place.label}`,
    message: (run.outcome?.summary ?? run.outcome?.hint ?? run.request).replace(/\s+/g, " ").slice(0, 200),
  });
};

/** Asks for news of the runs of this browser that are going on, shows their number, and tells of those that ended. */
export const lookAtRuns = async (): Promise<void> => {
  for (const kept of (await read("runs")).filter(({ run }) => isLive(run))) {
    const way = await findWay(kept.through);
    // No way or no answer now: the next look tries again.
    await way?.follow(kept).catch(() => undefined);
  }
  for (const kept of (await read("runs")).filter(({ run, told }) => !isLive(run) && told !== true)) {
    await change("runs", (runs) =>
      runs.map((known) => (known.run.id === kept.run.id ? { ...known, told: true } : known)),
    );
    await tell(kept);
  }
  await showBadge();
  await planLook();
};

/** The worker sleeps between two looks; there is an alarm only while something is going on. */
export const planLook = async (): Promise<void> => {
  const live = (await read("runs")).some(({ run }) => isLive(run));
  if (live) await chrome.alarms.create(alarm, { periodInMinutes: 0.5 });
  else await chrome.alarms.clear(alarm);
};

export const hearAlarms = (): void => {
  chrome.alarms.onAlarm.addListener(({ name }) => {
    if (name === alarm) void lookAtRuns();
  });
};

/** A click on a notification opens the place of its run. The permission may come later, so this is called again then. */
export const hearClicks = (): void => {
  chrome.notifications?.onClicked.addListener(async (id) => {
    const kept = (await read("runs")).find(({ run }) => `run-${run.id}` === id);
    if (kept !== undefined) await chrome.tabs.create({ url: kept.pageUrl });
    await chrome.notifications.clear(id);
  });
};
