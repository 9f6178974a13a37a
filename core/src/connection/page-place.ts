import { findBitbucketCloudPage, findBitbucketDataCenterPage } from "./page-place/bitbucket.ts";
import { findGitHubPage } from "./page-place/github.ts";
import { findGitLabPage } from "./page-place/gitlab.ts";
import { findJiraCloudPage, findJiraDataCenterPage } from "./page-place/jira.ts";
import type { PagePlace, Product } from "./page-place/page.ts";
import type { FoundPage, PageAddress } from "./page-place/page-address.ts";

interface ProductRule {
  readonly find: (address: PageAddress) => FoundPage | undefined;
  /** Public hosts of this product. */
  readonly hosts: RegExp | undefined;
  /** Finds the context path in front of the product's own paths, when the caller does not know it. */
  readonly context: RegExp | undefined;
}

const rules: Readonly<Record<Product, ProductRule>> = {
  github: { find: findGitHubPage, hosts: /^(?:github\.com|[\w-]+\.ghe\.com)$/, context: undefined },
  gitlab: { find: findGitLabPage, hosts: /^gitlab\.com$/, context: undefined },
  "bitbucket-cloud": { find: findBitbucketCloudPage, hosts: /^bitbucket\.org$/, context: undefined },
  "bitbucket-dc": {
    find: findBitbucketDataCenterPage,
    hosts: undefined,
    context: /^(.*?)\/(?:projects|users)\/[^/]+\/repos\//,
  },
  "jira-cloud": {
    find: findJiraCloudPage,
    hosts: /^[\w-]+\.(?:atlassian\.net|jira\.com)$/,
    context: undefined,
  },
  "jira-dc": {
    find: findJiraDataCenterPage,
    hosts: undefined,
    context: /^(.*?)\/(?:browse\/|projects\/[^/]+\/(?:issues|queues)|issues(?:\/|$)|secure\/|servicedesk\/)/,
  },
};

export const products = Object.keys(rules) as readonly Product[];

/** The product that a public host belongs to; a self-managed host says nothing about its product. */
export const productOfHost = (hostname: string): Product | undefined =>
  products.find((product) => rules[product].hosts?.test(hostname.toLowerCase()) === true);

const readUrl = (url: string | URL): URL | undefined => {
  if (typeof url !== "string") return url;
  return URL.canParse(url) ? new URL(url) : undefined;
};

const trimContext = (context: string): string => context.replace(/\/+$/, "").replace(/^(?=[^/])/, "/");

/**
 * What the address is about, or undefined when it is no page to ask from.
 * `context` is the context path of a self-managed server (`/jira`), "" when it has none; left out, it is guessed where the address allows.
 */
export const findPage = (product: Product, url: string | URL, context?: string): PagePlace | undefined => {
  const parsed = readUrl(url);
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) return undefined;
  const rule = rules[product];
  const prefix = trimContext(context ?? rule.context?.exec(parsed.pathname)?.[1] ?? "");
  const inside = parsed.pathname === prefix || parsed.pathname.startsWith(`${prefix}/`);
  if (!inside) return undefined;
  const found = rule.find({
    base: `${parsed.origin}${prefix}`,
    path: parsed.pathname.slice(prefix.length),
    query: parsed.searchParams,
    hash: parsed.hash.slice(1),
  });
  return found && { product, platform: product, host: `${parsed.host}${prefix}`.toLowerCase(), ...found };
};
