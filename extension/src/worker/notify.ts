import { change, type KeptRun, read } from "../storage.ts";
import { afterMiss } from "./lose.ts";
import { lookAlarm, planLook } from "./plan-look.ts";
import { isLive } from "./run-list.ts";
import { showBadge } from "./runs.ts";
import { Trouble } from "./trouble.ts";
import { findWay } from "./ways.ts";

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

const follow = async (kept: KeptRun): Promise<void> => {
  try {
    const way = await findWay(kept.through);
    if (way === undefined) throw new Trouble("OpenHands is not connected.");
    await way.follow(kept);
  } catch (cause) {
    // The next look tries again, as long as there is hope; a browser without a network has asked nobody.
    if (!navigator.onLine) return;
    await change("runs", (runs) =>
      runs.map((known) => (known.run.id === kept.run.id ? afterMiss(known, cause) : known)),
    );
  }
};

const look = async (): Promise<void> => {
  await Promise.all((await read("runs")).filter(({ run }) => isLive(run)).map(follow));
  for (const kept of (await read("runs")).filter(({ run, told }) => !isLive(run) && told !== true)) {
    await change("runs", (runs) =>
      runs.map((known) => (known.run.id === kept.run.id ? { ...known, told: true } : known)),
    );
    await tell(kept);
  }
  await showBadge();
  await planLook();
};

let looking: Promise<void> | undefined;

/** Asks for news of the runs of this browser that are going on, shows their number, and tells of those that ended. */
export const lookAtRuns = (): Promise<void> => {
  // A look may take longer than the half minute to the next one.
  looking ??= look().finally(() => {
    looking = undefined;
  });
  return looking;
};

export const hearAlarms = (): void => {
  chrome.alarms.onAlarm.addListener(({ name }) => {
    if (name === lookAlarm) void lookAtRuns();
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
