import { askWorker } from "../client.ts";
import { readyAsks } from "../sites/ready-asks.ts";
import { createComposer } from "./composer.ts";
import { byPerson, element, icon } from "./element.ts";
import { mark } from "./mark.ts";
import { createMenu } from "./menu.ts";
import { showPanel } from "./panel-address.ts";
import { type Row, rowName } from "./rows.ts";
import { styles } from "./styles.ts";

/** A row is itself something to click: what happens in our boxes stays with us. */
const keepEvents = (root: ShadowRoot): void => {
  for (const name of ["keydown", "keyup", "keypress", "input", "paste", "copy", "cut", "click", "mousedown"])
    root.addEventListener(name, (event) => event.stopPropagation());
};

/** Fills the small button of a row: a menu of ready-made asks about that row's ticket, and the box. */
export const fillRowButton = ({ site, page, host, signal }: Row): void => {
  const root = host.attachShadow({ mode: "open" });
  keepEvents(root);
  const opener = element(
    "button",
    {
      class: "row",
      attributes: {
        type: "button",
        "aria-label": `Ask OpenHands about ${page.label}`,
        title: `Ask OpenHands about ${page.label}`,
        "aria-haspopup": "menu",
        "aria-expanded": "false",
      },
    },
    icon(mark),
  );
  root.append(element("style", { text: styles }), opener);

  const status = (): void => showPanel(page.url);
  const setup = (): void => void askWorker("open-setup", {}).catch(() => undefined);
  const build = () => {
    // Lists take rows away while they scroll or refresh: the box stands outside of them, so that a text half written stays.
    const stand = document.createElement(rowName);
    stand.setAttribute("data-anchor", "box");
    const inside = stand.attachShadow({ mode: "open" });
    keepEvents(inside);
    const composer = createComposer({
      opener,
      signal: new AbortController().signal,
      line: askWorker,
      attachments: () => [],
      status,
      setup,
      place: () => ({ url: page.url, label: page.label }),
      asked: () => undefined,
    });
    const open = (text?: string): void => {
      stand.setAttribute("data-theme", host.getAttribute("data-theme") ?? "light");
      document.body.append(stand);
      composer.open(text);
    };
    const menu = createMenu({
      opener,
      signal,
      asks: () => [
        ...readyAsks(page.kind, site.change, new Set()),
        { id: "free", label: "Something else…", text: "" },
      ],
      chosen: (ask) => open(ask.text === "" ? undefined : ask.text),
      status,
      setup,
    });
    inside.append(element("style", { text: styles }), composer.box);
    root.append(menu.box);
    composer.box.addEventListener("toggle", () => {
      if (!composer.isOpen()) stand.remove();
    });
    return { composer, menu };
  };
  let built: ReturnType<typeof build> | undefined;

  opener.addEventListener(
    "click",
    byPerson(() => {
      built ??= build();
      const { composer, menu } = built;
      if (composer.isOpen()) composer.close();
      else if (menu.isOpen()) menu.close();
      else menu.open();
    }),
  );
};

/** The row's colours follow the page's. */
export const paintRow = ({ site, host }: Row, document: Document): void => {
  const next = site.isDark(document) === true ? "dark" : "light";
  if (host.getAttribute("data-theme") !== next) host.setAttribute("data-theme", next);
};
