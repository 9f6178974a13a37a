import { productOfHost } from "@ask-openhands/core/connection/page-place.ts";
import type { Anchor, PageFacts, Site } from "./site.ts";
import { colorModeOf, metaContent, textOf, textsOf } from "./site.ts";

// GitHub renders a second copy of the actions for narrow windows; class names end in hashes, so only their readable part is matched.
const reactHeader: readonly Anchor[] = [
  { name: "header-actions", selector: '[data-component="PH_Actions"] > div.d-flex', put: "first" },
  {
    name: "header-actions",
    selector: '[data-component="PH_Actions"] [class*="HeaderMenu-module__buttonContainer"]',
    put: "first",
  },
  {
    name: "header-actions",
    selector: '[data-component="PH_Actions"]:not([data-hidden-regular])',
    put: "first",
  },
  {
    name: "header-menu",
    selector: '[class*="HeaderMenu-module__menuActionsContainer"]:not([data-hidden-regular] *)',
    put: "first",
  },
];

const railsHeader: readonly Anchor[] = [
  { name: "header-actions-classic", selector: ".gh-header-actions", put: "first" },
  { name: "header-classic", selector: "#partial-discussion-header .gh-header-show", put: "last" },
];

const sidebar: readonly Anchor[] = [
  { name: "sidebar-classic", selector: "#partial-discussion-sidebar", put: "first" },
];

const issue: readonly Anchor[] = [
  {
    name: "side-panel",
    selector: '[class*="SidePanel-module"] [class*="issueViewerContainer"] [data-component="PH_Actions"]',
    put: "first",
  },
  {
    name: "side-panel",
    selector: 'div[role="dialog"] [data-testid="issue-viewer-metadata-container"]',
    put: "first",
  },
  ...reactHeader,
  { name: "issue-header", selector: '[data-testid="issue-header"]', put: "last" },
  { name: "issue-sidebar", selector: '[data-testid="issue-viewer-metadata-container"]', put: "first" },
  ...railsHeader,
  ...sidebar,
];

const pullRequest: readonly Anchor[] = [
  ...reactHeader,
  ...railsHeader,
  { name: "page-header", selector: '[class*="PullRequestHeader"] .PageHeader-actions', put: "first" },
  ...sidebar,
  { name: "merge-box", selector: '[data-testid="mergebox-partial"]', put: "before" },
];

const changes: readonly Anchor[] = [
  ...reactHeader,
  {
    name: "files-toolbar",
    selector: 'section[class*="PullRequestFilesToolbar-module__toolbar"]',
    put: "last",
  },
  ...railsHeader,
  { name: "review-tools-classic", selector: ".pr-review-tools", put: "first" },
];

const repository: readonly Anchor[] = [
  { name: "repository-actions", selector: '[data-testid="repo-header-actions"]', put: "first" },
  { name: "repository-actions", selector: "#repository-details-container > ul", put: "before" },
  { name: "branch-picker", selector: '[id^="ref-picker-repos-header-ref-selector"]', put: "after" },
  { name: "repository-actions-classic", selector: "ul.pagehead-actions", put: "before" },
  { name: "file-navigation-classic", selector: ".file-navigation", put: "last" },
];

const file: readonly Anchor[] = [
  { name: "file-actions", selector: '[data-testid="raw-button"]', put: "before" },
  { name: "file-menu", selector: '[data-testid="more-file-actions-button-nav-menu-wide"]', put: "before" },
  { name: "file-actions-classic", selector: ".BtnGroup:has(> #raw-url)", put: "before" },
  { name: "file-actions-classic", selector: "#raw-url", put: "before" },
];

const pipeline: readonly Anchor[] = [
  { name: "run-actions", selector: ".PageHeader-actions", put: "first" },
  { name: "run-actions", selector: '[data-component="PH_Actions"]', put: "first" },
  {
    name: "run-actions-classic",
    selector: ".actions-fullwidth-module .PageHeader, .js-check-run-header",
    put: "last",
  },
];

const read = (document: Document): PageFacts => ({
  title: textOf(
    document,
    '[data-testid="issue-title"]',
    'h1[data-component="PH_Title"] .markdown-title',
    ".gh-header-title .js-issue-title",
    ".PageHeader-titleWrap",
  ),
  targetBranch: textOf(
    document,
    '[class*="PullRequestHeaderSummary"] [data-component="BranchName"]',
    '[data-component="BranchName"]',
    ".base-ref",
  ),
  sourceBranch:
    textsOf(document, '[class*="PullRequestHeaderSummary"] [data-component="BranchName"]')[1] ??
    textOf(document, ".head-ref"),
  labels: textsOf(document, '[data-testid="issue-labels"] a, .js-issue-labels .IssueLabel'),
  // The list of jobs at the left of a run marks failures with a named icon.
  failedJob: textOf(
    document,
    'a[href*="/job/"]:has(svg[aria-label*="failed" i])',
    'a[href*="/job/"]:has(.octicon-x-circle-fill)',
  ),
});

export const github: Site = {
  product: "github",
  shape: { height: 32, radius: 6 },
  change: "pull request",
  recognize: (document, location) => {
    const known = productOfHost(location.hostname) === "github";
    return known ||
      metaContent(document, "og:site_name")?.includes("GitHub") === true ||
      metaContent(document, "expected-hostname") !== undefined
      ? ""
      : undefined;
  },
  anchors: { issue, "pull-request": pullRequest, changes, repository, file, pipeline },
  read,
  isDark: (document) => {
    const mode = colorModeOf(document);
    if (mode === undefined) return undefined;
    // A person may choose a dark theme for the day.
    return document.documentElement.getAttribute(`data-${mode}-theme`)?.startsWith("dark") ?? mode === "dark";
  },
};
