import type { ConnectionStatus, ScopeState } from "@ask-openhands/core/connection/connection.ts";
import { DcRepository, dcPage } from "@ask-openhands/core/wire/bitbucket-dc.ts";
import { inspectBitbucket } from "../bitbucket-inspect.ts";
import type { PlatformDeps } from "../deps.ts";
import { isForbidden } from "./api.ts";
import { type DcConnect, typedAddress } from "./connect.ts";

const rights = [
  { name: "REPO_READ", for: "reading pull requests and their comments", optional: false },
  { name: "REPO_WRITE", for: "the agent pushes its branches and opens pull requests", optional: false },
  { name: "REPO_ADMIN", for: "installing webhooks", optional: true },
] as const;

/** Tokens of Data Center have no scopes that can be asked: which repositories they reach with which right shows what they may. */
export const inspectDc = async (
  deps: PlatformDeps,
  { sites, http }: DcConnect,
  connectionId: string,
): Promise<ConnectionStatus> => {
  const site = sites.byId(connectionId);
  const { connection } = site;
  const client = http(connection);
  const stateOf = async (permission: string): Promise<ScopeState> => {
    try {
      const page = await client.json(dcPage(DcRepository), {
        path: "/rest/api/latest/repos",
        query: { permission, limit: 1 },
      });
      return page.values.length > 0 ? "present" : "missing";
    } catch (error) {
      if (isForbidden(error)) return "missing";
      throw error;
    }
  };
  return inspectBitbucket({
    tokenKind: connection.kind === "oauth" ? "OAuth sign-in" : "HTTP access token",
    rights,
    cure: "Give the account the right Repository write (Repository admin to install webhooks) and create an HTTP access token with it.",
    now: deps.now(),
    async ask() {
      const user = await site.api.myself();
      const scopes = await Promise.all(
        rights.map(async (right) => ({ ...right, state: await stateOf(right.name) })),
      );
      return {
        ...(user ? { account: { id: user.id, name: user.displayName ?? user.name } } : {}),
        scopes,
        notes: [
          ...(connection.settings["baseUrl"] && typedAddress(connection) === undefined
            ? [
                `The address that was typed for this connection is not used: it is not one of ${connection.host}.`,
              ]
            : []),
          "Bitbucket Data Center does not tell when a token expires.",
        ],
      };
    },
  });
};
