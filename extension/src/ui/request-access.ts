import { Refusal } from "../client.ts";

const patternOf = (typed: string): string => {
  const text = typed.trim();
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole))
    throw new Refusal(`"${text.slice(0, 100)}" is not an address.`, "Write it like https://bot.example.com.");
  const { hostname, protocol } = new URL(whole);
  const isLocal = hostname === "localhost" || hostname.startsWith("127.");
  return `${isLocal && whole !== text ? "http:" : protocol}//${hostname}/*`;
};

/** Asks the person for access to servers; works only directly after a click. Throws `Refusal`. */
export const requestAccess = async (...addresses: readonly string[]): Promise<void> => {
  const origins = addresses.map(patternOf);
  const given = await chrome.permissions.request({ origins });
  if (!given) throw new Refusal("Without your permission the extension cannot reach this server.");
};
