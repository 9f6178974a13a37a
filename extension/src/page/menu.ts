import type { ReadyAsk } from "../sites/ready-asks.ts";
import { byPerson, element } from "./element.ts";
import { createPopover, type Popover } from "./popover.ts";

export interface MenuOptions {
  readonly opener: HTMLElement;
  readonly signal: AbortSignal;
  /** Read when the menu opens: a selection may have come or gone. */
  readonly asks: () => readonly ReadyAsk[];
  readonly chosen: (ask: ReadyAsk) => void;
  readonly status: () => void;
  readonly setup: () => void;
}

export interface Menu extends Popover {
  readonly box: HTMLElement;
}

/** Keys as the ARIA Authoring Practices describe a menu button: arrows, Home, End, letters, Escape, Tab leaves. */
const move = (box: HTMLElement, event: KeyboardEvent): boolean => {
  const items = [...box.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const now = items.findIndex((item) => item.matches(":focus"));
  const to = ((): number => {
    if (event.key === "ArrowDown") return (now + 1) % items.length;
    if (event.key === "ArrowUp") return (now - 1 + items.length) % items.length;
    if (event.key === "Home") return 0;
    if (event.key === "End") return items.length - 1;
    if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey)
      return -1;
    const letter = event.key.toLowerCase();
    const order = items.map((_item, index) => (now + 1 + index) % items.length);
    return (
      order.find((index) => items[index]?.textContent?.trim().toLowerCase().startsWith(letter) === true) ?? -1
    );
  })();
  items[to]?.focus();
  return to !== -1;
};

export const createMenu = (options: MenuOptions): Menu => {
  const box = element("div", {
    class: "menu",
    attributes: { role: "menu", "aria-label": "Ready-made asks" },
  });

  const item = (label: string, act: () => void): HTMLElement =>
    element("button", {
      text: label,
      attributes: { type: "button", role: "menuitem", tabindex: "-1" },
      on: {
        click: byPerson(() => {
          popover.close(false);
          act();
        }),
      },
    });

  const popover = createPopover({
    box,
    opener: options.opener,
    signal: options.signal,
    light: () => true,
    opened: () => {
      const asks = options.asks().map((ask) => item(ask.label, () => options.chosen(ask)));
      box.replaceChildren(
        ...asks,
        element("hr", { attributes: { role: "separator" } }),
        item("Integration status", options.status),
        item("Connections and settings", options.setup),
      );
      box.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    },
  });

  box.addEventListener("keydown", (event) => {
    if (event.key === "Tab") return popover.close(false);
    if (move(box, event)) event.preventDefault();
  });
  return { ...popover, box };
};
