import { gitUserOf } from "@ask-openhands/core/agent/git-user.ts";
import { createBitbucket } from "../bitbucket-platform.ts";
import type { PlatformDeps } from "../deps.ts";
import type { Platform } from "../platform.ts";
import { createCloudConnect } from "./connect.ts";
import { cloudHost, hear, platform } from "./hear.ts";
import { hooksOfCloud } from "./hooks.ts";
import { inspectCloud } from "./inspect.ts";
import { completeCloud } from "./read.ts";
import { mentionCloud } from "./talk.ts";

/** Bitbucket Cloud: bitbucket.org. It has no reactions, so the report is the acknowledgement. */
export const createBitbucketCloud = (deps: PlatformDeps): Platform => {
  const connect = createCloudConnect(deps);
  const { sites } = connect;
  return createBitbucket({
    deps,
    id: platform,
    name: "Bitbucket Cloud",
    sites,
    // Bitbucket never sends more than 256 KB; larger events come by polling.
    // https://support.atlassian.com/bitbucket-cloud/docs/troubleshoot-webhooks/
    deliveryLimit: 1_048_576,
    editEvery: 10_000,
    // An account has 1,000 requests an hour for everything it does with repositories; half of them are for reading.
    // https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/
    writeLimits: { perHour: 500 },
    requestsPerHour: 1_000,
    usualHost: cloudHost,
    needs: "it needs to be an administrator of the repository",
    hooks: hooksOfCloud(deps, sites),
    hear,
    complete: completeCloud(deps, connect),
    mention: mentionCloud,
    inspect: (connectionId) => inspectCloud(deps, connect, connectionId),
    tokenName: "BITBUCKET_TOKEN",
    token: connect.token,
    gitUser: (token) => gitUserOf(platform, token),
  });
};
