import { randomBytes } from "node:crypto";
import { githubEvents } from "@ask-openhands/core/connection/catalog/github.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { PlatformDeps } from "../deps.ts";
import type { HookResource, Hooks } from "../platform.ts";
import type { Client } from "./client.ts";
import { createTokenClient } from "./client.ts";
import { type Doors, isApp, orUndefined } from "./connect.ts";
import type { Repositories } from "./repositories.ts";
import { splitName } from "./spots.ts";

type RepositoryHook = Awaited<ReturnType<Client["rest"]["repos"]["listWebhooks"]>>["data"][number];

/** Repositories in the table of webhooks; the search finds the others. */
const mostRepositories = 100;

const isGood = (code: number | null | undefined): boolean =>
  code !== null && code !== undefined && code >= 200 && code < 300;

/** The App has one webhook for all its installations; a token has one for each repository. */
export function createHooks(deps: PlatformDeps, doors: Doors, repositories: Repositories): Hooks {
  const addressOf = (connection: Connection): string =>
    `${deps.publicUrl}/webhooks/github${isApp(connection) ? "" : `/${connection.id}`}`;

  const secretOf = async (connection: Connection): Promise<string> => {
    const known = deps.connections.secret(connection, "webhookSecret");
    if (known) return known;
    const made = randomBytes(32).toString("hex");
    await deps.connections.renew(connection.id, { secrets: { webhookSecret: made } });
    return made;
  };

  const configOf = async (connection: Connection) => ({
    url: addressOf(connection),
    content_type: "json",
    insecure_ssl: "0",
    secret: await secretOf(connection),
  });

  const ofApp = async (connection: Connection): Promise<HookResource> => {
    const app = await doors.asApp(connection);
    const [{ data: config }, { data: facts }, { data: deliveries }] = await Promise.all([
      app.rest.apps.getWebhookConfigForApp(),
      app.rest.apps.getAuthenticated(),
      app.rest.apps.listWebhookDeliveries({ per_page: 1 }),
    ]);
    const last = deliveries[0];
    const common = {
      id: "app",
      type: "app",
      name: facts?.name ?? connection.name,
      ...(facts ? { url: facts.html_url } : {}),
    } as const;
    if (config.url !== addressOf(connection)) {
      const error = config.url ? `GitHub delivers to ${config.url} instead.` : undefined;
      return { ...common, state: "missing", ...(error ? { error } : {}) };
    }
    const failed = last !== undefined && !isGood(last.status_code);
    return {
      ...common,
      state: failed ? "failed" : "installed",
      ...(failed
        ? { error: `The last delivery was answered with ${last.status_code} (${last.status}).` }
        : {}),
      ...(last ? { lastDelivery: last.delivered_at } : {}),
    };
  };

  const isOurs =
    (connection: Connection) =>
    (hook: RepositoryHook): boolean =>
      hook.config.url === addressOf(connection) ||
      (hook.config.url ?? "").startsWith(`${deps.publicUrl}/webhooks/github`);

  const clientFor = async (connection: Connection, oneTimeToken?: string): Promise<Client> =>
    createTokenClient(connection, oneTimeToken ?? (await doors.token(connection)), deps);

  const findHook = async (
    client: Client,
    connection: Connection,
    name: string,
  ): Promise<RepositoryHook | undefined> => {
    const { data } = await client.rest.repos.listWebhooks({ ...splitName(name), per_page: 100 });
    return data.find(isOurs(connection));
  };

  const describe = (
    connection: Connection,
    name: string,
    url: string,
    hook: RepositoryHook | undefined,
  ): HookResource => {
    const common = { id: name, type: "repository", name, url } as const;
    if (!hook) return { ...common, state: "missing" };
    if (!hook.active) return { ...common, state: "disabled" };
    const lacks = githubEvents.filter((event) => !hook.events.includes(event) && !hook.events.includes("*"));
    const { code, message } = hook.last_response;
    if (hook.config.url !== addressOf(connection))
      return { ...common, state: "failed", error: `It delivers to ${hook.config.url} instead.` };
    if (lacks.length > 0)
      return { ...common, state: "failed", error: `It does not send ${lacks.join(", ")}.` };
    if (code !== null && !isGood(code))
      return {
        ...common,
        state: "failed",
        error: `The last delivery was answered with ${code}${message ? ` (${message})` : ""}.`,
      };
    return { ...common, state: "installed" };
  };

  const ofRepository = async (
    connection: Connection,
    name: string,
    url: string,
    mayManage: boolean,
  ): Promise<HookResource> => {
    const missingRight = "admin on the repository";
    if (!mayManage) return { id: name, type: "repository", name, url, state: "missing", missingRight };
    try {
      return describe(connection, name, url, await findHook(await clientFor(connection), connection, name));
    } catch (error) {
      if (!(error instanceof Failure) || error.passing) throw error;
      return {
        id: name,
        type: "repository",
        name,
        url,
        state: "missing",
        missingRight: `${missingRight} (webhooks: write)`,
      };
    }
  };

  const put = async (
    connectionId: string,
    name: string,
    oneTimeToken: string | undefined,
  ): Promise<HookResource> => {
    const connection = doors.byId(connectionId);
    const config = await configOf(connection);
    if (isApp(connection)) {
      // As `data`, because Octokit would take a parameter named `url` for the address of the request itself.
      const app = await doors.asApp(connection);
      await app.request({ method: "PATCH", url: "/app/hook/config", data: config });
      return ofApp(connection);
    }
    const client = await clientFor(connection, oneTimeToken);
    const path = { ...splitName(name) };
    const wanted = { config, events: [...githubEvents], active: true };
    const known = await findHook(client, connection, name);
    const { data: hook } = known
      ? await client.rest.repos.updateWebhook({ ...path, hook_id: known.id, ...wanted })
      : await client.rest.repos.createWebhook({ ...path, name: "web", ...wanted });
    return describe(connection, name, `https://${connection.host}/${name}`, {
      ...hook,
      last_response: { code: null, status: null, message: null },
    });
  };

  return {
    async list(connectionId) {
      const connection = doors.byId(connectionId);
      if (isApp(connection)) return [await ofApp(connection)];
      const seen = (await repositories.repositoriesOf(connection)).slice(0, mostRepositories);
      const found: HookResource[] = [];
      for (const one of seen)
        found.push(
          await ofRepository(connection, one.full_name, one.html_url, one.permissions?.admin === true),
        );
      return found;
    },
    install: put,
    repair: put,
    async remove(connectionId, resourceId, oneTimeToken) {
      const connection = doors.byId(connectionId);
      if (isApp(connection))
        throw new Failure(
          "bad-input",
          "The webhook of a GitHub App cannot be removed here: switch it off on the App's page on GitHub.",
        );
      const client = await clientFor(connection, oneTimeToken);
      const hook = await findHook(client, connection, resourceId);
      if (hook)
        await orUndefined(client.rest.repos.deleteWebhook({ ...splitName(resourceId), hook_id: hook.id }));
    },
  };
}
