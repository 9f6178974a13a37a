import { findSitePage, type Site, type SitePage } from "../sites/site.ts";
import { findSpot, putAt } from "./anchors.ts";
import { oncePerFrame } from "./frame.ts";
import { type Rows, rowName } from "./rows.ts";
import { hearNavigation } from "./soft-navigation.ts";

/** What the button of one page is built from. Aborted when the page is left. */
export interface Mounted extends SitePage {
  readonly host: HTMLElement;
  readonly signal: AbortSignal;
}

export interface MountOptions {
  readonly sites: readonly Site[];
  /** Fills the host element of a page. */
  readonly fill: (mounted: Mounted) => void;
  /** Called when the page's theme may have changed. */
  readonly paint: (mounted: Mounted) => void;
  /** Small buttons in the rows of lists. */
  readonly rows?: Pick<Rows, "look" | "end"> | undefined;
  /** False when the extension was updated or removed under us. */
  readonly alive: () => boolean;
}

export const hostName = "ask-openhands";

/** Milliseconds without an anchor after which the floating button appears. */
const patience = 200;
/** Milliseconds between two searches for a better anchor on a page that keeps changing. */
const searchPause = 250;

interface Current extends Mounted {
  readonly key: string;
  readonly since: number;
  readonly controller: AbortController;
  rank: number;
  searchedAt: number;
}

const keyOf = ({ page }: SitePage): string => `${page.kind} ${page.url}`;

/** Keeps exactly one button on every page that should have one. */
export const mount = (window: Window, options: MountOptions): void => {
  const { document } = window;
  const life = new AbortController();
  let current: Current | undefined;
  let href = "";
  let askedAt = Number.NEGATIVE_INFINITY;
  let rowsAt = Number.NEGATIVE_INFINITY;
  let later: number | undefined;

  const leave = (): void => {
    current?.controller.abort();
    current?.host.remove();
    current = undefined;
  };

  const end = (): void => {
    leave();
    options.rows?.end();
    observer.disconnect();
    life.abort();
  };

  const enter = (found: SitePage, now: number): Current => {
    const controller = new AbortController();
    const host = document.createElement(hostName);
    const next: Current = {
      ...found,
      host,
      key: keyOf(found),
      since: now,
      controller,
      signal: controller.signal,
      rank: Number.POSITIVE_INFINITY,
      searchedAt: Number.NEGATIVE_INFINITY,
    };
    options.fill(next);
    window.setTimeout(look, patience + 10);
    return next;
  };

  const float = (here: Current): void => {
    here.host.setAttribute("data-anchor", "floating");
    here.host.removeAttribute("data-small");
    document.body.append(here.host);
  };

  /** Puts the button at the best visible anchor; where there is none, it floats. */
  const place = (here: Current, now: number, fresh: boolean): void => {
    const standing = here.host.isConnected;
    if (standing && here.rank === 0 && !fresh) return;
    if (standing && !fresh && now - here.searchedAt < searchPause) return void lookLater();
    here.searchedAt = now;
    const anchors = here.site.anchors[here.page.kind] ?? [];
    const spot = findSpot(
      anchors,
      document,
      standing && !fresh ? Math.min(here.rank, anchors.length) : anchors.length,
    );
    if (spot === undefined) {
      const lost = !standing || (fresh && here.rank < anchors.length);
      if (lost && now - here.since >= patience) {
        here.rank = anchors.length;
        float(here);
      }
      return;
    }
    if (standing && spot.rank === here.rank && here.host.getClientRects().length > 0) return;
    here.rank = spot.rank;
    here.host.setAttribute("data-anchor", spot.anchor.name);
    putAt(spot, here.host);
  };

  const lookAtRows = (now: number, fresh: boolean): void => {
    if (!fresh && now - rowsAt < searchPause) return void lookLater();
    rowsAt = now;
    options.rows?.look();
  };

  const look = (fresh = false): void => {
    if (life.signal.aborted) return;
    if (!options.alive()) return void end();
    const now = window.performance.now();
    const moved = href !== window.location.href;
    if (options.rows !== undefined) lookAtRows(now, fresh || moved);
    if (moved || current === undefined) {
      if (!moved && !fresh && now - askedAt < searchPause) return void lookLater();
      askedAt = now;
      href = window.location.href;
      const found = findSitePage(options.sites, document, window.location);
      if (found === undefined) return void leave();
      if (current?.key !== keyOf(found)) {
        leave();
        current = enter(found, now);
      } else if (moved) {
        current = Object.assign(current, found);
      }
    }
    place(current, now, fresh || moved);
    if (current.host.isConnected) options.paint(current);
  };

  /** A change right after a search is not lost: one look follows when the pause is over. */
  const lookLater = (): void => {
    if (later !== undefined) return;
    later = window.setTimeout(() => {
      later = undefined;
      look();
    }, searchPause);
  };

  const lookSoon = oncePerFrame(window, () => look(), life.signal);
  const lookAfresh = oncePerFrame(window, () => look(true), life.signal);
  const observer = new MutationObserver(lookSoon);

  const watch = (): void => {
    observer.disconnect();
    if (document.hidden) return;
    observer.observe(document, { childList: true, subtree: true });
    const theme = {
      attributes: true,
      attributeFilter: ["class", "data-color-mode", "data-theme", "data-dark-theme", "data-light-theme"],
    };
    observer.observe(document.documentElement, theme);
    lookAfresh();
  };

  // An earlier copy of this script (before an update) may have left its element.
  for (const stale of document.querySelectorAll(`${hostName}, ${rowName}`)) stale.remove();
  const start = (): void => {
    hearNavigation(window, lookSoon, life.signal);
    document.addEventListener("visibilitychange", watch, { signal: life.signal });
    window.addEventListener("resize", lookAfresh, { signal: life.signal, passive: true });
    window
      .matchMedia("(prefers-color-scheme: dark)")
      .addEventListener("change", lookSoon, { signal: life.signal });
    watch();
  };
  // A strange node inside a tree that React is still taking over breaks that; when the page has time, it has mostly finished.
  window.requestIdleCallback(start, { timeout: 150 });
};
