import type { CredentialKind } from "../catalog.ts";
import { bitbucketCloudKinds, bitbucketDcKinds } from "./bitbucket.ts";
import { githubKinds } from "./github.ts";
import { gitlabKinds } from "./gitlab.ts";
import { jiraCloudKinds, jiraDcKinds } from "./jira.ts";
import { openhandsKinds } from "./openhands.ts";
import { slackKinds } from "./slack.ts";

/** Every kind of credentials, in the order in which the settings page shows them. */
export const catalog: readonly CredentialKind[] = [
  ...githubKinds,
  ...gitlabKinds,
  ...bitbucketCloudKinds,
  ...bitbucketDcKinds,
  ...jiraCloudKinds,
  ...jiraDcKinds,
  ...slackKinds,
  ...openhandsKinds,
];
