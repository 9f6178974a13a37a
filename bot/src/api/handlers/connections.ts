import type { Connection, ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import { isAtLeast, roleOf } from "../../people/members.ts";
import type { ConnectionRecord } from "../../people/records.ts";
import { type ApiDeps, type Call, type Handlers, personOf } from "../call.ts";
import { checkConnection } from "../check-connection.ts";
import { problem } from "../problem.ts";
import { createConnection, editConnection } from "../save-connection.ts";
import { callbackUrl, findConnection, mayChange, toConnectionView } from "../views/connection-view.ts";
import { personRef, platformName } from "../views/person-view.ts";

type Names =
  | "getCatalog"
  | "listConnections"
  | "createConnection"
  | "getConnection"
  | "changeConnection"
  | "deleteConnection"
  | "checkConnection"
  | "listMyConnections"
  | "createMyConnection";

export const createConnectionHandlers = (deps: ApiDeps): Handlers<Names> => {
  const { people, catalog, platforms, publicUrl } = deps;
  const { connections, directory, audit } = people;

  const oauthOf = (id: string) => {
    const way = platforms.get(id)?.oauth;
    if (way === undefined) return {};
    return { oauth: { connects: way.personKind !== undefined, installs: way.installs === true } };
  };

  const view = (id: string, call: Pick<Call<"getConnection">, "actor">) =>
    toConnectionView(deps, findConnection(deps, id), personOf(call));

  const listOf = (call: Pick<Call<"getConnection">, "actor">, fits: (connection: Connection) => boolean) => ({
    items: connections
      .all()
      .filter(fits)
      .map((connection) => toConnectionView(deps, connection, personOf(call))),
  });

  const requireChange = (connection: Connection, personId: string): void => {
    if (connection.fixed === true)
      throw problem(
        403,
        "This connection comes from environment variables. Change it there and restart the bot.",
      );
    if (mayChange(deps, connection, personId)) return;
    const creator =
      connection.createdBy === undefined ? "who made it" : personRef(directory, connection.createdBy).name;
    throw problem(403, `Only ${creator} can change this connection. Link yourself to it, or unlink.`);
  };

  const note = (connection: Connection, personId: string, action: string) =>
    audit.append({
      action,
      workspace: connection.owner.kind === "workspace" ? connection.owner.id : undefined,
      person: personId,
      target: connection.id,
      detail: `${connection.platform} ${connection.host}`,
    });

  /** Off needs no check; everything else does. */
  const switchOff = async (connection: Connection, personId: string): Promise<void> => {
    const stored = directory.get("connections", connection.id);
    if (stored === undefined) return;
    await directory.write([
      { put: "connections", id: connection.id, value: { ...stored.value, active: false } },
    ]);
    await note(connection, personId, "connection.deactivated");
  };

  /** What is switched off is trusted with nothing, but its own certificate authority counts while it is looked at. */
  const look = async (connection: Connection): Promise<ConnectionStatus> => {
    const ca = directory.get("connections", connection.id)?.value.ca;
    if (connection.active || ca === undefined) return checkConnection(deps, connection);
    const { result, draft } = await connections.withDraft({ connection, secrets: {}, ca }, () =>
      checkConnection(deps, connection),
    );
    if (Object.keys(draft.secrets).length > 0)
      await connections.renew(connection.id, {
        settings: draft.connection.settings,
        secrets: draft.secrets,
      });
    return result;
  };

  const isOnlyOff = (body: Call<"changeConnection">["body"]): boolean =>
    body.active === false && Object.keys(body).length === 1;

  return {
    getCatalog: () => {
      const ids = [...new Set(catalog.map((kind) => kind.platform))];
      return {
        platforms: ids.map((id) => ({
          id,
          name: platformName(deps, id),
          kinds: catalog
            .filter((kind) => kind.platform === id)
            .map((kind) =>
              JSON.parse(
                JSON.stringify({
                  ...kind,
                  callbackUrl:
                    platforms.get(id)?.oauth === undefined ? undefined : callbackUrl(publicUrl, id, "{host}"),
                }),
              ),
            ),
          hooks: platforms.get(id)?.hooks !== undefined,
          installations: platforms.get(id)?.installations !== undefined,
          ...oauthOf(id),
        })),
      };
    },
    listConnections: (call) =>
      listOf(call, ({ owner }) => owner.kind === "workspace" && owner.id === call.params.workspace),
    listMyConnections: (call) =>
      listOf(call, ({ owner }) => owner.kind === "person" && owner.id === personOf(call)),
    createConnection: async (call) =>
      view(
        await createConnection(
          deps,
          { kind: "workspace", id: call.params.workspace },
          personOf(call),
          call.body,
        ),
        call,
      ),
    createMyConnection: async (call) =>
      view(
        await createConnection(deps, { kind: "person", id: personOf(call) }, personOf(call), call.body),
        call,
      ),
    getConnection: (call) => view(call.params.connection, call),
    changeConnection: async (call) => {
      const connection = findConnection(deps, call.params.connection);
      requireChange(connection, personOf(call));
      if (isOnlyOff(call.body)) await switchOff(connection, personOf(call));
      else await editConnection(deps, connection, personOf(call), call.body);
      return view(connection.id, call);
    },
    deleteConnection: async (call) => {
      const connection = findConnection(deps, call.params.connection);
      const personId = personOf(call);
      const isOwner =
        connection.owner.kind === "workspace" &&
        isAtLeast(roleOf(directory, connection.owner.id, personId), "owner");
      if (connection.fixed === true || !isOwner) requireChange(connection, personId);
      const record = directory.get("connections", connection.id)?.value;
      if (record === undefined) return undefined;
      // What stays says whose the runs are that this connection heard; nothing secret does.
      const { status: _status, ca: _ca, ...rest } = record;
      const value: ConnectionRecord = {
        ...rest,
        settings: {},
        secrets: {},
        active: false,
        removedAt: new Date(deps.now()).toISOString(),
      };
      await directory.write([{ put: "connections", id: connection.id, value }]);
      await note(connection, personId, "connection.removed");
      return undefined;
    },
    checkConnection: async (call) => {
      const connection = findConnection(deps, call.params.connection);
      await connections.setStatus(connection.id, await look(connection));
      return view(connection.id, call);
    },
  };
};
