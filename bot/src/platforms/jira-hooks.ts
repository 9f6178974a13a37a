import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Http } from "@ask-openhands/core/http/http.ts";
import { JiraHook } from "@ask-openhands/core/wire/jira.ts";
import * as z from "zod";
import type { PlatformDeps } from "./deps.ts";
import type { JiraSites } from "./jira-sites.ts";
import type { HookResource, Hooks } from "./platform.ts";

export const jiraHookName = "OpenHands Resolver";
export const jiraHookEvents = [
  "jira:issue_created",
  "jira:issue_updated",
  "comment_created",
  "comment_updated",
  "comment_deleted",
] as const;

/** One of the two addresses under which Jira keeps its webhooks, and what it takes there. */
export interface HookDialect {
  readonly path: string;
  body(hook: { readonly url: string; readonly secret: string }): Readonly<Record<string, unknown>>;
}

/** Cloud, and Data Center up to 9.x. https://developer.atlassian.com/server/jira/platform/webhooks/ */
export const classicHooks: HookDialect = {
  path: "/rest/webhooks/1.0/webhook",
  body: ({ url, secret }) => ({
    name: jiraHookName,
    url,
    events: [...jiraHookEvents],
    enabled: true,
    excludeBody: false,
    secret,
  }),
};

/** Data Center from 10.0 on. */
export const pluginHooks: HookDialect = {
  path: "/rest/jira-webhook/1.0/webhooks",
  body: ({ url, secret }) => ({
    name: jiraHookName,
    url,
    events: [...jiraHookEvents],
    active: true,
    configuration: { SECRET: secret, EXCLUDE_BODY: "false" },
  }),
};

export interface JiraHookSettings {
  readonly deps: PlatformDeps;
  readonly sites: JiraSites;
  /** In the order to try: the first that the server knows is used. */
  readonly dialects: readonly HookDialect[];
  /** Client of the site, with an administrator's token for this one call when there is one. */
  http(connection: Connection, oneTimeToken?: string): Pick<Http, "json" | "call">;
  /** Address that Jira delivers to. */
  hookUrl(connection: Connection): string;
}

const needsAdmin =
  "Only a Jira administrator can see and change webhooks: give an administrator's token once.";

const idOf = (hook: JiraHook): string =>
  hook.id === null || hook.id === undefined ? (/\/(\d+)$/.exec(hook.self ?? "")?.[1] ?? "") : String(hook.id);

/** Webhooks of Jira sites: one for the whole site, found again by its address without the query. */
export const createJiraHooks = (settings: JiraHookSettings): Hooks => {
  const { deps, sites } = settings;
  const bare = (url: string): string => url.split("?")[0] ?? url;

  const find = async (
    connection: Connection,
    token?: string,
  ): Promise<{ readonly dialect: HookDialect; readonly hook: JiraHook | undefined }> => {
    const http = settings.http(connection, token);
    const unknown: unknown[] = [];
    for (const dialect of settings.dialects) {
      try {
        const hooks = await http.json(z.array(JiraHook), { path: dialect.path });
        return { dialect, hook: hooks.find((hook) => bare(hook.url) === bare(settings.hookUrl(connection))) };
      } catch (error) {
        if (!(error instanceof Failure) || error.kind !== "not-found") throw error;
        unknown.push(error);
      }
    }
    throw new Failure("not-found", `${connection.host} has no interface for webhooks that we know.`, {
      cause: unknown[0],
    });
  };

  const resource = (connection: Connection, state: Partial<HookResource>): HookResource => ({
    id: "site",
    type: "site",
    name: connection.host,
    url: connection.settings["baseUrl"] ?? connection.settings["site"] ?? `https://${connection.host}`,
    state: "missing",
    ...state,
  });

  const describe = (connection: Connection, hook: JiraHook | undefined): HookResource => {
    if (hook === undefined) return resource(connection, { state: "missing" });
    const off = hook.enabled === false || hook.active === false;
    const lacking = jiraHookEvents.filter((event) => !(hook.events ?? []).includes(event));
    if (off)
      return resource(connection, { state: "disabled", error: "The webhook is switched off in Jira." });
    if (lacking.length > 0) {
      return resource(connection, {
        state: "failed",
        error: `The webhook lacks the events ${lacking.join(", ")}.`,
      });
    }
    return resource(connection, { state: "installed" });
  };

  const write = async (connection: Connection, token: string | undefined): Promise<HookResource> => {
    const secret = deps.connections.secret(connection, "webhookSecret");
    if (!secret) throw new Failure("bad-settings", "This connection has no webhook secret. Set one first.");
    const { dialect, hook } = await find(connection, token);
    const http = settings.http(connection, token);
    const json = dialect.body({ url: settings.hookUrl(connection), secret });
    const written =
      hook === undefined
        ? await http.json(JiraHook, { method: "POST", path: dialect.path, json })
        : await http.json(JiraHook, { method: "PUT", path: `${dialect.path}/${idOf(hook)}`, json });
    return describe(connection, written);
  };

  /** A token that may not manage webhooks is no fault of the site: it is told as the right that is missing. */
  const asAdmin = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const refused =
        error instanceof Failure && ["not-allowed", "bad-credentials", "not-found"].includes(error.kind);
      if (refused) throw new Failure("not-allowed", needsAdmin, { cause: error });
      throw error;
    }
  };

  return {
    async list(connectionId) {
      const connection = sites.connection(connectionId);
      try {
        return [describe(connection, (await find(connection)).hook)];
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        // The gateway of scoped tokens knows no webhooks at all.
        if (["not-allowed", "bad-credentials", "not-found"].includes(error.kind)) {
          return [resource(connection, { state: "missing", missingRight: needsAdmin })];
        }
        return [resource(connection, { state: "failed", error: error.hint })];
      }
    },
    install: (connectionId, _resource, token) => asAdmin(() => write(sites.connection(connectionId), token)),
    repair: (connectionId, _resource, token) => asAdmin(() => write(sites.connection(connectionId), token)),
    remove: (connectionId, _resource, token) =>
      asAdmin(async () => {
        const connection = sites.connection(connectionId);
        const { dialect, hook } = await find(connection, token);
        if (hook === undefined) return;
        await settings
          .http(connection, token)
          .call({ method: "DELETE", path: `${dialect.path}/${idOf(hook)}` });
      }),
  };
};
