import { askWorker } from "../client.ts";

const slot = Symbol.for("ask-openhands-panel");

/** What the panel is to be about; it runs in the same world as our script, which no page can reach. */
interface World {
  [slot]?: string | undefined;
}

/** Opens the panel about another address than the page's own: a row of a list. */
export const showPanel = (url: string): void => {
  (globalThis as World)[slot] = url;
  void askWorker("open-panel", {}).catch(() => undefined);
};

/** The address that the panel was opened for; told once. */
export const takePanelAddress = (): string | undefined => {
  const world = globalThis as World;
  const url = world[slot];
  delete world[slot];
  return url;
};
