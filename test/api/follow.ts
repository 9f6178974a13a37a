import type { Browser } from "./browser.ts";

/** Goes to the address that another server sent the browser to. */
export const follow = async (
  browser: Browser,
  back: URL,
): Promise<{ readonly status: number; readonly location: string | null; readonly text: string }> => {
  const response = await browser.raw(`${back.pathname}${back.search}`, {
    headers: { cookie: cookiesOf(browser) },
  });
  return { status: response.status, location: response.headers.get("location"), text: await response.text() };
};

const cookiesOf = (browser: Browser): string =>
  ["__Host-session", "__Host-oauth"]
    .flatMap((name) => (browser.cookie(name) === undefined ? [] : [`${name}=${browser.cookie(name)}`]))
    .join("; ");
