import { randomBytes } from "node:crypto";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { BitbucketHook, HookTarget, LastDelivery } from "./bitbucket-api.ts";
import type { BitbucketSites, Site } from "./bitbucket-sites.ts";
import type { PlatformDeps } from "./deps.ts";
import type { HookResource, Hooks } from "./platform.ts";

export const bitbucketHookName = "OpenHands Resolver";

const mostTargets = 100;
const atOnce = 4;

export interface BitbucketHookSettings {
  readonly deps: PlatformDeps;
  readonly sites: BitbucketSites;
  readonly platform: string;
  readonly events: readonly string[];
  /** The right that changing a webhook needs, in words. */
  readonly needs: Readonly<Record<HookTarget["type"], string>>;
}

/** Data Center answers 401 where a right is missing. */
const isRefused = (error: unknown): boolean =>
  error instanceof Failure && ["not-allowed", "not-found", "bad-credentials"].includes(error.kind);

const idOf = ({ type, name }: HookTarget): string => `${type}:${name}`;

const targetOf = (resource: string): HookTarget => {
  const [, type, name] = /^(repository|workspace):([^\s?#]{1,300})$/.exec(resource) ?? [];
  if (name && (type === "repository" || type === "workspace")) return { type, name };
  throw new Failure("bad-input", "This is no repository or workspace of the list.");
};

/** By the path that only this connection has, so that one with an older address of ours is found too. */
const findOurs = (hooks: readonly BitbucketHook[], wanted: string): BitbucketHook | undefined => {
  const own = new URL(wanted).pathname.replace(/^.*(?=\/webhooks\/)/, "");
  return (
    hooks.find(({ url }) => url === wanted) ??
    hooks.find(({ url }) => URL.canParse(url) && new URL(url).pathname.endsWith(own))
  );
};

/** Webhooks of a connection: on workspaces where there are such, else on repositories. */
export const createBitbucketHooks = (settings: BitbucketHookSettings): Hooks => {
  const { deps, sites } = settings;

  const addressFor = (connection: Connection): string =>
    `${deps.publicUrl}/webhooks/${settings.platform}/${connection.id}`;

  const diagnose = (
    hook: BitbucketHook,
    wanted: string,
    last: LastDelivery | undefined,
  ): Pick<HookResource, "state" | "error"> => {
    if (hook.url !== wanted)
      return { state: "failed", error: `It still calls ${hook.url}, not ${wanted}. Repair it.` };
    if (!hook.active) return { state: "disabled", error: "It is switched off. Repair it." };
    const silent = settings.events.filter((event) => !hook.events.includes(event));
    if (silent.length > 0)
      return { state: "failed", error: `It does not tell of ${silent.join(", ")}. Repair it.` };
    if (hook.signs === false)
      return {
        state: "failed",
        error: "It has no secret, so its deliveries are refused. Repair it.",
      };
    if (last?.trouble !== undefined)
      return { state: "failed", error: `The last delivery failed (${last.trouble}).` };
    return { state: "installed" };
  };

  const rowOf = (target: HookTarget, more: Partial<HookResource>): HookResource => ({
    id: idOf(target),
    type: target.type,
    name: target.name,
    ...(target.url ? { url: target.url } : {}),
    state: "missing",
    ...more,
  });

  const look = async ({ connection, hooks }: Site, target: HookTarget): Promise<HookResource> => {
    const wanted = addressFor(connection);
    const hook = findOurs(await hooks.hooks(target), wanted);
    if (hook === undefined) return rowOf(target, {});
    const last = await hooks.lastDelivery?.(target, hook.id);
    return rowOf(target, {
      ...diagnose(hook, wanted, last),
      ...(last === undefined ? {} : { lastDelivery: last.at }),
    });
  };

  const row = async (site: Site, target: HookTarget): Promise<HookResource> => {
    const lacking = { missingRight: settings.needs[target.type] };
    if (target.may === false) return rowOf(target, lacking);
    try {
      return await look(site, target);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return rowOf(target, isRefused(error) ? lacking : { state: "failed", error: error.hint });
    }
  };

  /** Stored before Bitbucket learns it: a hook must never sign with something that we have forgotten. */
  const secretFor = async (connection: Connection): Promise<string> => {
    const known = deps.connections.secret(connection, "webhookSecret");
    if (known) return known;
    const webhookSecret = randomBytes(32).toString("base64url");
    await deps.connections.renew(connection.id, { secrets: { webhookSecret } });
    return webhookSecret;
  };

  const withRights = async <T>(
    connectionId: string,
    resource: string,
    token: string | undefined,
    work: (site: Site, target: HookTarget) => Promise<T>,
  ): Promise<T> => {
    const target = targetOf(resource);
    const site = token ? sites.once(connectionId, token) : sites.byId(connectionId);
    try {
      return await work(site, target);
    } catch (error) {
      if (!isRefused(error)) throw error;
      throw new Failure(
        "not-allowed",
        `Bitbucket does not let us change webhooks of ${target.name}. Needed: ${settings.needs[target.type]}`,
        { cause: error },
      );
    }
  };

  const put: Hooks["install"] = (connectionId, resource, token) =>
    withRights(connectionId, resource, token, async (site, target) => {
      const { connection, hooks } = site;
      const url = addressFor(connection);
      const before = findOurs(await hooks.hooks(target), url);
      await hooks.put(target, before?.id, { url, secret: await secretFor(connection) });
      return look(site, target);
    });

  return {
    async list(connectionId) {
      const site = sites.byId(connectionId);
      const targets = await site.hooks.targets(mostTargets);
      const rows: HookResource[] = [];
      for (let at = 0; at < targets.length; at += atOnce)
        rows.push(...(await Promise.all(targets.slice(at, at + atOnce).map((one) => row(site, one)))));
      // A workspace's webhook tells of all its repositories.
      const covered = rows.filter((one) => one.type === "workspace" && one.state === "installed");
      return rows.filter(
        (one) =>
          one.type === "workspace" ||
          one.state !== "missing" ||
          !covered.some(({ name }) => one.name.toLowerCase().startsWith(`${name.toLowerCase()}/`)),
      );
    },
    install: put,
    repair: put,
    remove: (connectionId, resource, token) =>
      withRights(connectionId, resource, token, async ({ connection, hooks }, target) => {
        const hook = findOurs(await hooks.hooks(target), addressFor(connection));
        if (hook) await hooks.remove(target, hook.id);
      }),
  };
};
