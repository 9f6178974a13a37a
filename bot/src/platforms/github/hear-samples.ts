import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Ear } from "./envelope.ts";
import { hear } from "./hear.ts";

/** Deliveries for the tests of hearing. */
export const mara = { id: 11, login: "mara", type: "User" };
export const reviewer = { id: 12, login: "ines", type: "User" };
export const bot = { id: 90, login: "ask-openhands[bot]", type: "Bot" };
export const renovate = { id: 91, login: "renovate[bot]", type: "Bot" };
export const repository = { id: 500, full_name: "mara/shop", html_url: "https://github.com/mara/shop" };
export const issue = {
  id: 700,
  number: 12,
  title: "Crash on empty cart",
  body: "It crashes.",
  html_url: "https://github.com/mara/shop/issues/12",
  user: mara,
  created_at: "2026-05-01T10:00:00Z",
  updated_at: "2026-05-01T11:00:00Z",
};
export const pullRequest = { ...issue, id: 800, html_url: "https://github.com/mara/shop/pull/12" };
export const comment = {
  id: 42,
  body: "@openhands fix this",
  html_url: "https://github.com/mara/shop/issues/12#issuecomment-42",
  user: mara,
  created_at: "2026-05-01T11:00:00Z",
  updated_at: "2026-05-01T11:05:00Z",
};
export const inline = {
  ...comment,
  id: 43,
  pull_request_review_id: 77,
  path: "src/cart.ts",
  line: 3,
  side: "LEFT",
  diff_hunk: "@@ -1 +1 @@",
};
export const review = {
  id: 77,
  body: "@openhands see below",
  user: mara,
  submitted_at: "2026-05-01T12:00:00Z",
  state: "commented",
};
export const envelope = { repository, sender: mara, installation: { id: 9 } };

export const ear: Ear = {
  labels: ["openhands"],
  mentions: (text) => /@openhands\b/i.test(text),
  own: () => ({ known: [{ login: bot.login, appId: 7, shared: false }], complete: true }),
};

export function heard(event: string, body: unknown, with_: Partial<Ear> = {}): Mention {
  const result = hear(event, body, { ...ear, ...with_ });
  if (result.heard !== "mention") throw new Error(`expected a mention, got ${JSON.stringify(result)}`);
  return result.mention;
}
export const whyIgnored = (event: string | undefined, body: unknown): string => {
  const result = hear(event, body, ear);
  return result.heard === "ignored" ? result.why : `not ignored: ${result.heard}`;
};
