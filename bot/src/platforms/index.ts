import { createBitbucketCloud } from "./bitbucket-cloud/index.ts";
import { createBitbucketDc } from "./bitbucket-dc/index.ts";
import type { PlatformDeps } from "./deps.ts";
import { createGitHub } from "./github/index.ts";
import { createGitLab } from "./gitlab/index.ts";
import { createJiraCloud } from "./jira-cloud/index.ts";
import { createJiraDc } from "./jira-dc/index.ts";
import type { Platform } from "./platform.ts";
import { createSlack } from "./slack/index.ts";

/** One folder's way in. */
export interface PlatformEntry {
  /** The folder's name. */
  readonly id: string;
  create(deps: PlatformDeps): Platform;
}

/** Every platform that there is; a test compares this with the folders. */
export const platforms: readonly PlatformEntry[] = [
  { id: "github", create: createGitHub },
  { id: "gitlab", create: createGitLab },
  { id: "jira-cloud", create: createJiraCloud },
  { id: "jira-dc", create: createJiraDc },
  { id: "slack", create: createSlack },
  { id: "bitbucket-cloud", create: createBitbucketCloud },
  { id: "bitbucket-dc", create: createBitbucketDc },
];
