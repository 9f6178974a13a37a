import type { PageKind, PagePlace, Product } from "@ask-openhands/core/connection/page-place/page.ts";
import { findPage } from "@ask-openhands/core/connection/page-place.ts";

/** Where the button may stand. The address decides what a page is; anchors only decide where the button goes. */
export interface Anchor {
  /** Stands in `data-anchor`, for tests and bug reports. */
  readonly name: string;
  readonly selector: string;
  /** As a child of the match (first, last) or beside it. Nothing of the page is moved. */
  readonly put: "first" | "last" | "before" | "after";
  /** Stands in a line of small text. */
  readonly small?: boolean | undefined;
}

/** Links that stand for rows of a list; each row is about the place its link leads to, and gets a small button beside it. */
export type RowLinks = string;

/** What the page itself says about its place. All of it is untrusted text. */
export interface PageFacts {
  readonly title?: string | undefined;
  readonly sourceBranch?: string | undefined;
  readonly targetBranch?: string | undefined;
  readonly labels: readonly string[];
  /** Name of the CI job that failed. */
  readonly failedJob?: string | undefined;
}

/** One web interface as a table: everything the extension knows about it. */
export interface Site {
  readonly product: Product;
  /** Context path when this document is of this product, else undefined. */
  readonly recognize: (document: Document, location: Location) => string | undefined;
  /** Best first: newest generation of the interface before older ones. */
  readonly anchors: Readonly<Partial<Record<PageKind, readonly Anchor[]>>>;
  readonly rows?: RowLinks | undefined;
  /** Says whether an address that could be two things is a place. */
  readonly confirm?: ((document: Document, page: PagePlace) => boolean) | undefined;
  readonly read: (document: Document, page: PagePlace) => PageFacts;
  readonly isDark: (document: Document) => boolean | undefined;
  /** How this site's own buttons are built, in pixels. */
  readonly shape: { readonly height: number; readonly radius: number };
  /** What people here call a pull request. */
  readonly change: "pull request" | "merge request";
}

export interface SitePage {
  readonly site: Site;
  readonly page: PagePlace;
}

/** The place this document shows, or undefined. */
export const findSitePage = (
  sites: readonly Site[],
  document: Document,
  location: Location,
): SitePage | undefined => {
  for (const site of sites) {
    const context = site.recognize(document, location);
    if (context === undefined) continue;
    const page = findPage(site.product, location.href, context);
    if (page === undefined) return undefined;
    return page.unsure === true && site.confirm?.(document, page) !== true ? undefined : { site, page };
  }
  return undefined;
};

export const metaContent = (document: Document, name: string): string | undefined =>
  document.querySelector(`meta[name="${name}"],meta[property="${name}"]`)?.getAttribute("content") ??
  undefined;

/** Visible text of the first match, on one line. */
export const textOf = (document: Document, ...selectors: readonly string[]): string | undefined => {
  for (const selector of selectors) {
    const text = document.querySelector(selector)?.textContent?.replace(/\s+/g, " ").trim();
    if (text) return text.slice(0, 300);
  }
  return undefined;
};

export const textsOf = (document: Document, selector: string): readonly string[] =>
  [...document.querySelectorAll(selector)]
    .map((element) => element.textContent?.replace(/\s+/g, " ").trim() ?? "")
    .filter((text, index, all) => text !== "" && text.length < 100 && all.indexOf(text) === index)
    .slice(0, 20);

/** `html[data-color-mode]` as GitHub and Atlassian set it; `auto` follows the system. */
export const colorModeOf = (document: Document): "light" | "dark" | undefined => {
  const mode = document.documentElement.getAttribute("data-color-mode");
  if (mode === "light" || mode === "dark") return mode;
  if (mode !== "auto") return undefined;
  return document.defaultView?.matchMedia("(prefers-color-scheme: dark)").matches === true ? "dark" : "light";
};
