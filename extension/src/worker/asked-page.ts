import type { Product } from "@ask-openhands/core/connection/page-place/page.ts";
import { findPage, productOfHost } from "@ask-openhands/core/connection/page-place.ts";
import { productAt } from "./sites.ts";
import { Trouble } from "./trouble.ts";
import type { AskedPage } from "./way.ts";

/** What people on a site call a request to take over changes. */
export const changeWords: Readonly<Record<Product, string>> = {
  github: "pull request",
  gitlab: "merge request",
  "bitbucket-cloud": "pull request",
  "bitbucket-dc": "pull request",
  "jira-cloud": "pull request",
  "jira-dc": "pull request",
};

/** Reads an address as one of the sites that the extension runs on, or undefined. */
export const findAskedPage = async (url: string): Promise<AskedPage | undefined> => {
  if (!URL.canParse(url)) return undefined;
  const known = productOfHost(new URL(url).hostname);
  for (const product of known === undefined ? await productAt(url) : [known]) {
    const page = findPage(product, url);
    if (page !== undefined) return { page, url };
  }
  return undefined;
};

/** As `findAskedPage`, but no page is trouble for the person. */
export const readAskedPage = async (url: string): Promise<AskedPage> => {
  const found = await findAskedPage(url);
  if (found === undefined)
    throw new Trouble(
      "Nothing can be asked on this page.",
      "Open an issue, a pull request, a ticket, a repository, a file or a CI run.",
    );
  return found;
};
