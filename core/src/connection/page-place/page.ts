import type { PlatformId } from "../../work/place.ts";

/** The web interfaces whose addresses we can read; two flavours of one system have different addresses. */
export type Product = "github" | "gitlab" | "bitbucket-cloud" | "bitbucket-dc" | "jira-cloud" | "jira-dc";

/**
 * issue, pull-request, ticket: people talk there, a report can stand there ·
 * changes: the file tab of a pull request · repository · file · pipeline (a CI run or job): nobody talks there.
 */
export type PageKind = "issue" | "pull-request" | "changes" | "ticket" | "repository" | "file" | "pipeline";

export interface Lines {
  readonly from: number;
  readonly to: number;
}

/** What a browser address is about. Pure: the same address always gives the same answer. */
export interface PagePlace {
  readonly product: Product;
  readonly platform: PlatformId;
  /** As `Place.host`: with port and context path. */
  readonly host: string;
  readonly kind: PageKind;
  /** Canonical address, without tab, query and line numbers. */
  readonly url: string;
  /** What people call it: `#12`, `!7`, `ABC-12`, `owner/name`, `src/a.ts`. */
  readonly label: string;
  readonly repository?: string | undefined;
  /** Number of the issue or pull request, ticket key, id of the CI run. */
  readonly id?: string | undefined;
  /** Branch or commit, when the address alone decides it (branch names may contain slashes). */
  readonly ref?: string | undefined;
  /** Path in the repository, when the address alone decides it. */
  readonly path?: string | undefined;
  /** Branch and path as they stand in the address, where a slash may belong to either. */
  readonly refAndPath?: string | undefined;
  readonly lines?: Lines | undefined;
  /** Id of one job of the CI run. */
  readonly job?: string | undefined;
  /** True when only the page itself can tell (a GitLab group has the same address shape as a project). */
  readonly unsure?: boolean | undefined;
}
