import { read } from "../storage.ts";
import { isLive } from "./run-list.ts";

export const lookAlarm = "runs";

/** The worker sleeps between two looks; there is an alarm only while something is going on. */
export const planLook = async (): Promise<void> => {
  const live = (await read("runs")).some(({ run }) => isLive(run));
  if (!live) await chrome.alarms.clear(lookAlarm);
  // Made anew it would begin its half minute again, and never ring while a page keeps asking.
  else if ((await chrome.alarms.get(lookAlarm)) === undefined)
    await chrome.alarms.create(lookAlarm, { periodInMinutes: 0.5 });
};
