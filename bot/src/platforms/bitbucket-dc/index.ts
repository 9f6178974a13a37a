import { gitUserOf } from "@ask-openhands/core/agent/git-user.ts";
import { createBitbucket } from "../bitbucket-platform.ts";
import type { PlatformDeps } from "../deps.ts";
import { renewsAfter } from "../oauth-token.ts";
import type { Platform } from "../platform.ts";
import { createDcConnect } from "./connect.ts";
import { hear, pingEvent, platform } from "./hear.ts";
import { hooksOfDc } from "./hooks.ts";
import { inspectDc } from "./inspect.ts";
import { oauthOfDc } from "./oauth.ts";
import { completeDc, serverVariables } from "./read.ts";
import { mentionDc, reactDc } from "./talk.ts";

/** Bitbucket Data Center: any host, with its context path. */
export const createBitbucketDc = (deps: PlatformDeps): Platform => {
  const connect = createDcConnect(deps);
  const { sites } = connect;
  return createBitbucket({
    deps,
    id: platform,
    name: "Bitbucket Data Center",
    sites,
    // It names no limit; descriptions and comments have at most 32 kB.
    deliveryLimit: 5_242_880,
    editEvery: 5_000,
    unsigned: pingEvent,
    usualHost: "bitbucket.invalid",
    needs: "its token needs to be of an account with rights here",
    hooks: hooksOfDc(deps, sites),
    hear,
    mention: mentionDc,
    inspect: (connectionId) => inspectDc(deps, connect, connectionId),
    tokenName: "BITBUCKET_DATA_CENTER_TOKEN",
    async token(connection) {
      const narrower = deps.connections.secret(connection, "agentToken");
      if (narrower) return { value: narrower, gitUser: gitUserOf(platform, narrower) };
      const value = await connect.token(connection);
      if (connection.kind === "oauth") {
        // Asking for it may have renewed it.
        const renewAfter = renewsAfter(deps.connections.get(connection.id) ?? connection);
        return { value, gitUser: gitUserOf(platform, value), renewAfter };
      }
      const owner = await sites.byId(connection.id).api.myself();
      return { value, gitUser: gitUserOf(platform, value, owner?.name) };
    },
    gitUser: (token) => gitUserOf(platform, token),
    also: serverVariables,
    react: reactDc(sites),
    oauth: oauthOfDc(deps),
    complete: completeDc(deps, connect),
  });
};
