import { expect } from "vitest";
import type { FakeSlack } from "../fakes/slack/start.ts";
import type { Flow } from "./flow.ts";

/** A signed form that Slack sends to the bot; gives the body of the answer. */
export const sendForm = async (
  flow: Flow,
  slack: FakeSlack,
  fields: Readonly<Record<string, string>>,
): Promise<string> => {
  const { method, path, headers, bytes } = slack.form(fields);
  const answer = await fetch(`http://127.0.0.1:${flow.bot().port}${path}`, {
    method,
    headers,
    body: Buffer.from(bytes),
  });
  expect(answer.status).toBe(200);
  return answer.text();
};

/** What the writer does with a button, a list or a form. */
export const interact = (
  flow: Flow,
  slack: FakeSlack,
  payload: Readonly<Record<string, unknown>>,
): Promise<string> =>
  sendForm(flow, slack, {
    payload: JSON.stringify({
      team: { id: slack.host },
      user: { id: slack.people.writer.id, username: "mira", team_id: slack.host },
      api_app_id: slack.state.app,
      trigger_id: "t1",
      ...payload,
    }),
  });
