import type { Product } from "@ask-openhands/core/connection/page-place/page.ts";
import { products } from "@ask-openhands/core/connection/page-place.ts";
import type { SiteView } from "../messages.ts";
import { change, type KeptSite, read } from "../storage.ts";
import { originPattern, readBaseUrl } from "./address.ts";
import { Trouble } from "./trouble.ts";

/** A public host whose content script also serves self-managed hosts of the same family. */
const family: Readonly<Record<Product, string>> = {
  github: "https://github.com/*",
  gitlab: "https://gitlab.com/*",
  "bitbucket-cloud": "https://bitbucket.org/*",
  "bitbucket-dc": "https://bitbucket.org/*",
  "jira-cloud": "https://*.atlassian.net/*",
  "jira-dc": "https://*.atlassian.net/*",
};

/** Built file names carry a hash; the manifest knows them. */
const scriptOf = (product: Product): readonly string[] => {
  const scripts = chrome.runtime.getManifest().content_scripts ?? [];
  return scripts.find((script) => script.matches?.includes(family[product]))?.js ?? [];
};

/** Where the manifest itself puts the button. */
export const builtInOrigins = (): readonly string[] =>
  (chrome.runtime.getManifest().content_scripts ?? []).flatMap(({ matches }) => matches ?? []);

/** True when a match pattern of the manifest (`https://*.atlassian.net/*`) covers the address. */
export const covers = (pattern: string, url: string): boolean => {
  const [, scheme = "", subdomains, host = ""] = /^([a-z]+):\/\/(\*\.)?([^/*]+)\/\*$/.exec(pattern) ?? [];
  if (host === "" || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (
    protocol === `${scheme}:` &&
    (hostname === host || (subdomains !== undefined && hostname.endsWith(`.${host}`)))
  );
};

const granted = (origin: string): Promise<boolean> => chrome.permissions.contains({ origins: [origin] });

const registrationOf = (site: KeptSite): chrome.scripting.RegisteredContentScript => ({
  id: `site-${site.product}-${site.origin.replaceAll(/[^a-z0-9]+/gi, "-")}`,
  matches: [site.origin],
  js: [...scriptOf(site.product)],
  runAt: "document_idle",
  persistAcrossSessions: true,
});

const register = async (): Promise<void> => {
  const wanted: chrome.scripting.RegisteredContentScript[] = [];
  for (const site of await read("sites")) {
    if (await granted(site.origin)) wanted.push(registrationOf(site));
  }
  const known = new Set((await chrome.scripting.getRegisteredContentScripts()).map(({ id }) => id));
  const stale = [...known].filter((id) => !wanted.some((script) => script.id === id));
  const [same, fresh] = [wanted.filter(({ id }) => known.has(id)), wanted.filter(({ id }) => !known.has(id))];
  // A worker that ends in between leaves the other sites as they are.
  if (stale.length > 0) await chrome.scripting.unregisterContentScripts({ ids: stale });
  if (same.length > 0) await chrome.scripting.updateContentScripts(same);
  if (fresh.length > 0) await chrome.scripting.registerContentScripts(fresh);
};

let line: Promise<void> = Promise.resolve();

/**
 * Brings the registered scripts in line with the list of sites and with what the person allowed. Idempotent. One at a time: a permission
 * and its site come at once, and the browser refuses to add or remove a script twice.
 */
export const registerSites = (): Promise<void> => {
  const mine = line.then(register);
  line = mine.then(
    () => undefined,
    () => undefined,
  );
  return mine;
};

/** Puts the script into tabs that are open already, so that nobody has to reload. */
export const startInOpenTabs = async (origins: readonly string[]): Promise<void> => {
  const sites = await read("sites");
  const scripts = chrome.runtime.getManifest().content_scripts ?? [];
  for (const tab of await chrome.tabs.query({ url: [...origins] })) {
    const site = sites.find(({ origin }) => tab.url?.startsWith(origin.slice(0, -1)));
    const own = scripts.find(({ matches }) => matches?.some((pattern) => covers(pattern, tab.url ?? "")));
    const files = site === undefined ? own?.js : scriptOf(site.product);
    if (tab.id === undefined || files === undefined) continue;
    // A tab that shows an error page takes no script.
    await chrome.scripting
      .executeScript({ target: { tabId: tab.id }, files: [...files] })
      .catch(() => undefined);
  }
};

export const addSite = async (typed: string, product: Product): Promise<void> => {
  if (!products.includes(product)) throw new Trouble("Choose what runs on this server.");
  const origin = originPattern(readBaseUrl(typed));
  if (builtInOrigins().includes(origin)) throw new Trouble("The button is on this site already.");
  if (!(await granted(origin)))
    throw new Trouble(
      `The browser does not let the extension run on ${new URL(origin.slice(0, -1)).host} yet.`,
      "Press the button again and allow it.",
    );
  await change("sites", (sites) => [...sites.filter((site) => site.origin !== origin), { origin, product }]);
  await registerSites();
  await startInOpenTabs([origin]);
};

export const removeSite = async (origin: string): Promise<void> => {
  await change("sites", (sites) => sites.filter((site) => site.origin !== origin));
  await registerSites();
  if (!builtInOrigins().includes(origin))
    await chrome.permissions.remove({ origins: [origin] }).catch(() => undefined);
};

export const listSites = async (): Promise<readonly SiteView[]> =>
  Promise.all((await read("sites")).map(async (site) => ({ ...site, granted: await granted(site.origin) })));

/** What the address of a tab is, by the hosts we know: the public ones and those the person added. */
export const productAt = async (url: string): Promise<readonly Product[]> => {
  const sites = await read("sites");
  return sites
    .filter(
      ({ origin }) =>
        new URL(url).origin === new URL(origin.slice(0, -1)).origin ||
        `${new URL(url).protocol}//${new URL(url).hostname}/*` === origin,
    )
    .map(({ product }) => product);
};
