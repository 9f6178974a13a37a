import type { ConnectionView } from "@ask-openhands/core/api/types.ts";
import type { CredentialKind } from "@ask-openhands/core/connection/catalog.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { isAtLeast, roleOf } from "../../people/members.ts";
import type { ApiDeps } from "../call.ts";
import { problem } from "../problem.ts";
import { linksOf, personRef, platformName } from "./person-view.ts";

export const kindOf = (
  deps: Pick<ApiDeps, "catalog">,
  platform: string,
  kind: string,
): CredentialKind | undefined => deps.catalog.find((one) => one.platform === platform && one.kind === kind);

/** Redirect address of OAuth at a server; the same for sign-in, links and tokens. One per server, so that no server can pass for another (RFC 9700 section 4.4). */
export const callbackUrl = (publicUrl: string, platform: string, host: string): string =>
  `${publicUrl}/oauth/callback/${platform}/${host.replaceAll("/", "~")}`;

export const webhookUrl = (publicUrl: string, platform: string, connectionId: string): string =>
  `${publicUrl}/webhooks/${platform}/${connectionId}`;

/** May this person change the connection; `creatorOnly` kinds belong to who made them. */
export const mayChange = (deps: ApiDeps, connection: Connection, personId: string): boolean => {
  if (connection.owner.kind === "person") return connection.owner.id === personId;
  const role = roleOf(deps.people.directory, connection.owner.id, personId);
  const isCreatorOnly = kindOf(deps, connection.platform, connection.kind)?.creatorOnly === true;
  return isAtLeast(role, "maintainer") && (!isCreatorOnly || connection.createdBy === personId);
};

const dropUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

const toStatus = (status: NonNullable<Connection["status"]>): NonNullable<ConnectionView["status"]> =>
  dropUndefined({
    ...status,
    account: status.account === undefined ? undefined : dropUndefined({ ...status.account }),
    scopes: [...status.scopes],
    notes: status.notes === undefined ? undefined : [...status.notes],
  });

/** A connection as its person sees it; secret values are not even read. */
export const toConnectionView = (deps: ApiDeps, connection: Connection, personId: string): ConnectionView => {
  const { people, platforms, publicUrl } = deps;
  const kind = kindOf(deps, connection.platform, connection.kind);
  const platform = platforms.get(connection.platform);
  const record = people.directory.get("connections", connection.id)?.value;
  const isFixed = connection.fixed === true;
  const isShared = connection.owner.kind === "workspace";
  const may = mayChange(deps, connection, personId);
  const link = linksOf(deps, personId, isShared ? connection.owner.id : undefined).find(
    (one) => one.platform === connection.platform && one.host === connection.host,
  );
  const events = kind?.webhookEvents;
  const ca = record?.ca;
  return {
    id: connection.id,
    platform: connection.platform,
    platformName: platformName(deps, connection.platform),
    kind: connection.kind,
    kindName: kind?.name ?? connection.kind,
    host: connection.host,
    name: connection.name,
    owner: { ...connection.owner },
    settings: { ...connection.settings },
    secrets: connection.secretNames.map((name) => {
      const sealed = record?.secrets[name];
      const keyId = sealed === undefined ? undefined : people.seal.keyOf(sealed);
      return { name, ...(keyId === undefined ? {} : { keyId }) };
    }),
    ...(ca === undefined ? {} : { ca }),
    active: connection.active,
    fixed: isFixed,
    ...(connection.createdBy === undefined
      ? {}
      : { createdBy: personRef(people.directory, connection.createdBy) }),
    createdAt: connection.createdAt,
    ...(connection.lastUsedAt === undefined ? {} : { lastUsedAt: connection.lastUsedAt }),
    ...(connection.status === undefined ? {} : { status: toStatus(connection.status) }),
    ...(events === undefined || !isShared
      ? {}
      : { webhook: { url: webhookUrl(publicUrl, connection.platform, connection.id), events: [...events] } }),
    ...(platform?.oauth === undefined
      ? {}
      : { callbackUrl: callbackUrl(publicUrl, connection.platform, connection.host) }),
    ...(link === undefined ? {} : { linkedAs: { id: link.id, name: link.accountName } }),
    hasHooks: isShared && platform?.hooks !== undefined,
    hasInstallations: platform?.installations !== undefined,
    may: {
      edit: may && !isFixed,
      remove: may && !isFixed,
      activate: may && !isFixed,
      hooks:
        isShared &&
        (isFixed ? isAtLeast(roleOf(people.directory, connection.owner.id, personId), "maintainer") : may),
      // Wherever somebody can speak to us an account can be proven; it is what asks from chat and tickets are judged by.
      link: isShared && platform !== undefined && connection.active && link === undefined,
    },
  };
};

/** Throws a problem when the connection is gone. */
export const findConnection = (deps: ApiDeps, id: string): Connection => {
  const connection = deps.people.connections.get(id);
  if (connection === undefined) throw problem(404, "There is no such connection, or it is not yours to see.");
  return connection;
};
