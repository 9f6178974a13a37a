import type { Asked, Overview, PlaceStatus } from "../messages.ts";
import { change, type KeptRun, read } from "../storage.ts";
import { needAccess, readBaseUrl } from "./address.ts";
import { changeWords, findAskedPage, readAskedPage } from "./asked-page.ts";
import { changeHook, followAskByKey } from "./bot.ts";
import { listBotConnections } from "./bot-connections.ts";
import { checkAgent, forgetAgent, saveAgent } from "./direct.ts";
import type { Acts, Sender } from "./hear.ts";
import { loseAll } from "./lose.ts";
import { describeAll, describePage } from "./overview.ts";
import { cleanPageWords } from "./page-words.ts";
import { cancelPairing, checkPairing, startPairing, unpair, waitForPairing } from "./pairing.ts";
import { planLook } from "./plan-look.ts";
import { findAsk, findRun, showBadge } from "./runs.ts";
import { addSite, removeSite } from "./sites.ts";
import { checkToken, removeToken, saveToken } from "./tokens.ts";
import { exportSettings, importSettings } from "./transfer.ts";
import { Trouble } from "./trouble.ts";
import { findPreferredWay, findWay, needWay } from "./ways.ts";

const tabOf = ({ tab }: Sender): number => {
  if (tab?.id === undefined) throw new Trouble("There is no page to show this on.");
  return tab.id;
};

/** Parcel makes a bundle of its own of this and puts its address here. */
const panelUrl = new URL("../ui/panel.tsx", import.meta.url);

/** The panel (with React) comes into a page only now, and only into this tab's extension world. */
export const openPanel = async (tabId: number): Promise<void> => {
  const file = panelUrl.pathname.slice(1);
  await chrome.scripting.executeScript({ target: { tabId }, files: [file] });
};

export const openSetup = async (): Promise<void> => {
  await chrome.tabs.create({ url: chrome.runtime.getURL("popup.html?tab=1") });
};

const noConnection: PlaceStatus = {
  mode: "none",
  problem: "OpenHands is not connected yet.",
  cure: "Pair a bot, or enter an OpenHands key, in the popup of Ask OpenHands.",
  ask: { may: "unknown" },
  ways: [],
  runs: [],
};

const placeStatus = async (url: string): Promise<PlaceStatus> => {
  const asked = await readAskedPage(url);
  const way = await findPreferredWay();
  return way === undefined
    ? { ...noConnection, place: { label: asked.page.label, url: asked.page.url, platformName: "" } }
    : way.status(asked);
};

/** A script on one site speaks for no run of another, also when it knows its id. */
const ofSameSite = (kept: KeptRun | undefined, url: string): KeptRun | undefined =>
  kept !== undefined && new URL(kept.pageUrl).origin === new URL(url).origin ? kept : undefined;

/** A run may be older than this browser's memory, or asked elsewhere; then the bot is asked about it. */
const needRun = async (id: string, url: string): Promise<KeptRun> => {
  const kept = ofSameSite(await findRun(id), url);
  if (kept !== undefined) return kept;
  const status = await placeStatus(url);
  const run = status.runs.find((known) => known.id === id);
  if (run === undefined) throw new Trouble("This run is not known any more.");
  return { key: run.id, pageUrl: (await readAskedPage(url)).page.url, through: "bot", run };
};

const afterwards = async (asked: Asked): Promise<Asked> => {
  await planLook();
  await showBadge();
  return asked;
};

/** Nobody tells of the runs any more that went this way. */
const disconnected = async (through: KeptRun["through"]): Promise<Overview> => {
  await change("runs", (runs) => loseAll(runs, through));
  await planLook();
  await showBadge();
  return describeAll();
};

const steer = async (id: string, url: string, how: (kept: KeptRun) => Promise<Asked>): Promise<Asked> =>
  afterwards(await how(await needRun(id, url)));

const currentPage: Acts["current-page"] = async () => {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  if (tab?.url === undefined || !/^https?:/.test(tab.url)) return null;
  const found = await findAskedPage(tab.url);
  if (found === undefined) return { url: tab.url };
  const { label, kind, product } = found.page;
  return { url: tab.url, label, kind, change: changeWords[product] };
};

/** What each operation does. The checks of hear.ts have been passed. */
export const acts: Acts = {
  "describe-page": async ({ url }) => describePage(await findAskedPage(url)),
  "preview-ask": async (asked) => {
    const { input, removed } = cleanPageWords(asked);
    const preview = await (await needWay()).preview(input, await readAskedPage(input.url));
    const hidden =
      removed.length === 0 ? "" : ` Hidden in the page's words, and left out: ${removed.join(", ")}.`;
    return { ...preview, goes: `${preview.goes}${hidden}` };
  },
  ask: async (asked) => {
    const { input } = cleanPageWords(asked);
    return afterwards(await (await needWay()).ask(input, await readAskedPage(input.url)));
  },
  "follow-ask": async ({ key, url }) => {
    const kept = ofSameSite(await findAsk(key), url);
    if (kept === undefined) return afterwards(await followAskByKey(key, (await readAskedPage(url)).page.url));
    return afterwards(await (await needWay(kept.through)).follow(kept));
  },
  "open-panel": async (_input, sender) => {
    await openPanel(tabOf(sender));
    return null;
  },
  "open-setup": async () => {
    await openSetup();
    return null;
  },
  "place-status": ({ url }) => placeStatus(url),
  "stop-run": ({ run, url }) => steer(run, url, async (kept) => (await needWay(kept.through)).stop(kept)),
  "retry-run": ({ run, url }) => steer(run, url, async (kept) => (await needWay(kept.through)).retry(kept)),
  "say-to-run": ({ run, url, text }) =>
    steer(run, url, async (kept) => (await needWay(kept.through)).say(kept, text)),
  "install-hook": async ({ url, action }) => {
    await changeHook(url, action);
    return placeStatus(url);
  },
  overview: () => describeAll(),
  "start-pairing": async ({ baseUrl }) => {
    const pairing = await startPairing(baseUrl);
    void waitForPairing();
    return pairing;
  },
  "check-pairing": () => checkPairing(),
  "cancel-pairing": async () => {
    await cancelPairing();
    return describeAll();
  },
  unpair: async () => {
    await unpair();
    return disconnected("bot");
  },
  "choose-workspace": async ({ workspace }) => {
    const bot = await read("bot");
    if (bot === undefined || !bot.workspaces.some(({ id }) => id === workspace))
      throw new Trouble("This workspace is not one of yours.");
    await change("bot", (known) => known && { ...known, workspace });
    return describeAll();
  },
  "save-agent": async (input) => {
    const baseUrl = readBaseUrl(input.baseUrl);
    await needAccess(baseUrl);
    await checkAgent({ ...input, baseUrl });
    await saveAgent({ ...input, baseUrl });
    if ((await findWay("bot")) === undefined)
      await change("preferences", (known) => ({ ...known, prefers: "direct" }));
    return describeAll();
  },
  "remove-agent": async () => {
    await forgetAgent();
    return disconnected("direct");
  },
  "save-token": async (input) => {
    await saveToken(input);
    return describeAll();
  },
  "check-token": async ({ id }) => {
    await checkToken(id);
    return describeAll();
  },
  "remove-token": async ({ id }) => {
    await removeToken(id);
    return describeAll();
  },
  "save-preferences": async (input) => {
    const { theme, notify, prefers } = input;
    await change("preferences", (known) => ({
      theme: theme ?? known.theme,
      notify: notify ?? known.notify,
      prefers: prefers ?? known.prefers,
    }));
    return describeAll();
  },
  "add-site": async ({ address, product }) => {
    await addSite(address, product);
    return describeAll();
  },
  "remove-site": async ({ origin }) => {
    await removeSite(origin);
    return describeAll();
  },
  "current-page": currentPage,
  "bot-connections": () => listBotConnections(),
  "export-settings": async () => ({ text: await exportSettings() }),
  "import-settings": async ({ text }) => {
    await importSettings(text);
    return describeAll();
  },
};
