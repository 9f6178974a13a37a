import type { SignInWayView } from "@ask-openhands/core/api/types.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { ApiDeps } from "./call.ts";
import { provesAccounts } from "./proves-accounts.ts";

/** Active connections of a workspace that hold an OAuth client. */
const clientsOf = (deps: ApiDeps): readonly Connection[] =>
  deps.people.connections
    .all()
    .filter(
      (one) =>
        one.active &&
        one.owner.kind === "workspace" &&
        deps.platforms.get(one.platform)?.oauth !== undefined &&
        one.settings["clientId"] &&
        one.secretNames.includes("clientSecret") &&
        provesAccounts(deps, one),
    );

const toWay = (deps: ApiDeps, client: Connection): SignInWayView => ({
  id: client.id,
  platform: client.platform,
  name: deps.platforms.get(client.platform)?.name ?? client.platform,
  host: client.host,
});

/** Servers at which people can sign in; one way for each. */
export const signInWays = (deps: ApiDeps): SignInWayView[] => {
  const byHost = new Map(
    clientsOf(deps)
      .filter((client) => deps.platforms.get(client.platform)?.oauth?.signsIn !== false)
      .map((client) => [`${client.platform} ${client.host}`, toWay(deps, client)]),
  );
  return [...byHost.values()];
};

/** Ways to prove an account on one server. */
export const proofWays = (deps: ApiDeps, platform: string, host: string): SignInWayView[] =>
  clientsOf(deps)
    .filter((client) => client.platform === platform && client.host === host)
    .map((client) => toWay(deps, client));

/** Kinds of a person's own credentials that would prove an account there. */
export const proofKinds = (deps: ApiDeps, platform: string): string[] =>
  deps.catalog
    .filter((kind) => kind.platform === platform && kind.owner !== "workspace")
    .map((kind) => kind.kind);
