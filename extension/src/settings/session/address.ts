import { useSyncExternalStore } from "react";

/** Path to come back to after signing in somewhere else, in the form that the bot accepts; the fragment goes along, because it may hold a code. */
export const safeReturn = (): string => {
  const { pathname, hash } = window.location;
  const path = pathname === "/sign-in" || pathname === "/invitation" ? "/" : pathname;
  return `${path}${hash}`;
};

/** The one-time token after `#`, which never reaches a server by itself. */
export const tokenInAddress = (): string => decodeURIComponent(window.location.hash.slice(1));

const subscribe = (changed: () => void): (() => void) => {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
};

/** The token, also when another link is opened in the same tab: a browser loads nothing anew then. */
export const useTokenInAddress = (): string => useSyncExternalStore(subscribe, tokenInAddress);
