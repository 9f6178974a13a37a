import { acts, openPanel, openSetup } from "./worker/acts.ts";
import { hearContextMenu } from "./worker/context-menu.ts";
import { createHearing, runsOnSite } from "./worker/hear.ts";
import { hearAlarms, hearClicks, lookAtRuns } from "./worker/notify.ts";
import { waitForPairing } from "./worker/pairing.ts";
import { builtInOrigins, listSites, registerSites, startInOpenTabs } from "./worker/sites.ts";

const hear = createHearing({
  acts,
  own: { id: chrome.runtime.id, origin: chrome.runtime.getURL("/") },
  runsOn: runsOnSite,
});

// `true` keeps the line open until the answer is there.
chrome.runtime.onMessage.addListener((message: unknown, sender, answer: (value: unknown) => void) => {
  void hear(message, sender).then(answer);
  return true;
});

// Chrome lets content scripts read `storage.local` unless told otherwise; Firefox has no such switch, there the seal alone protects.
void chrome.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });

// The browser may have put the worker to sleep while a person was still approving; it goes on asking when it wakes.
void waitForPairing();
hearAlarms();
hearClicks();
hearContextMenu({ openPanel, openSetup });
chrome.permissions.onAdded.addListener(({ permissions }) => {
  if (permissions?.includes("notifications") === true) hearClicks();
  void registerSites();
});
chrome.permissions.onRemoved.addListener(() => void registerSites());

chrome.runtime.onInstalled.addListener(async ({ reason }) => {
  await registerSites();
  const added = (await listSites()).filter(({ granted }) => granted).map(({ origin }) => origin);
  await startInOpenTabs([...builtInOrigins(), ...added]);
  // An update ends the worker in the middle of whatever it did, and may take the alarm with it.
  await lookAtRuns();
  if (reason === "install") await openSetup();
});

chrome.runtime.onStartup.addListener(async () => {
  await registerSites();
  await lookAtRuns();
});
