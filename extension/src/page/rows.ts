import type { PagePlace } from "@ask-openhands/core/connection/page-place/page.ts";
import { findPage } from "@ask-openhands/core/connection/page-place.ts";
import type { Site } from "../sites/site.ts";
import { keepsApart } from "./anchors.ts";

/** The small button beside one row's link. */
export interface Row {
  readonly site: Site;
  readonly page: PagePlace;
  readonly host: HTMLElement;
  /** Aborted when the row is gone or about something else. */
  readonly signal: AbortSignal;
}

export const rowName = "ask-openhands-row";

interface Standing extends Row {
  readonly link: Element;
  readonly controller: AbortController;
}

export interface Rows {
  /** Gives every row of the page's lists its button, and takes those away whose row is gone. Idempotent. */
  readonly look: () => void;
  readonly paint: (by: (row: Row) => void) => void;
  readonly end: () => void;
}

/** Lists show few of their rows at a time and use their elements again for others, so that links are compared and not remembered by element. */
export const createRows = (window: Window, sites: readonly Site[], fill: (row: Row) => void): Rows => {
  const { document } = window;
  const standing = new Map<Element, Standing>();

  const drop = (row: Standing): void => {
    row.controller.abort();
    row.host.remove();
    standing.delete(row.link);
  };

  const add = (site: Site, page: PagePlace, link: Element): void => {
    const controller = new AbortController();
    const host = document.createElement(rowName);
    const row: Standing = { site, page, link, host, controller, signal: controller.signal };
    fill(row);
    standing.set(link, row);
    host.toggleAttribute("data-spaced", link.parentElement !== null && keepsApart(link.parentElement));
    link.insertAdjacentElement("afterend", host);
  };

  const lookAt = (site: Site, links: string, context: string): void => {
    for (const link of document.querySelectorAll<HTMLAnchorElement>(links)) {
      const page = findPage(site.product, link.href, context);
      const known = standing.get(link);
      const same = known?.page.url === page?.url && known?.host.previousElementSibling === link;
      if (known !== undefined && same) continue;
      if (known !== undefined) drop(known);
      if (page !== undefined) add(site, page, link);
    }
  };

  return {
    look: () => {
      for (const row of [...standing.values()]) if (!row.link.isConnected) drop(row);
      for (const site of sites) {
        const context = site.rows === undefined ? undefined : site.recognize(document, window.location);
        if (site.rows !== undefined && context !== undefined) lookAt(site, site.rows, context);
      }
    },
    paint: (by) => {
      for (const row of standing.values()) by(row);
    },
    end: () => {
      for (const row of [...standing.values()]) drop(row);
    },
  };
};
