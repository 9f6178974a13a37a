import { Trouble } from "./trouble.ts";

const isLocal = (hostname: string): boolean =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  /^127(?:\.\d+){3}$/.test(hostname) ||
  hostname === "[::1]";

/**
 * Base address as a person types it: with or without scheme, path and slash at the end.
 * Without a scheme it is https, on this machine http. Throws `Trouble`.
 */
export const readBaseUrl = (typed: string): string => {
  const text = typed.trim();
  const bare = !/^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const guess =
    bare && URL.canParse(`http://${text}`) && isLocal(new URL(`http://${text}`).hostname)
      ? `http://${text}`
      : `https://${text}`;
  const whole = bare ? guess : text;
  if (!URL.canParse(whole))
    throw new Trouble(`"${text.slice(0, 100)}" is not an address.`, "Write it like https://bot.example.com.");
  const url = new URL(whole);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new Trouble("The address must begin with https:// or http://.");
  if (url.username !== "" || url.password !== "")
    throw new Trouble("The address must not contain a name or password.");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
};

export const originPattern = (address: string): string =>
  `${new URL(address).protocol}//${new URL(address).hostname}/*`;

/** The popup asks the person for this right before it calls; here it is only checked. Throws `Trouble`. */
export const needAccess = async (address: string): Promise<void> => {
  const origins = [originPattern(address)];
  if (await chrome.permissions.contains({ origins })) return;
  throw new Trouble(
    `The browser does not let the extension reach ${new URL(address).host} yet.`,
    "Press the button again and allow it.",
  );
};
