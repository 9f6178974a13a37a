import type { Anchor } from "../sites/site.ts";

export interface Spot {
  /** Index in the table; 0 is the best. */
  readonly rank: number;
  readonly anchor: Anchor;
  readonly element: Element;
}

/** GitHub and others keep hidden copies of a header for other window sizes: an element counts when it takes part in the layout. */
const isVisible = (element: Element): boolean => element.getClientRects().length > 0;

/** An empty container has a place but may have no box of its own; its parent decides then. */
const canShow = (element: Element): boolean =>
  isVisible(element) ||
  (element.childElementCount === 0 && element.parentElement !== null && isVisible(element.parentElement));

/** The best anchor that is visible, or undefined. `below`: only anchors better than this rank are of interest. */
export const findSpot = (
  anchors: readonly Anchor[],
  document: Document,
  below = anchors.length,
): Spot | undefined => {
  for (const [rank, anchor] of anchors.slice(0, below).entries()) {
    for (const element of document.querySelectorAll(anchor.selector)) {
      if (canShow(element)) return { rank, anchor, element };
    }
  }
  return undefined;
};

/** True where the page itself keeps its buttons apart. */
export const keepsApart = (row: Element): boolean => {
  const style = getComputedStyle(row);
  return /flex|grid/.test(style.display) && Number.parseFloat(style.columnGap) >= 4;
};

/** Adds our one element; nothing else of the page is touched. */
export const putAt = (spot: Spot, host: Element): void => {
  const inside = spot.anchor.put === "first" || spot.anchor.put === "last";
  const row = inside ? spot.element : spot.element.parentElement;
  // Asked before anything is added, the answer is known already and costs no layout.
  host.toggleAttribute("data-spaced", row !== null && keepsApart(row));
  host.toggleAttribute("data-small", spot.anchor.small === true);
  const position = (
    { first: "afterbegin", last: "beforeend", before: "beforebegin", after: "afterend" } as const
  )[spot.anchor.put];
  spot.element.insertAdjacentElement(position, host);
};
