import type { Log } from "../../log.ts";
import { slackLogger } from "./logger.ts";

/** What a listener answers at once: nothing, a text for the person, options of a list, or what becomes of a form. */
export type Reply = string | Readonly<Record<string, unknown>> | undefined;

/** Listeners of the interactive part; each resolves with what Slack is answered, after everything that must be stored is stored. */
export interface Listeners {
  command(body: unknown): Promise<Reply>;
  shortcut(body: unknown): Promise<Reply>;
  action(body: unknown): Promise<Reply>;
  form(body: unknown): Promise<Reply>;
  options(body: unknown): Promise<Reply>;
}

export interface Dispatch {
  /** Answers with what the listener acknowledged; `undefined` when no listener is meant. Rejects when the listener failed, so that nothing is acknowledged. */
  send(body: Readonly<Record<string, unknown>>): Promise<Reply>;
}

/**
 * Bolt as dispatcher behind our own receive path: its own HTTP receiver answers events before a listener ran, so it stays out.
 * Loaded with the first interaction. https://docs.slack.dev/tools/bolt-js/concepts/receiver
 */
export const createDispatch = (
  listeners: Listeners,
  ids: { readonly shortcut: string; readonly forms: readonly string[] },
  log: Log,
): Dispatch => {
  const load = async () => {
    const { App } = await import("@slack/bolt");
    const app = new App({
      receiver: { init: () => undefined, start: async () => undefined, stop: async () => undefined },
      // Who is asking is known from the verified delivery; our own calls have their own client.
      authorize: async () => ({}),
      ignoreSelf: false,
      logger: slackLogger(log),
    });
    type Ack = (reply?: never) => Promise<void>;
    const answer = async (ack: unknown, reply: Reply): Promise<void> =>
      (ack as (reply: Reply) => Promise<void>)(reply);
    app.command(/.*/, async ({ body, ack }) =>
      answer(ack satisfies Ack | unknown, await listeners.command(body)),
    );
    app.shortcut(ids.shortcut, async ({ body, ack }) => answer(ack, await listeners.shortcut(body)));
    app.action(/^ask-openhands:/, async ({ body, ack }) => answer(ack, await listeners.action(body)));
    for (const form of ids.forms)
      app.view(form, async ({ body, ack }) => answer(ack, await listeners.form(body)));
    app.options(/^ask-openhands:/, async ({ body, ack }) => answer(ack, await listeners.options(body)));
    app.error(async (error) => {
      log.error({ error: error.message }, "interaction failed");
      // Swallowed here it would be acknowledged and lost.
      throw error;
    });
    return app;
  };
  let loading: ReturnType<typeof load> | undefined;

  return {
    async send(body) {
      loading ??= load();
      const app = await loading;
      let reply: Reply;
      await app.processEvent({
        body: { ...body },
        ack: async (given?: Reply) => {
          reply = given;
        },
      });
      return reply;
    },
  };
};
