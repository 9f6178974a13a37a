import { isAlive } from "../client.ts";
import type { Site } from "../sites/site.ts";
import { askShortcut, type Button, fillButton } from "./button.ts";
import { type Mounted, mount } from "./mount.ts";
import { fillRowButton, paintRow } from "./row-button.ts";
import { createRows, type Rows } from "./rows.ts";

/** The context menu opens a ticket, issue or pull request that was only a link with this; the box opens with no text in it. */
const askFragment = "#ask-openhands";

const openAsk = (): void => {
  for (const open of askShortcut) open();
};

const lookAtRows = (rows: Rows): void => {
  rows.look();
  rows.paint((row) => paintRow(row, document));
};

const started = Symbol.for("ask-openhands");

/** Starts the button for pages of these sites; once per document. */
export const start = (sites: readonly Site[]): void => {
  const world = globalThis as { [started]?: boolean };
  if (world[started] === true || window.top !== window) return;
  world[started] = true;
  const buttons = new WeakMap<Mounted, Button>();
  const listing = sites.filter((site) => site.rows !== undefined);
  const rows = createRows(window, listing, fillRowButton);
  mount(window, {
    sites,
    alive: isAlive,
    ...(listing.length > 0 && { rows: { end: rows.end, look: () => lookAtRows(rows) } }),
    fill: (mounted) => {
      buttons.set(mounted, fillButton(mounted));
      if (window.location.hash === askFragment) window.setTimeout(openAsk);
    },
    paint: (mounted) => buttons.get(mounted)?.paint(),
  });
  chrome.runtime.onMessage.addListener((message: unknown, sender) => {
    if (sender.id !== chrome.runtime.id || sender.tab !== undefined) return;
    if (message === "open-ask") openAsk();
  });
};
