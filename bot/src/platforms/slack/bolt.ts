import type { Log } from "../../log.ts";
import type { Home } from "./home-team.ts";
import { slackLogger } from "./logger.ts";

/** What a listener answers at once: nothing, a text for the person, options of a list, or what becomes of a form. */
export type Reply = string | Readonly<Record<string, unknown>> | undefined;

/** Listeners of the interactive part; each resolves with what Slack is answered, after everything that must be stored is stored. */
export interface Listeners {
  command(body: unknown, home: Home): Promise<Reply>;
  shortcut(body: unknown, home: Home): Promise<Reply>;
  action(body: unknown, home: Home): Promise<Reply>;
  form(body: unknown, home: Home): Promise<Reply>;
  options(body: unknown, home: Home): Promise<Reply>;
}

export interface Dispatch {
  /** Answers with what the listener acknowledged; `undefined` when no listener is meant. Rejects when the listener failed, so that nothing is acknowledged. */
  send(body: Readonly<Record<string, unknown>>, home: Home): Promise<Reply>;
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
    const answer = async (ack: unknown, reply: Reply): Promise<void> =>
      (ack as (reply: Reply) => Promise<void>)(reply);
    const homeOf = (context: Readonly<Record<string, unknown>>): Home => context["home"] as Home;
    app.command(/.*/, async ({ body, ack, context }) =>
      answer(ack, await listeners.command(body, homeOf(context))),
    );
    app.shortcut(ids.shortcut, async ({ body, ack, context }) =>
      answer(ack, await listeners.shortcut(body, homeOf(context))),
    );
    app.action(/^ask-openhands:/, async ({ body, ack, context }) =>
      answer(ack, await listeners.action(body, homeOf(context))),
    );
    for (const form of ids.forms)
      app.view(form, async ({ body, ack, context }) =>
        answer(ack, await listeners.form(body, homeOf(context))),
      );
    app.options(/^ask-openhands:/, async ({ body, ack, context }) =>
      answer(ack, await listeners.options(body, homeOf(context))),
    );
    app.error(async (error) => {
      log.error({ error: error.message }, "interaction failed");
      // Swallowed here it would be acknowledged and lost.
      throw error;
    });
    return app;
  };
  let loading: ReturnType<typeof load> | undefined;

  return {
    async send(body, home) {
      loading ??= load();
      const app = await loading;
      let reply: Reply;
      await app.processEvent({
        body: { ...body },
        // Listeners find it in their context: https://docs.slack.dev/tools/bolt-js/concepts/receiver
        customProperties: { home },
        ack: async (given?: Reply) => {
          reply = given;
        },
      });
      return reply;
    },
  };
};
