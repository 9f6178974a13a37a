import type { PageKind } from "@ask-openhands/core/connection/page-place/page.ts";
import type { PlaceKind } from "@ask-openhands/core/work/place.ts";
import type { Spot } from "../../contracts/platform-subject.ts";
import type { OwnPage } from "../../fixtures/pages/own-page.ts";
import { ownPages } from "../../fixtures/pages/own-pages.ts";
import type { SiteWorld } from "./real-bot.ts";

/** Where the pages written for this project stand, by platform: their site, and how addresses there name the repository. */
const written = {
  github: { base: "https://github.com", repository: "acme/shop" },
  gitlab: { base: "https://gitlab.com", repository: "acme/web/shop" },
  "bitbucket-cloud": { base: "https://bitbucket.org", repository: "acme/shop" },
  "bitbucket-dc": { base: "https://git.example.com/bitbucket", repository: "projects/SHOP/repos/app" },
  "jira-cloud": { base: "https://acme.atlassian.net", repository: undefined },
  "jira-dc": { base: "https://jira.example.com/tracker", repository: undefined },
} as const;

export type Written = keyof typeof written;
export const writtenFor = Object.keys(written) as readonly Written[];

export const pagesOf = (platform: Written): readonly OwnPage[] =>
  ownPages.filter(({ url }) => url.startsWith(`${written[platform].base}/`));

const talks: Readonly<Partial<Record<PageKind, PlaceKind>>> = {
  issue: "issue",
  "pull-request": "pull-request",
  changes: "pull-request",
  ticket: "ticket",
};

/** Where a report on this page's ask stands; undefined where nobody talks. */
export const talkOf = ({ kind }: OwnPage): PlaceKind | undefined => talks[kind];

/** As addresses of browsers name it. */
const inAddress = (platform: Written, repository: string): string => {
  const [project, slug] = repository.split("/");
  return platform === "bitbucket-dc" ? `projects/${project}/repos/${slug}` : repository;
};

/** GitLab names what a drawer shows as base64 of JSON. */
const withDrawer = (url: string, change: (text: string) => string): string =>
  url.replace(/(?<=[?&]show=)[^&]+/, (shown) => {
    const text = change(Buffer.from(decodeURIComponent(shown), "base64").toString());
    return encodeURIComponent(Buffer.from(text).toString("base64"));
  });

/** The page as it stands in a fake's world: same markup and form of address, with the world's site, repository and numbers. */
export const pageIn = (platform: Written, own: OwnPage, site: SiteWorld, spot: Spot | undefined): OwnPage => {
  const { base, repository } = written[platform];
  const address = `${site.host.startsWith("127.0.0.1") ? "http" : "https"}://${site.host}`;
  const number = spot === undefined ? "" : (/\d+(?=\D*$)/.exec(spot.url)?.[0] ?? "");
  const rename = (text: string): string => {
    const numbered = text.replace(/(?<!\d)(?:42|57)(?!\d)/g, number === "" ? "$&" : number);
    const named = inAddress(platform, site.world.repository ?? "");
    return repository === undefined ? numbered : numbered.replaceAll(repository, named);
  };
  const { origin } = new URL(base);
  const path = withDrawer(rename(own.url.slice(base.length)), rename);
  return {
    ...own,
    url: `${address}${path}`,
    label: rename(own.label),
    html: rename(own.html).replaceAll(origin, new URL(address).origin),
    ...(own.rows && { rows: own.rows.map(rename) }),
  };
};
