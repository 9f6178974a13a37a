import type { HooksView, InstallationView } from "@ask-openhands/core/api/types.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { mapStrings } from "../../map-strings.ts";
import type { HookResource, Hooks } from "../../platforms/platform.ts";
import { type ApiDeps, type Call, type Handlers, personOf } from "../call.ts";
import { problem } from "../problem.ts";
import { findConnection, kindOf, mayChange, toConnectionView, webhookUrl } from "../views/connection-view.ts";

type Names = "listHooks" | "changeHook" | "listInstallations" | "addInstallation";

const actions = { install: "installed", repair: "repaired", remove: "removed" } as const;

export const createHookHandlers = (deps: ApiDeps): Handlers<Names> => {
  /** Resource that an operation runs for, by connection. */
  const busy = new Map<string, string>();

  const hooksOf = (connectionId: string): Hooks => {
    const connection = findConnection(deps, connectionId);
    if (connection.owner.kind === "person")
      throw problem(
        422,
        "Deliveries are believed for a workspace's connections only. Ask a maintainer to connect this for the workspace.",
      );
    const hooks = deps.platforms.get(connection.platform)?.hooks;
    if (hooks === undefined) throw problem(422, "Webhooks of this connection cannot be managed from here.");
    return hooks;
  };

  const installationsOf = (connectionId: string) => {
    const installations = deps.platforms.get(findConnection(deps, connectionId).platform)?.installations;
    if (installations === undefined) throw problem(422, "This kind of connection has no installations.");
    return installations;
  };

  const view = (connectionId: string, resources: readonly HookResource[]): HooksView => {
    const connection = findConnection(deps, connectionId);
    const running = busy.get(connectionId);
    const events = kindOf(deps, connection.platform, connection.kind)?.webhookEvents;
    return {
      resources: resources.map((resource) =>
        mapStrings(JSON.parse(JSON.stringify(resource)) as HooksView["resources"][number], deps.redact),
      ),
      ...(running === undefined ? {} : { busy: running }),
      ...(events === undefined
        ? {}
        : {
            webhook: {
              url: webhookUrl(deps.publicUrl, connection.platform, connectionId),
              events: [...events],
            },
          }),
    };
  };

  const change = async (
    hooks: Hooks,
    connectionId: string,
    body: Call<"changeHook">["body"],
  ): Promise<HookResource | undefined> => {
    if (body.action === "install") return hooks.install(connectionId, body.resource, body.oneTimeToken);
    if (body.action === "repair") return hooks.repair(connectionId, body.resource, body.oneTimeToken);
    await hooks.remove(connectionId, body.resource, body.oneTimeToken);
    return undefined;
  };

  /** With the one-time token, so that a server that only lets administrators look can still be shown. */
  const listAfter = async (
    hooks: Hooks,
    connectionId: string,
    changed: HookResource | undefined,
  ): Promise<readonly HookResource[]> => {
    try {
      const resources = await hooks.list(connectionId);
      return changed === undefined
        ? resources
        : resources.map((one) => (one.id === changed.id ? changed : one));
    } catch (cause) {
      if (!(cause instanceof Failure) || changed === undefined) throw cause;
      return [changed];
    }
  };

  const requireRight = (connectionId: string, personId: string): void => {
    const connection = findConnection(deps, connectionId);
    if (!toConnectionView(deps, connection, personId).may.hooks)
      throw problem(403, "Only somebody who may change this connection can change its webhooks.");
  };

  return {
    listHooks: async (call) =>
      view(call.params.connection, await hooksOf(call.params.connection).list(call.params.connection)),
    changeHook: async (call) => {
      const { connection: id } = call.params;
      const hooks = hooksOf(id);
      requireRight(id, personOf(call));
      if (busy.has(id))
        throw problem(409, "Another webhook of this connection is being changed. Wait until that is done.");
      busy.set(id, call.body.resource);
      try {
        const changed = await change(hooks, id, call.body);
        const connection = findConnection(deps, id);
        const workspace = connection.owner.kind === "workspace" ? connection.owner.id : undefined;
        await deps.people.audit.append({
          action: `hook.${actions[call.body.action]}`,
          workspace,
          person: personOf(call),
          target: id,
          detail: changed?.name ?? call.body.resource,
        });
        const resources = await listAfter(hooks, id, changed);
        busy.delete(id);
        return view(id, resources);
      } finally {
        busy.delete(id);
      }
    },
    listInstallations: async (call) => {
      const { connection: id } = call.params;
      const installations = installationsOf(id);
      const [found, installUrl] = await Promise.all([installations.list(id), installations.installUrl(id)]);
      return {
        installations: found.map(
          (one): InstallationView =>
            mapStrings({ ...one, missing: [...one.missing] } as InstallationView, deps.redact),
        ),
        ...(installUrl === undefined ? {} : { installUrl }),
      };
    },
    addInstallation: async (call) => {
      const { connection: id } = call.params;
      const connection = findConnection(deps, id);
      if (!mayChange(deps, connection, personOf(call)) && connection.fixed !== true)
        throw problem(403, "Only somebody who may change this connection can add installations.");
      const added = await installationsOf(id).add(id, call.body.id);
      await deps.people.audit.append({
        action: "installation.added",
        workspace: connection.owner.kind === "workspace" ? connection.owner.id : undefined,
        person: personOf(call),
        target: id,
        detail: added.account,
      });
      return { ...added, missing: [...added.missing] } as InstallationView;
    },
  };
};
