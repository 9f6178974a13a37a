import { isAlive } from "../client.ts";
import type { Site } from "../sites/site.ts";
import { askShortcut, type Button, fillButton } from "./button.ts";
import { type Mounted, mount } from "./mount.ts";

const started = Symbol.for("ask-openhands");

/** Starts the button for pages of these sites; once per document. */
export const start = (sites: readonly Site[]): void => {
  const world = globalThis as { [started]?: boolean };
  if (world[started] === true || window.top !== window) return;
  world[started] = true;
  const buttons = new WeakMap<Mounted, Button>();
  mount(window, {
    sites,
    alive: isAlive,
    fill: (mounted) => buttons.set(mounted, fillButton(mounted)),
    paint: (mounted) => buttons.get(mounted)?.paint(),
  });
  chrome.runtime.onMessage.addListener((message: unknown, sender) => {
    if (sender.id !== chrome.runtime.id || sender.tab !== undefined) return;
    if (message === "open-ask") for (const open of askShortcut) open();
  });
};
