import type { Connection, ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import { isHookSecret } from "@ask-openhands/core/connection/hook-secret.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Log } from "../log.ts";
import type { FixedConnection } from "../settings/environment-connections.ts";
import { createBelongings } from "./belongings.ts";
import { createConnectionList } from "./connection-list.ts";
import { type ConnectionDraft, caOf, placeOf } from "./connection-record.ts";
import type { Connections } from "./connections.ts";
import type { Directory } from "./directory.ts";
import { firstWorkspaceId } from "./members.ts";
import type { ConnectionRecord } from "./records.ts";
import type { Seal } from "./seal.ts";
import { agentSecretsOf, connectionSecretValues, secretValuesOf } from "./secrets.ts";

export interface ConnectionBook extends Connections {
  /** Every connection, also those that are switched off. */
  all(): readonly Connection[];
  /** PEM bundle of the authority of a host's certificate. */
  caOf(host: string): string | undefined;
  /**
   * Makes a connection that is not stored yet visible to `get` and `secret` under its own id while `use` runs, so that it can be checked first.
   * The draft comes back with what was renewed meanwhile.
   */
  withDraft<T>(
    draft: ConnectionDraft,
    use: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly draft: ConnectionDraft }>;
  /** What a live check found. */
  setStatus(id: string, status: ConnectionStatus): Promise<void>;
  /** Every secret value that is known here, for redaction. */
  secretValues(): readonly string[];
  agentSecrets(personId: string | undefined, workspaceId?: string): Readonly<Record<string, string>>;
  /** Writes what `note` gathered. */
  close(): Promise<void>;
}

interface Options {
  readonly directory: Directory;
  readonly seal: Seal;
  /** From the environment. */
  readonly fixed: readonly FixedConnection[];
  readonly log: Log;
  readonly now: () => number;
  /** Milliseconds for which notes of use are gathered before they are written. */
  readonly noteEvery?: number;
}

interface Noted {
  readonly lastUsedAt?: string | undefined;
  readonly trouble?: Partial<Pick<ConnectionStatus, "problem" | "cure">> | undefined;
}

/** Notes of use and checks are no change that somebody has to react to; new secrets are, hence the sealed values. */
const fingerprintOf = (directory: Directory, { status, lastUsedAt, ...rest }: Connection): string =>
  JSON.stringify([rest, directory.get("connections", rest.id)?.value.secrets]);

export const createConnections = ({
  directory,
  seal,
  fixed,
  log,
  now,
  noteEvery = 60_000,
}: Options): ConnectionBook => {
  const fixedById = new Map(fixed.map((one) => [one.connection.id, one]));
  const fixedStatus = new Map<string, ConnectionStatus>();
  const drafts = new Map<string, ConnectionDraft>();
  const noted = new Map<string, Noted>();
  let noteTimer: NodeJS.Timeout | undefined;

  const withNotes = (connection: Connection): Connection => {
    const notes = noted.get(connection.id);
    const status = fixedStatus.get(connection.id) ?? connection.status;
    const lastUsedAt = notes?.lastUsedAt ?? connection.lastUsedAt;
    const told =
      status === undefined || notes?.trouble === undefined ? status : { ...status, ...notes.trouble };
    return {
      ...connection,
      ...(told === undefined ? {} : { status: told }),
      ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    };
  };

  const fingerprint = (connection: Connection): string => fingerprintOf(directory, connection);

  const recordOf = (id: string): ConnectionRecord | undefined => directory.get("connections", id)?.value;

  const list = createConnectionList({ directory, fixed, complete: withNotes });
  const { all } = list;
  const get = (id: string): Connection | undefined => drafts.get(id)?.connection ?? list.get(id);

  /** Opening a value costs as much as checking a signature with it. */
  const opened = new WeakMap<ConnectionRecord, Map<string, string>>();
  const open = (id: string, record: ConnectionRecord, name: string): string | undefined => {
    const sealed = record.secrets[name];
    if (sealed === undefined) return undefined;
    if (!isHookSecret(name)) return seal.open(sealed, placeOf(id, record.owner, name));
    const values = opened.get(record) ?? new Map<string, string>();
    const value = values.get(name) ?? seal.open(sealed, placeOf(id, record.owner, name));
    opened.set(record, values.set(name, value));
    return value;
  };

  const secret = (connection: Connection, name: string): string | undefined => {
    const draft = drafts.get(connection.id);
    // Anybody can make us read what deliveries are checked with, so that is no use of the connection.
    if (draft === undefined && !isHookSecret(name)) note(connection.id, { used: true });
    const given = draft?.secrets[name] ?? fixedById.get(connection.id)?.secrets[name];
    if (given !== undefined) return given;
    if (draft?.removed?.includes(name)) return undefined;
    const id = draft?.base ?? connection.id;
    const record = recordOf(id);
    return record === undefined ? undefined : open(id, record, name);
  };

  const emptyOverlay = (one: FixedConnection): ConnectionRecord => ({
    platform: one.connection.platform,
    host: one.connection.host,
    owner: one.connection.owner,
    kind: one.connection.kind,
    name: one.connection.name,
    settings: {},
    secrets: {},
    active: true,
    createdBy: "environment",
    createdAt: new Date(now()).toISOString(),
    overlay: true,
  });

  const renewDraft = (draft: ConnectionDraft, change: Parameters<Connections["renew"]>[1]): void => {
    const { connection } = draft;
    const settings = { ...connection.settings, ...change.settings };
    const secrets = { ...draft.secrets, ...change.secrets };
    const secretNames = [...new Set([...connection.secretNames, ...Object.keys(secrets)])];
    drafts.set(connection.id, { ...draft, connection: { ...connection, settings, secretNames }, secrets });
  };

  const renew: Connections["renew"] = async (id, change) => {
    const draft = drafts.get(id);
    if (draft !== undefined) return renewDraft(draft, change);
    for (;;) {
      const stored = directory.get("connections", id);
      const fixedOne = fixedById.get(id);
      const record = stored?.value ?? (fixedOne === undefined ? undefined : emptyOverlay(fixedOne));
      if (record === undefined)
        throw new Failure("bad-settings", "This connection was removed while it was used.");
      const secrets = Object.fromEntries(
        Object.entries(change.secrets ?? {}).map(([name, value]) => [
          name,
          seal.seal(value, placeOf(id, record.owner, name)),
        ]),
      );
      const value = {
        ...record,
        settings: { ...record.settings, ...change.settings },
        secrets: { ...record.secrets, ...secrets },
        ...(change.tokenBy === undefined ? {} : { tokenBy: change.tokenBy }),
      };
      if (
        (await directory.write([{ put: "connections", id, value, ifVersion: stored?.version ?? 0 }])) ===
        "stored"
      )
        return;
    }
  };

  /** Changes a stored connection, again when somebody else changed it meanwhile. */
  const amend = async (
    id: string,
    change: (record: ConnectionRecord) => ConnectionRecord | undefined,
  ): Promise<void> => {
    for (;;) {
      const stored = directory.get("connections", id);
      const value = stored === undefined ? undefined : change(stored.value);
      if (stored === undefined || value === undefined) return;
      const done = await directory.write([{ put: "connections", id, value, ifVersion: stored.version }]);
      if (done === "stored") return;
    }
  };

  const writeNotes = async (): Promise<void> => {
    clearTimeout(noteTimer);
    noteTimer = undefined;
    const ready = [...noted].filter(([id]) => !fixedById.has(id) && recordOf(id) !== undefined);
    for (const [id] of ready) noted.delete(id);
    list.changed();
    for (const [id, { lastUsedAt, trouble }] of ready)
      await amend(id, (record) => ({
        ...record,
        lastUsedAt: lastUsedAt ?? record.lastUsedAt,
        status:
          record.status === undefined || trouble === undefined
            ? record.status
            : { ...record.status, ...trouble },
      })).catch((cause: unknown) =>
        log.warn({ error: String(cause) }, "A note on a connection could not be written"),
      );
  };

  const note: Connections["note"] = (id, { used, ...trouble }) => {
    const before = noted.get(id) ?? {};
    list.changed();
    noted.set(id, {
      lastUsedAt: used === true ? new Date(now()).toISOString() : before.lastUsedAt,
      trouble: Object.keys(trouble).length === 0 ? before.trouble : { ...before.trouble, ...trouble },
    });
    noteTimer ??= setTimeout(() => void writeNotes(), noteEvery).unref();
  };

  const setStatus = async (id: string, status: ConnectionStatus): Promise<void> => {
    // What was found now outdates the troubles noted before, not when it was used.
    const usedAt = noted.get(id)?.lastUsedAt;
    list.changed();
    if (usedAt === undefined) noted.delete(id);
    else noted.set(id, { lastUsedAt: usedAt });
    if (fixedById.has(id)) fixedStatus.set(id, status);
    await amend(id, (record) => (record.overlay === true ? undefined : { ...record, status }));
  };

  const watch: Connections["watch"] = (platform, changed) => {
    const known = new Map(all().map((connection) => [connection.id, fingerprint(connection)]));
    const mine = new Set(
      all().flatMap((connection) => (connection.platform === platform ? connection.id : [])),
    );
    return directory.watch((changes) => {
      const ids = changes.flatMap((change) => (change.collection === "connections" ? change.id : []));
      const news = ids.filter((id) => {
        const connection = get(id);
        if (connection?.platform === platform) mine.add(id);
        const before = known.get(id);
        const after = connection === undefined ? "" : fingerprint(connection);
        known.set(id, after);
        return mine.has(id) && before !== after;
      });
      if (news.length > 0) changed();
    });
  };

  /** Callers that know of no workspace get shared secrets only where that cannot be somebody else's. */
  const onlyWorkspace = (): string | undefined => {
    const workspaces = directory.list("workspaces");
    return workspaces.length > 1 ? undefined : (workspaces[0]?.id ?? firstWorkspaceId);
  };

  const withDraft: ConnectionBook["withDraft"] = async (draft, use) => {
    const { id } = draft.connection;
    drafts.set(id, draft);
    try {
      const result = await use();
      return { result, draft: drafts.get(id) ?? draft };
    } finally {
      drafts.delete(id);
    }
  };

  return {
    list: list.ofPlatform,
    get,
    secret,
    renew,
    note,
    ...createBelongings(directory, all),
    override: (name, personId, workspaceId = onlyWorkspace()) =>
      agentSecretsOf({ directory, seal }, personId, workspaceId, name)[name],
    agentSecrets: (personId, workspaceId = onlyWorkspace()) =>
      agentSecretsOf({ directory, seal }, personId, workspaceId),
    watch,
    all,
    caOf: (host) => caOf({ fixed, directory, drafts: [...drafts.values()] }, host),
    withDraft,
    setStatus,
    secretValues: () => [
      ...fixed.flatMap((one) => Object.values(one.secrets)),
      ...[...drafts.values()].flatMap((draft) => Object.values(draft.secrets)),
      ...connectionSecretValues({ directory, seal }),
      ...secretValuesOf({ directory, seal }),
    ],
    close: writeNotes,
  };
};
