import { expect } from "vitest";
import { Browser } from "../api/browser.ts";
import type { PlatformWorld } from "../contracts/platform-subject.ts";
import type { Flow } from "./flow.ts";

const publicUrl = "https://bot.test";

/** What the first owner does: opens the printed sign-in link, then the link that was said to the account. */
export const linkOwner = async (flow: Flow, said: string): Promise<Browser> => {
  const signIn = /\/sign-in#([\w-]+)/.exec(flow.printed.join(""))?.[1] ?? "";
  const link = /https:\/\/bot\.test\/link#([\w.~-]+)/.exec(said)?.[1] ?? "";
  const toBot = (url: URL, init: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${flow.bot().port}${url.pathname}${url.search}`, init);
  const app = { request: toBot } as unknown as ConstructorParameters<typeof Browser>[0];
  const browser = new Browser(app, publicUrl);
  await browser.call("signIn", { body: { token: signIn, name: "Mira" } });
  await browser.refresh();
  expect(await browser.call("linkAccount", { body: { token: link } })).toMatchObject({ linked: true });
  return browser;
};

/** What the page of the code host offers: a code, which its writer says as a comment there. */
export const linkCodeHost = async (flow: Flow, browser: Browser, code: PlatformWorld): Promise<void> => {
  const connection = code.connections[0]?.connection.id ?? "";
  const proof = await browser.call("linkToConnection", { params: { connection } });
  const words = proof.linked ? undefined : proof.code;
  code.deliverTo(`http://127.0.0.1:${flow.bot().port}`);
  const { writer } = code.people;
  const issue = await code.open(writer, "issue", { title: "Who I am", text: "" });
  await code.comment(writer, issue, words ?? "no code was given");
};
