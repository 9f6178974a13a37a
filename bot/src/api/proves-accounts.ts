import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { withoutPath } from "../people/hosts.ts";
import type { ApiDeps } from "./call.ts";
import { askedHosts } from "./read-connection.ts";
import { kindOf } from "./views/connection-view.ts";

/**
 * May what this connection's server says of an account be believed by everybody here? Links and sign-ins count in all workspaces, so the server itself must
 * be asked, or an address that the operator named: a maintainer's own "API address" of github.com could say that they are anybody.
 */
export const provesAccounts = (deps: ApiDeps, connection: Connection): boolean => {
  if (connection.fixed === true) return true;
  const { hosts } = deps.people;
  const kind = kindOf(deps, connection.platform, connection.kind);
  const isOperators = (host: string): boolean => !hosts.isKnown(host) && hosts.isApproved("", host);
  const isOwn = (host: string): boolean => host === withoutPath(connection.host);
  return (
    kind !== undefined &&
    [...askedHosts(kind, connection).keys()].every((host) => isOwn(host) || isOperators(host))
  );
};
