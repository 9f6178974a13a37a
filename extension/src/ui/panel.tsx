import { createRoot } from "react-dom/client";
import { element } from "../page/element.ts";
import { hostName } from "../page/mount.ts";
import { takePanelAddress } from "../page/panel-address.ts";
import { rowName } from "../page/rows.ts";
import { hearNavigation } from "../page/soft-navigation.ts";
import { look } from "./look.ts";
import { PanelView } from "./panel-view.tsx";

const panelName = "ask-openhands-panel";

/** The button knows the page's theme and the person's choice. */
const themeNow = (): string =>
  document.querySelector(`${hostName}, ${rowName}`)?.getAttribute("data-theme") ?? "light";

const open = (): void => {
  const life = new AbortController();
  const back = document.activeElement;
  const host = document.createElement(panelName);
  const root = host.attachShadow({ mode: "open" });
  const box = element("div", {
    class: "aoh panel",
    attributes: {
      role: "dialog",
      "aria-label": "Integration status",
      "data-theme": themeNow(),
      popover: "manual",
    },
  });
  for (const name of ["keydown", "keyup", "keypress", "input"])
    root.addEventListener(name, (event) => event.stopPropagation());
  root.append(element("style", { text: look }), box);
  document.body.append(host);
  box.showPopover();
  const react = createRoot(box);
  const close = (): void => {
    life.abort();
    react.unmount();
    host.remove();
    if (back instanceof HTMLElement) back.focus();
  };
  host.addEventListener("ask-openhands-close", close);
  const hearUrl = (changed: (url: string) => void): (() => void) => {
    const visit = new AbortController();
    hearNavigation(
      window,
      () => {
        box.setAttribute("data-theme", themeNow());
        changed(window.location.href);
      },
      AbortSignal.any([visit.signal, life.signal]),
    );
    return () => visit.abort();
  };
  react.render(<PanelView close={close} hearUrl={hearUrl} about={takePanelAddress()} />);
};

// This file runs again each time the panel is asked for: a second time closes it.
const standing = document.querySelector(panelName);
if (standing === null) open();
else standing.dispatchEvent(new Event("ask-openhands-close"));
