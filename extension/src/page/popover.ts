/** Shows an element above everything else of the page, below (or above) what opened it. */
export interface Popover {
  readonly open: () => void;
  readonly close: (focusOpener?: boolean) => void;
  readonly isOpen: () => boolean;
}

export interface PopoverOptions {
  readonly box: HTMLElement;
  readonly opener: HTMLElement;
  /** What the box lines up with; the opener when left out. */
  readonly near?: (() => HTMLElement) | undefined;
  readonly signal: AbortSignal;
  /** Closes when the person clicks elsewhere. A menu does; a text half written stays. */
  readonly light: () => boolean;
  readonly opened?: (() => void) | undefined;
  readonly closed?: (() => void) | undefined;
}

const gap = 8;

const place = (box: HTMLElement, opener: HTMLElement): void => {
  // What opened it may be gone from a list that refreshed; then it stays where it is.
  if (!opener.isConnected) return;
  const from = opener.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  // Its right edge under the opener's; where that is too far left, its left edge.
  const start = from.right - size.width >= gap ? from.right - size.width : Math.max(gap, from.left);
  const left = Math.min(start, Math.max(gap, clientWidth - size.width - gap));
  const below = from.bottom + gap / 2;
  const fits = below + size.height <= clientHeight - gap;
  const top = fits ? below : Math.max(gap, from.top - size.height - gap / 2);
  box.style.left = `${Math.round(left)}px`;
  box.style.top = `${Math.round(top)}px`;
};

/** Uses the top layer, so that no `overflow` or `z-index` of the page cuts it off. */
export const createPopover = ({
  box,
  opener,
  near = () => opener,
  signal,
  light,
  opened,
  closed,
}: PopoverOptions): Popover => {
  box.popover = "manual";
  let visit: AbortController | undefined;
  const isOpen = (): boolean => visit !== undefined;

  const close = (focusOpener = true): void => {
    if (visit === undefined) return;
    visit.abort();
    visit = undefined;
    if (box.isConnected) box.hidePopover();
    opener.setAttribute("aria-expanded", "false");
    if (focusOpener) opener.focus();
    closed?.();
  };

  const open = (): void => {
    if (visit !== undefined || signal.aborted) return;
    visit = new AbortController();
    const options = { signal: visit.signal, passive: true };
    box.showPopover();
    place(box, near());
    opener.setAttribute("aria-expanded", "true");
    const follow = (): void => place(box, near());
    window.addEventListener("scroll", follow, { ...options, capture: true });
    window.addEventListener("resize", follow, options);
    const resized = new ResizeObserver(follow);
    resized.observe(box);
    visit.signal.addEventListener("abort", () => resized.disconnect());
    document.addEventListener(
      "pointerdown",
      (event) => {
        const inside = event.composedPath().some((node) => node === box || node === opener);
        if (!inside && light()) close(false);
      },
      options,
    );
    opened?.();
  };

  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  });
  signal.addEventListener("abort", () => close(false));
  return { open, close, isOpen };
};
