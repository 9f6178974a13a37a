import { randomBytes } from "node:crypto";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { GitLabHook, GitLabProject } from "@ask-openhands/core/wire/gitlab-api.ts";
import type { PlatformDeps } from "../deps.ts";
import type { HookResource, Hooks } from "../platform.ts";
import type { GitLabApi, HookOwner, HookSettings } from "./api.ts";
import type { Door, Doors } from "./connect.ts";
import { findOurs, type HookPlace, isDisabled, ownerOf, rowOf } from "./hook-row.ts";
import { levelOf } from "./read.ts";

/** https://docs.gitlab.com/user/permissions/: project webhooks need this role, group webhooks the next one. */
const maintainer = 40;
const developer = 30;
const mostProjects = 200;
const atOnce = 4;

const needsMaintainer = "The Maintainer role in this project.";
const needsPremium =
  "The Owner role in this group, and GitLab Premium or Ultimate: other editions have no group webhooks. Install on its projects instead.";

const isRefused = (error: unknown): boolean =>
  error instanceof Failure && (error.kind === "not-allowed" || error.kind === "not-found");

/** `undefined` where our token may not look or the edition has nothing to look at. */
const ifAllowed = <T>(asking: Promise<T>): Promise<T | undefined> =>
  asking.catch((error: unknown) => {
    if (isRefused(error)) return undefined;
    throw error;
  });

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (let at = 0; at < items.length; at += atOnce)
    done.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))));
  return done;
}

const isInside = (path: string, group: string): boolean =>
  path.toLowerCase().startsWith(`${group.toLowerCase()}/`);

/** Webhooks of a connection: on groups where the edition and our role allow it, and on the projects that no such group covers. */
export function createGitLabHooks(deps: PlatformDeps, doors: Doors): Hooks {
  const { connections } = deps;
  const running = new Map<string, Promise<unknown>>();

  const addressFor = (connection: Connection): string => `${deps.publicUrl}/webhooks/gitlab/${connection.id}`;

  const look = async (
    { connection, api }: Door,
    place: HookPlace,
    hooks: readonly GitLabHook[],
  ): Promise<HookResource> => {
    const wanted = addressFor(connection);
    const hook = findOurs(hooks, wanted);
    if (hook === undefined) return rowOf(place, undefined);
    const last = await ifAllowed(api.lastDelivery(place, hook.id));
    return rowOf(place, {
      hook,
      wanted,
      mustSign: Boolean(connections.secret(connection, "signingToken")),
      last,
    });
  };

  const projectRow = async (door: Door, project: GitLabProject): Promise<HookResource> => {
    const place: HookPlace = {
      type: "project",
      id: project.id,
      name: project.path_with_namespace,
      url: project.web_url,
    };
    const level = levelOf(project);
    if (level !== undefined && level < maintainer)
      return { ...rowOf(place, undefined), missingRight: needsMaintainer };
    try {
      return await look(door, place, await door.api.hooks(place));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (isRefused(error)) return { ...rowOf(place, undefined), missingRight: needsMaintainer };
      return { ...rowOf(place, undefined), state: "failed", error: error.hint };
    }
  };

  const list = async (connectionId: string): Promise<readonly HookResource[]> => {
    const door = doors.byId(connectionId);
    const found = await door.api.groups(maintainer);
    // A group inside another of the list is covered by that one's hook.
    const roots = found.filter((group) => !found.some((other) => isInside(group.full_path, other.full_path)));
    const groups = await inTurns(roots, async ({ id, full_path, web_url }) => {
      const place: HookPlace = { type: "group", id, name: full_path, url: web_url };
      const hooks = await ifAllowed(door.api.hooks(place));
      const row = hooks
        ? await look(door, place, hooks)
        : { ...rowOf(place, undefined), missingRight: needsPremium };
      return { row, covers: hooks !== undefined };
    });
    const projects = await door.api.projects({ minAccessLevel: developer }, mostProjects);
    const open = projects.filter(
      ({ path_with_namespace: path }) =>
        !groups.some(({ row, covers }) => covers && isInside(path, row.name)),
    );
    return [
      ...groups.map(({ row }) => row),
      ...(await inTurns(open, (project) => projectRow(door, project))),
    ];
  };

  /** Secrets are stored before GitLab learns them: a hook must never sign with something we have forgotten. */
  const secretsFor = async (
    connection: Connection,
  ): Promise<{
    readonly token: string;
    readonly signingToken?: string | undefined;
    readonly fresh: boolean;
  }> => {
    const token = connections.secret(connection, "webhookSecret");
    const signingToken = connections.secret(connection, "signingToken") || undefined;
    if (token || signingToken) {
      const known = token || randomBytes(32).toString("hex");
      if (!token) await connections.renew(connection.id, { secrets: { webhookSecret: known } });
      return { token: known, signingToken, fresh: false };
    }
    // Whether this GitLab can sign is only known once it has answered; all hooks of a connection then do it the same way.
    const made = {
      webhookSecret: randomBytes(32).toString("hex"),
      signingToken: `whsec_${randomBytes(32).toString("base64")}`,
    };
    await connections.renew(connection.id, { secrets: made });
    return { token: made.webhookSecret, signingToken: made.signingToken, fresh: true };
  };

  const settle = async ({ connection }: Door, place: HookPlace, api: GitLabApi): Promise<HookResource> => {
    const wanted = addressFor(connection);
    const before = findOurs(await api.hooks(place), wanted);
    const { token, signingToken, fresh } = await secretsFor(connection);
    const settings: HookSettings = {
      name: "Ask OpenHands",
      description: "Tells Ask OpenHands of comments, labels and assignments.",
      token,
      signingToken,
      issuesEvents: true,
      confidentialIssuesEvents: true,
      mergeRequestsEvents: true,
      noteEvents: true,
      confidentialNoteEvents: true,
      pushEvents: false,
      enableSslVerification: true,
    };
    const hook = before
      ? await api.editHook(place, before.id, wanted, settings)
      : await api.addHook(place, wanted, settings);
    // Releases before signing ignore the token; then the plain one has to do.
    if (fresh && hook.signing_token_present !== true)
      await connections.renew(connection.id, { secrets: { signingToken: "" } });
    if (before && isDisabled(before)) await wake(api, place, hook.id);
    const current = connections.get(connection.id) ?? connection;
    return look({ connection: current, api }, place, await api.hooks(place));
  };

  /** Only a delivery that succeeds switches a disabled hook on again. A sample needs something to show: not every project has an issue. */
  const wake = async (api: GitLabApi, owner: HookOwner, hook: string): Promise<void> => {
    for (const trigger of ["push_events", "issues_events", "merge_requests_events", "note_events"]) {
      try {
        return await api.testHook(owner, hook, trigger);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        deps.log.info({ trigger, error: error.hint }, "GitLab sent no test delivery");
      }
    }
  };

  const placeOfOwner = async (api: GitLabApi, owner: HookOwner): Promise<HookPlace> => {
    if (owner.type === "project") {
      const project = await api.project(owner.id);
      return { ...owner, name: project.path_with_namespace, url: project.web_url };
    }
    const group = (await api.groups(developer)).find(({ id }) => id === owner.id);
    if (group === undefined)
      throw new Failure("not-found", "GitLab does not show us this group: the token is not a member of it.");
    return { ...owner, name: group.full_path, url: group.web_url };
  };

  const named = (owner: HookOwner, error: unknown): unknown => {
    if (!(error instanceof Failure) || !isRefused(error)) return error;
    const right = owner.type === "group" ? needsPremium : needsMaintainer;
    return new Failure("not-allowed", `GitLab does not let us change webhooks here. Needed: ${right}`, {
      cause: error,
      status: error.status,
    });
  };

  /** One operation at a time: the next waits and then finds what the first one did, its secrets too. */
  const inLine = async <T>(
    connectionId: string,
    resource: string,
    oneTimeToken: string | undefined,
    work: (door: Door, owner: HookOwner) => Promise<T>,
  ): Promise<T> => {
    const owner = ownerOf(resource);
    if (owner === undefined) throw new Failure("bad-input", "This is no group or project of the list.");
    const before = running.get(connectionId) ?? Promise.resolve();
    const door = oneTimeToken ? doors.once(connectionId, oneTimeToken) : doors.byId(connectionId);
    const task = before
      .catch(() => undefined)
      .then(() => work(door, owner))
      .catch((error: unknown) => {
        throw named(owner, error);
      });
    running.set(connectionId, task);
    try {
      return await task;
    } finally {
      if (running.get(connectionId) === task) running.delete(connectionId);
    }
  };

  const put: Hooks["install"] = (connectionId, resource, oneTimeToken) =>
    inLine(connectionId, resource, oneTimeToken, async (door, owner) =>
      settle(door, await placeOfOwner(door.api, owner), door.api),
    );

  return {
    list,
    install: put,
    repair: put,
    remove: (connectionId, resource, oneTimeToken) =>
      inLine(connectionId, resource, oneTimeToken, async ({ connection, api }, owner) => {
        const hook = findOurs(await api.hooks(owner), addressFor(connection));
        if (hook) await api.removeHook(owner, hook.id);
      }),
  };
}
