import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const key = "theme";
const heard = new Set<() => void>();
const system = window.matchMedia("(prefers-color-scheme: dark)");

const read = (): Theme => {
  const kept = window.localStorage.getItem(key);
  return kept === "light" || kept === "dark" ? kept : "system";
};

const apply = (): void => {
  const theme = read();
  const isDark = theme === "system" ? system.matches : theme === "dark";
  document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
};

/** Paints the page in the chosen colours and follows the system when nothing was chosen. */
export const startTheme = (): void => {
  apply();
  system.addEventListener("change", apply);
};

const subscribe = (changed: () => void): (() => void) => {
  heard.add(changed);
  return () => heard.delete(changed);
};

export const chooseTheme = (theme: Theme): void => {
  if (theme === "system") window.localStorage.removeItem(key);
  else window.localStorage.setItem(key, theme);
  apply();
  for (const tell of heard) tell();
};

export const useTheme = (): Theme => useSyncExternalStore(subscribe, read);
