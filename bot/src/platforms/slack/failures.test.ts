import { expect, it } from "vitest";
import { slackFailure } from "./failures.ts";

const thrown = (error: string, needed?: string) => ({
  code: "slack_webapi_platform_error",
  data: { ok: false, error, ...(needed === undefined ? {} : { needed }) },
});

it.each([
  ["a code is told", thrown("msg_too_long"), 'Slack refused with "msg_too_long".'],
  [
    "scopes are told",
    thrown("missing_scope", "chat:write,channels:history"),
    "Slack asks for the scope chat:write,channels:history: add it to the app and install it again.",
  ],
])("%s", (_, error, sentence) => {
  expect(slackFailure(error, 0).hint).toBe(sentence);
});

it("says nothing of an answer that may repeat what we sent", () => {
  const token = "xoxb-1234567890-AbCdEfGhIjKlMnOpQrStUv";
  for (const error of [thrown(`bad token ${token}`), thrown("missing_scope", token), thrown(token)])
    expect(slackFailure(error, 0).hint).not.toMatch(/xoxb|12345|AbCd/);
});
