import type { LinkAnswer } from "@ask-openhands/core/api/types.ts";
import { Browser } from "../api/browser.ts";
import type { Flow } from "./flow.ts";

const publicUrl = "https://bot.test";

/** What the first owner does: opens the printed sign-in link, then the link that was said to the account. */
export const linkOwner = async (flow: Flow, printed: string, said: string): Promise<LinkAnswer> => {
  const signIn = /\/sign-in#([\w-]+)/.exec(printed)?.[1] ?? "";
  const link = /https:\/\/bot\.test\/link#([\w.~-]+)/.exec(said)?.[1] ?? "";
  const toBot = (url: URL, init: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${flow.bot().port}${url.pathname}${url.search}`, init);
  const app = { request: toBot } as unknown as ConstructorParameters<typeof Browser>[0];
  const browser = new Browser(app, publicUrl);
  await browser.call("signIn", { body: { token: signIn, name: "Mira" } });
  await browser.refresh();
  return browser.call("linkAccount", { body: { token: link } });
};
