// GitHub announces in-page navigation by turbo and its own soft-nav events; others only change the address.
const documentEvents = [
  "turbo:load",
  "turbo:render",
  "soft-nav:end",
  "soft-nav:react-done",
  "pjax:end",
] as const;

interface NavigationSource {
  addEventListener(type: string, listener: () => void, options: AddEventListenerOptions): void;
}

/** Calls `moved` whenever the address may have changed without a new document. The caller compares the address. */
export const hearNavigation = (window: Window, moved: () => void, signal: AbortSignal): void => {
  const options = { signal, passive: true };
  for (const name of documentEvents) window.document.addEventListener(name, moved, options);
  for (const name of ["popstate", "hashchange", "pageshow"]) window.addEventListener(name, moved, options);
  const navigation = (window as { readonly navigation?: NavigationSource }).navigation;
  navigation?.addEventListener("currententrychange", moved, options);
};
