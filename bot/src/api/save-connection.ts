import { agentPlatform } from "@ask-openhands/core/connection/catalog/openhands.ts";
import type { CredentialKind } from "@ask-openhands/core/connection/catalog.ts";
import type { Connection, ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import { isHookSecret } from "@ask-openhands/core/connection/hook-secret.ts";
import { type ConnectionDraft, placeOf } from "../people/connection-record.ts";
import { membershipsOf } from "../people/members.ts";
import type { ConnectionRecord, Owner } from "../people/records.ts";
import { newId } from "../people/tokens.ts";
import { requireHost } from "./approve-host.ts";
import type { ApiDeps, Call } from "./call.ts";
import { checkConnection } from "./check-connection.ts";
import { problem } from "./problem.ts";
import { provesAccounts } from "./proves-accounts.ts";
import { addressesOf, askedHosts, readKindHost, readValues } from "./read-connection.ts";
import { refuseHookSecrets } from "./refuse-hook-secrets.ts";
import { requireCa } from "./require-ca.ts";
import { kindOf } from "./views/connection-view.ts";
import { personRef } from "./views/person-view.ts";

type NewBody = Call<"createConnection">["body"];
type EditBody = Call<"changeConnection">["body"];

interface Saving {
  readonly deps: ApiDeps;
  readonly personId: string;
  readonly kind: CredentialKind;
  readonly draft: ConnectionDraft;
  readonly approveHost: boolean;
  readonly keepAnyway: boolean;
}

const workspaceFor = (deps: ApiDeps, owner: Owner): string => {
  if (owner.kind === "workspace") return owner.id;
  const first = membershipsOf(deps.people.directory, owner.id)[0]?.workspaceId;
  if (first === undefined)
    throw problem(
      403,
      "Only members of a workspace can add connections. Ask a maintainer for an invitation.",
    );
  return first;
};

/** What the live check found; a connection that does not work is only kept when the person says so. */
const check = async ({
  deps,
  draft,
  keepAnyway,
}: Saving): Promise<{ readonly status: ConnectionStatus; readonly draft: ConnectionDraft }> => {
  const { result: status, draft: renewed } = await deps.people.connections.withDraft(draft, () =>
    checkConnection(deps, draft.connection),
  );
  if (!status.ok && !keepAnyway) {
    throw problem(
      422,
      status.problem ?? "The server does not accept these credentials.",
      status.cure === undefined ? {} : { cure: status.cure },
    );
  }
  return { status, draft: renewed };
};

/** Whose the token is: who entered all that we ask with. Who adds to what another entered does not get the other's token by that. */
const tokenByAfter = (
  before: string | undefined,
  kept: readonly (readonly [string, unknown])[],
  { draft, personId }: Saving,
): string | undefined => {
  const isAsking = (name: string): boolean => !isHookSecret(name);
  const entered = Object.keys(draft.secrets).filter(isAsking);
  if (entered.length === 0) return before;
  const isWhole = kept.every(([name]) => !isAsking(name) || entered.includes(name));
  return isWhole || before === personId ? personId : undefined;
};

/** Checks live, seals, stores, and takes the account as proven when it is the person's own. Returns the connection's id. */
const save = async (saving: Saving, id: string, wantsActive: boolean): Promise<string> => {
  const { deps, personId } = saving;
  const { directory, seal, links, audit, connections } = deps.people;
  const { connection } = saving.draft;
  const { owner } = connection;
  const workspaceId = workspaceFor(deps, owner);
  for (const [host, plainHttp] of askedHosts(saving.kind, connection))
    await requireHost(deps, workspaceId, personId, host, { approve: saving.approveHost, plainHttp });
  const { status, draft } = await check(saving);
  const isAccount = status.ok && connection.platform !== agentPlatform.id;
  const proven = owner.kind === "person" && isAccount && provesAccounts(deps, connection);
  const account =
    !proven || status.account === undefined
      ? undefined
      : { platform: connection.platform, host: connection.host, ...status.account };
  if (account !== undefined) links.requireFree(account, owner.id, "token");
  const before = directory.get("connections", id);
  const removed = new Set(draft.removed);
  const kept = Object.entries(before?.value.secrets ?? {}).filter(([name]) => !removed.has(name));
  const sealed = Object.entries(draft.secrets).map(
    ([name, value]) => [name, seal.seal(value, placeOf(id, owner, name))] as const,
  );
  const tokenBy = tokenByAfter(before?.value.tokenBy, kept, saving);
  const value: ConnectionRecord = {
    platform: connection.platform,
    host: connection.host,
    owner,
    kind: connection.kind,
    name: connection.name,
    settings: draft.connection.settings,
    secrets: Object.fromEntries([...kept, ...sealed]),
    ca: draft.ca,
    active: wantsActive && status.ok,
    createdBy: before?.value.createdBy ?? personId,
    ...(tokenBy === undefined ? {} : { tokenBy }),
    createdAt: before?.value.createdAt ?? new Date(deps.now()).toISOString(),
    status,
    ...(before?.value.lastUsedAt === undefined ? {} : { lastUsedAt: before.value.lastUsedAt }),
  };
  if (
    (await directory.write([{ put: "connections", id, value, ifVersion: before?.version ?? 0 }])) ===
    "conflict"
  ) {
    throw problem(409, "Somebody changed this connection at the same time. Reload and try again.");
  }
  await connections.setStatus(id, status);
  if (account !== undefined) await links.add(account, owner.id, "token");
  const workspace = owner.kind === "workspace" ? owner.id : undefined;
  await audit.append({
    action: before === undefined ? "connection.created" : "connection.changed",
    workspace,
    person: personId,
    target: id,
    detail: `${connection.platform} ${connection.host}`,
  });
  return id;
};

const describeName = (kind: CredentialKind, host: string): string => `${kind.name} (${host})`;

/** `yourcompany` is enough to name a site of the vendor. */
const withSiteDomain = (
  kind: CredentialKind,
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const from = "from" in kind.host ? kind.host.from : undefined;
  const typed = from === undefined ? undefined : settings[from]?.trim();
  if (from === undefined || typed === undefined || kind.siteDomain === undefined) return settings;
  return /^[\w-]+$/.test(typed) ? { ...settings, [from]: `https://${typed}.${kind.siteDomain}` } : settings;
};

export const createConnection = async (
  deps: ApiDeps,
  owner: Owner,
  personId: string,
  body: NewBody,
): Promise<string> => {
  const kind = kindOf(deps, body.platform, body.kind);
  if (kind === undefined)
    throw problem(422, `There is no kind of credentials \`${body.kind}\` for ${body.platform}.`);
  if (kind.owner !== "either" && kind.owner !== owner.kind)
    throw problem(
      422,
      `${kind.name} is for ${kind.owner === "person" ? "people, not for a workspace" : "a workspace, not for one person"}.`,
    );
  refuseHookSecrets(owner, body.secrets ?? {});
  const { settings, secrets } = readValues(kind, {
    settings: withSiteDomain(kind, body.settings ?? {}),
    secrets: body.secrets ?? {},
    kept: [],
  });
  const host = readKindHost(kind, body.host, settings);
  const twin = deps.people.connections
    .all()
    .find(
      (one) =>
        kind.creatorOnly === true &&
        one.platform === kind.platform &&
        one.host === host &&
        one.owner.kind === owner.kind &&
        one.owner.id === owner.id,
    );
  if (twin !== undefined) {
    throw problem(
      409,
      `${host} is set up already by ${twin.createdBy === undefined ? "the operator" : personRef(deps.people.directory, twin.createdBy).name}. Link yourself to it instead.`,
    );
  }
  const id = newId();
  const connection: Connection = {
    id,
    platform: kind.platform,
    host,
    owner,
    kind: kind.kind,
    name: body.name ?? describeName(kind, host),
    settings,
    secretNames: Object.keys(secrets),
    active: true,
    createdBy: personId,
    createdAt: new Date(deps.now()).toISOString(),
  };
  const draft: ConnectionDraft = {
    connection,
    secrets,
    ...(body.ca === undefined ? {} : { ca: requireCa(deps, owner, host, body.ca) }),
  };
  return save(
    {
      deps,
      personId,
      kind,
      draft,
      approveHost: body.approveHost === true,
      keepAnyway: body.keepAnyway === true,
    },
    id,
    body.active !== false,
  );
};

const merge = (
  before: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>> | undefined,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...before, ...change }).flatMap(([key, value]) =>
      value === null ? [] : [[key, value]],
    ),
  );

/** Changes a stored connection. Secrets that are not given stay, unless the address changed: they were typed for another server. */
export const editConnection = async (
  deps: ApiDeps,
  before: Connection,
  personId: string,
  body: EditBody,
): Promise<string> => {
  const kind = kindOf(deps, before.platform, before.kind);
  const record = deps.people.directory.get("connections", before.id)?.value;
  if (kind === undefined || record === undefined)
    throw problem(422, "This kind of connection is not known any more. Remove it and add it anew.");
  refuseHookSecrets(before.owner, body.secrets ?? {});
  const given = merge({}, body.secrets);
  const untrusted = before.owner.kind === "person" ? before.secretNames.filter(isHookSecret) : [];
  const unset = Object.entries(body.secrets ?? {}).flatMap(([name, value]) => (value === null ? [name] : []));
  const removed = [...unset, ...untrusted];
  const keyed = new Set(kind.fields.map((field) => field.key));
  // What the bot itself keeps there (`client`, `expiresAt`) is none of the form's business.
  const own = Object.fromEntries(Object.entries(before.settings).filter(([key]) => !keyed.has(key)));
  const typed = Object.fromEntries(
    Object.entries(merge(before.settings, body.settings)).filter(([key]) => !(key in own)),
  );
  const kept = before.secretNames.filter((name) => !removed.includes(name) && given[name] === undefined);
  const { settings, secrets } = readValues(kind, { settings: typed, secrets: given, kept });
  const host = "from" in kind.host ? readKindHost(kind, undefined, settings) : before.host;
  if (
    kept.length > 0 &&
    addressesOf(kind, host, settings) !== addressesOf(kind, before.host, before.settings)
  ) {
    throw problem(
      422,
      "The address changed, so enter the secrets again: they were given for another server.",
      { fields: kept.map((field) => ({ field, detail: "Enter it again." })) },
    );
  }
  const isOther = body.ca !== undefined && body.ca !== null && body.ca.trim() !== record.ca?.trim();
  const ca = isOther ? requireCa(deps, before.owner, host, body.ca ?? "") : record.ca;
  const draft: ConnectionDraft = {
    connection: {
      ...before,
      id: newId(),
      host,
      name: body.name ?? before.name,
      settings: { ...own, ...settings },
      secretNames: [...kept, ...Object.keys(secrets)],
      active: true,
    },
    secrets,
    removed,
    base: before.id,
    ca: body.ca === null ? undefined : ca,
  };
  return save(
    {
      deps,
      personId,
      kind,
      draft,
      approveHost: body.approveHost === true,
      keepAnyway: body.keepAnyway === true,
    },
    before.id,
    body.active ?? before.active,
  );
};
