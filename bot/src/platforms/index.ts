import { createBitbucketCloud } from "./bitbucket-cloud/index.ts";
import { createBitbucketDc } from "./bitbucket-dc/index.ts";
import type { PlatformDeps } from "./deps.ts";
import { createGitHub } from "./github/index.ts";
import { createGitLab } from "./gitlab/index.ts";
import type { Platform } from "./platform.ts";

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
  { id: "bitbucket-cloud", create: createBitbucketCloud },
  { id: "bitbucket-dc", create: createBitbucketDc },
];
