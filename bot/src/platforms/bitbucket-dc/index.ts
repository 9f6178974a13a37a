import { createBitbucket } from "../bitbucket-platform.ts";
import type { PlatformDeps } from "../deps.ts";
import type { Platform } from "../platform.ts";
import { createDcConnect } from "./connect.ts";
import { hear, pingEvent, platform } from "./hear.ts";
import { hooksOfDc } from "./hooks.ts";
import { inspectDc } from "./inspect.ts";
import { oauthOfDc } from "./oauth.ts";
import { completeDc, serverVariables } from "./read.ts";
import { mentionDc, reactDc } from "./talk.ts";

/** What git sends beside tokens of repositories, projects and OAuth; personal ones go with their owner's login. https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html */
const gitUser = "x-token-auth";

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
      if (narrower) return { value: narrower, gitUser };
      const value = await connect.token(connection);
      if (connection.kind === "oauth") return { value, gitUser };
      const owner = await sites.byId(connection.id).api.myself();
      return { value, gitUser: owner?.name ?? gitUser };
    },
    gitUser: () => gitUser,
    also: serverVariables,
    react: reactDc(sites),
    oauth: oauthOfDc(deps),
    complete: completeDc(deps, connect),
  });
};
