import { productOfHost } from "@ask-openhands/core/connection/page-place.ts";
import type { Anchor, PageFacts, Site } from "./site.ts";
import { colorModeOf, textOf, textsOf } from "./site.ts";

// Classes are generated; only data attributes and roles last. This interface changes often, so the floating button is expected here.
const pullRequest: readonly Anchor[] = [
  {
    name: "pull-request-actions",
    selector:
      '[data-testid="pr-header"] div[role="group"] div[role="group"]:has(button[data-testid="mergeButton-primary"])',
    put: "before",
  },
  {
    name: "pull-request-actions",
    selector: '[role="group"]:has([data-qa="pr-header-actions-drop-down-menu-styles"])',
    put: "first",
  },
  { name: "pull-request-actions", selector: '[data-testid="pr-header"] div[role="group"]', put: "first" },
  { name: "branches", selector: '[data-qa="pr-branches-and-state-styles"]', put: "last", small: true },
  { name: "pull-request-title", selector: '[data-qa="pr-header-page-header-wrapper"] h1', put: "after" },
];

const repository: readonly Anchor[] = [
  {
    name: "repository-actions",
    selector: 'header[data-qa="page-header-wrapper"] div[role="group"]:has(> button)',
    put: "first",
  },
  {
    name: "repository-actions",
    selector: '[role="group"]:has([data-testid="repo-actions-menu--trigger"])',
    put: "first",
  },
  { name: "repository-header", selector: 'header[data-qa="page-header-wrapper"]', put: "last" },
];

const file: readonly Anchor[] = [
  { name: "file-actions", selector: '[data-qa="bk-file__actions"]', put: "first" },
  { name: "file-actions", selector: '[data-testid="file-actions"]', put: "first" },
];

const issue: readonly Anchor[] = [{ name: "issue-header", selector: "#issue-header", put: "last" }];

const pipeline: readonly Anchor[] = [
  {
    name: "pipeline-header",
    selector: '[data-testid="pipeline-header"] [role="group"], [data-qa="pipeline-header"] [role="group"]',
    put: "first",
  },
  {
    name: "pipeline-header",
    selector: '[data-testid="pipeline-header"], [data-qa="pipeline-header"]',
    put: "last",
  },
];

const read = (document: Document): PageFacts => {
  const branches = textsOf(
    document,
    '[data-qa="pr-branches-and-state-styles"] [role="presentation"] span[aria-hidden="true"]',
  );
  return {
    title: textOf(
      document,
      '[data-qa="pr-header-page-header-wrapper"] h1',
      '[data-testid="pr-header"] h1',
      "#issue-title",
    ),
    sourceBranch: branches[0],
    targetBranch: branches[1],
    labels: [],
    failedJob: textOf(document, '[data-testid="step-item"]:has([aria-label*="failed" i])'),
  };
};

export const bitbucketCloud: Site = {
  product: "bitbucket-cloud",
  shape: { height: 32, radius: 4 },
  change: "pull request",
  recognize: (_document, location) =>
    productOfHost(location.hostname) === "bitbucket-cloud" ? "" : undefined,
  anchors: { issue, "pull-request": pullRequest, changes: pullRequest, repository, file, pipeline },
  read,
  isDark: (document) => {
    const mode = colorModeOf(document);
    return mode && mode === "dark";
  },
};
