import { askWorker } from "../client.ts";
import type { PageState, Theme } from "../messages.ts";
import { type Extra, readyAsks } from "../sites/ready-asks.ts";
import { findAttachments } from "./attach.ts";
import { createComposer } from "./composer.ts";
import { byPerson, element, icon } from "./element.ts";
import { mark } from "./mark.ts";
import { createMenu } from "./menu.ts";
import type { Mounted } from "./mount.ts";
import { isLive } from "./run-line.ts";
import { styles } from "./styles.ts";

export interface Button {
  readonly paint: () => void;
}

const once = <Made>(make: () => Made): (() => Made) => {
  let made: { readonly value: Made } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Events of our boxes stay with us: sites listen for single letters as shortcuts on the whole document. */
const keepKeys = (root: ShadowRoot): void => {
  for (const name of ["keydown", "keyup", "keypress", "input", "paste", "copy", "cut"])
    root.addEventListener(name, (event) => event.stopPropagation());
};

/** The split button: its main part opens the box for a free ask, the other part the ready-made asks. */
export const fillButton = (mounted: Mounted): Button => {
  const { host, signal } = mounted;
  const root = host.attachShadow({ mode: "open" });
  keepKeys(root);
  const { height, radius } = mounted.site.shape;
  host.style.setProperty("--height", `${height}px`);
  host.style.setProperty("--radius", `${radius}px`);
  let theme: Theme = "page";

  const live = element("span", { class: "live", attributes: { hidden: true } });
  const main = element(
    "button",
    {
      class: "main",
      attributes: {
        type: "button",
        "aria-label": "Ask OpenHands",
        "aria-haspopup": "dialog",
        "aria-expanded": "false",
      },
    },
    icon(mark),
    element("span", { text: "Ask OpenHands" }),
    live,
  );
  const more = element(
    "button",
    {
      class: "more",
      attributes: {
        type: "button",
        "aria-label": "Ready-made asks",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
      },
    },
    icon("M4 6l4 4 4-4"),
  );

  const attachments = () => findAttachments(window, mounted.page, mounted.site.read(document, mounted.page));
  const status = (): void => void askWorker("open-panel", {}).catch(() => composer().open());
  const setup = (): void => void askWorker("open-setup", {}).catch(() => composer().open());

  const show = (state: PageState): void => {
    theme = state.theme;
    const running = state.runs.some(isLive);
    live.hidden = !running;
    main.setAttribute("aria-label", "Ask OpenHands");
    main.title = running ? "OpenHands works on this page" : "";
    paint();
  };

  // Most pages are read without asking anything: the boxes are built when they are first wanted.
  const composer = once(() => {
    const made = createComposer({
      opener: main,
      signal,
      line: askWorker,
      attachments,
      status,
      setup,
      place: () => {
        const facts = mounted.site.read(document, mounted.page);
        return {
          url: window.location.href,
          label: mounted.page.label,
          title: facts.title,
          branch: mounted.page.kind === "file" ? mounted.page.ref : undefined,
        };
      },
      asked: ({ run }) => {
        live.hidden = run === undefined || !isLive(run);
      },
    });
    root.append(made.box);
    return made;
  });

  const menu = once(() => {
    const made = createMenu({
      opener: more,
      signal,
      asks: () =>
        readyAsks(
          mounted.page.kind,
          mounted.site.change,
          new Set<Extra>(attachments().map((item) => item.context.kind)),
        ),
      chosen: (ask) => composer().open(ask.text),
      status,
      setup,
    });
    root.append(made.box);
    return made;
  });

  main.addEventListener(
    "click",
    byPerson(() => {
      menu().close(false);
      if (composer().isOpen()) composer().close();
      else composer().open();
    }),
  );
  const openMenu = (): void => {
    composer().close(false);
    if (menu().isOpen()) menu().close();
    else menu().open();
  };
  more.addEventListener("click", byPerson(openMenu));
  more.addEventListener(
    "keydown",
    byPerson((event) => {
      if ((event as KeyboardEvent).key !== "ArrowDown" || menu().isOpen()) return;
      event.preventDefault();
      openMenu();
    }),
  );
  // A click on our button must not take the selection away that goes along.
  root.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Element && event.target.closest(".split") !== null) event.preventDefault();
  });

  const paint = (): void => {
    const dark = theme === "page" ? (mounted.site.isDark(document) ?? false) : theme === "dark";
    const next = dark ? "dark" : "light";
    if (host.getAttribute("data-theme") !== next) host.setAttribute("data-theme", next);
  };

  root.append(
    element("style", { text: styles }),
    element("div", { class: "split", attributes: { role: "group", "aria-label": "OpenHands" } }, main, more),
  );
  void askWorker("describe-page", { url: window.location.href }).then(show, () => paint());
  const openAsk = (): void => composer().open();
  askShortcut.add(openAsk);
  signal.addEventListener("abort", () => askShortcut.delete(openAsk));
  return { paint };
};

/** What the keyboard shortcut and the context menu open: the box of the button that is on the page now. */
export const askShortcut = new Set<() => void>();
