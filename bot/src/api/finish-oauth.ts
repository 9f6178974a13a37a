import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { placeOf } from "../people/connection-record.ts";
import { linkId } from "../people/links.ts";
import type { ConnectionRecord } from "../people/records.ts";
import { idOf } from "../people/tokens.ts";
import type { OAuthAccount, OAuthTokenSet, OAuthWay } from "../platforms/connect-way.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { beginSession } from "./begin-session.ts";
import type { ApiDeps, CookieJar } from "./call.ts";
import { checkConnection } from "./check-connection.ts";
import { findInvitation } from "./one-time-links.ts";
import { problem } from "./problem.ts";
import { findConnection } from "./views/connection-view.ts";

/** What was meant when OAuth began. */
export interface OAuthIntent {
  readonly client: string;
  readonly purpose: "sign-in" | "link" | "connect" | "install";
  /** Hash of the browser's own cookie. */
  readonly browser: string;
  readonly verifier: string;
  readonly returnTo: string;
  readonly personId?: string | undefined;
  readonly linkToken?: string | undefined;
  readonly invitation?: string | undefined;
}

interface Proven {
  readonly deps: ApiDeps;
  readonly cookies: CookieJar;
  readonly client: Connection;
  readonly way: OAuthWay;
  readonly intent: OAuthIntent;
  readonly tokens: OAuthTokenSet;
  readonly account: OAuthAccount;
}

const accountOf = ({ client, account }: Proven) => ({
  platform: client.platform,
  host: client.host,
  id: account.id,
  name: account.name,
  displayName: account.displayName,
});

const link = async (proven: Proven, personId: string): Promise<void> => {
  const { deps, client, account } = proven;
  await deps.people.links.add(accountOf(proven), personId, "oauth");
  await deps.people.audit.append({
    action: "account.linked",
    person: personId,
    target: `${client.platform}:${client.host}:${account.name}`,
    detail: "oauth",
  });
};

/** Who the account is, or becomes with the invitation that was shown; somebody who is known here already gets into the workspace as well. */
const invitedPerson = async (proven: Proven, known: string | undefined): Promise<string> => {
  const { deps, intent, account } = proven;
  const { invitation: token } = intent;
  const invitation =
    token === undefined ? undefined : findInvitation(deps.people.directory, token, deps.now());
  if (invitation === undefined && known !== undefined) return known;
  if (invitation === undefined)
    throw problem(
      403,
      `The account ${account.name} is not linked to anybody here. Ask a maintainer for an invitation.`,
    );
  const name = account.displayName ?? account.name;
  const personId = await acceptInvitation(deps, invitation, { personId: known, name });
  if (personId === undefined) throw problem(400, "This invitation was used a moment ago. Ask for a new one.");
  return personId;
};

const signIn = async (proven: Proven): Promise<void> => {
  const { deps, client, intent, account } = proven;
  const held = deps.people.directory.get("links", linkId(client.platform, client.host, account.id))?.value;
  // Whoever made up that message would have others sign in as themselves, and enter their tokens there.
  const isWeak = held?.within !== undefined;
  if (isWeak && intent.invitation === undefined)
    throw problem(
      403,
      `The account ${account.name} was linked by a message, which is not enough to sign in. Sign in as before, unlink it and link it by signing in there, or ask a maintainer for an invitation.`,
    );
  const linked = isWeak ? undefined : held?.personId;
  const isThere = linked !== undefined && deps.people.directory.get("people", linked) !== undefined;
  const personId = await invitedPerson(proven, isThere ? linked : undefined);
  if (!isThere) await link(proven, personId);
  await beginSession(deps, proven.cookies, personId, `${client.platform} ${client.host}`);
};

/** The one-time link that was waiting for this proof is used up, when it is about this account. */
const useLinkToken = async ({ deps, client, intent, account }: Proven): Promise<void> => {
  const claim = intent.linkToken === undefined ? undefined : deps.people.linkTokens.read(intent.linkToken);
  if (claim === undefined) return;
  if (claim.platform !== client.platform || claim.host !== client.host || claim.id !== account.id) {
    throw problem(
      403,
      `The link is for the account ${claim.name}, and you are signed in there as ${account.name}. Sign in there as ${claim.name} and try again.`,
    );
  }
  await deps.people.oneTime.use(claim.nonce, claim.until);
};

const secretsOf = (tokens: OAuthTokenSet): Record<string, string> => ({
  accessToken: tokens.accessToken,
  ...(tokens.refreshToken === undefined ? {} : { refreshToken: tokens.refreshToken }),
});

const settingsOf = (tokens: OAuthTokenSet): Record<string, string> => ({
  ...tokens.settings,
  ...(tokens.expiresAt === undefined ? {} : { expiresAt: tokens.expiresAt }),
});

const checkNow = async (deps: ApiDeps, id: string): Promise<void> =>
  deps.people.connections.setStatus(id, await checkConnection(deps, findConnection(deps, id)));

/** The person's own connection made through the workspace's application; a second time renews it. */
const connect = async (proven: Proven, personId: string): Promise<void> => {
  const { deps, client, way, tokens, account } = proven;
  const { directory, seal } = deps.people;
  const id = idOf("oauth connection", client.id, personId);
  const owner = { kind: "person", id: personId } as const;
  const at = new Date(deps.now()).toISOString();
  const { clientId: _clientId, ...shared } = client.settings;
  const sealed = Object.entries(secretsOf(tokens)).map(([field, value]) => [
    field,
    seal.seal(value, placeOf(id, owner, field)),
  ]);
  const value: ConnectionRecord = {
    platform: client.platform,
    host: client.host,
    owner,
    kind: way.personKind ?? client.kind,
    name: `${account.name} (${client.host})`,
    settings: { ...shared, ...settingsOf(tokens), client: client.id },
    secrets: Object.fromEntries(sealed),
    active: true,
    createdBy: personId,
    createdAt: at,
  };
  await directory.write([{ put: "connections", id, value }]);
  await checkNow(deps, id);
  await deps.people.audit.append({
    action: "connection.created",
    person: personId,
    target: id,
    detail: `${client.platform} ${client.host} by OAuth`,
  });
};

const install = async ({ deps, client, tokens, intent }: Proven): Promise<void> => {
  await deps.people.connections.renew(client.id, {
    settings: settingsOf(tokens),
    secrets: secretsOf(tokens),
    tokenBy: intent.personId,
  });
  await checkNow(deps, client.id);
  const workspace = client.owner.kind === "workspace" ? client.owner.id : undefined;
  await deps.people.audit.append({
    action: "connection.installed",
    workspace,
    person: intent.personId,
    target: client.id,
  });
};

/** Does what OAuth was begun for, now that the account is proven. */
export const finishOAuth = async (proven: Proven): Promise<void> => {
  const { intent } = proven;
  if (intent.purpose === "sign-in") return signIn(proven);
  const { personId } = intent;
  if (personId === undefined) throw problem(401, "Sign in first.");
  if (intent.purpose === "install") return install(proven);
  await useLinkToken(proven);
  await link(proven, personId);
  if (intent.purpose === "connect") await connect(proven, personId);
};
