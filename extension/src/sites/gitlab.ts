import type { PagePlace } from "@ask-openhands/core/connection/page-place/page.ts";
import { productOfHost } from "@ask-openhands/core/connection/page-place.ts";
import type { Anchor, PageFacts, Site } from "./site.ts";
import { metaContent, textOf, textsOf } from "./site.ts";

const issue: readonly Anchor[] = [
  // A board or list keeps its page behind the drawer: the drawer is what the address names.
  {
    name: "drawer",
    selector: '[data-testid="work-item-drawer"] [data-testid="work-item-actions-dropdown"]',
    put: "before",
  },
  { name: "drawer", selector: '[data-testid="work-item-drawer-ref-link"]', put: "after", small: true },
  {
    name: "work-item-actions",
    selector:
      '#content-body [data-testid="detail-wrapper"] div:has(> div > [data-testid="work-item-actions-dropdown"])',
    put: "first",
  },
  { name: "work-item-actions", selector: '[data-testid="work-item-actions-dropdown"]', put: "before" },
  { name: "work-item-type", selector: 'div:has(> [data-testid="work-item-type"])', put: "last" },
  { name: "work-item-created", selector: '[data-testid="work-item-created"]', put: "after", small: true },
  {
    name: "issue-actions",
    selector: ".detail-page-header .js-issuable-actions, .detail-page-header-actions",
    put: "first",
  },
  { name: "issue-title", selector: 'div:has(> [data-testid="issue-title"])', put: "last" },
  { name: "issue-title", selector: ".issue-details .title-container", put: "last" },
  { name: "issue-description", selector: ".issue-details .detail-page-description", put: "first" },
];

const mergeRequest: readonly Anchor[] = [
  {
    name: "merge-request-menu",
    selector: ".detail-page-header .js-issuable-actions .js-mr-more-dropdown",
    put: "before",
  },
  { name: "merge-request-actions", selector: ".detail-page-header .js-issuable-actions", put: "first" },
  { name: "merge-request-tabs", selector: ".merge-request-tabs-container", put: "last" },
  {
    name: "merge-request-description",
    selector: ".merge-request-details .detail-page-description",
    put: "first",
  },
];

const repository: readonly Anchor[] = [
  { name: "tree-controls", selector: '[data-testid="tree-controls-container"]', put: "first" },
  { name: "tree-controls", selector: "#tree-holder .tree-controls > div", put: "first" },
  { name: "tree-controls", selector: "#tree-holder .tree-controls", put: "first" },
  { name: "tree-controls", selector: ".tree-controls", put: "first" },
  { name: "code-button", selector: "#js-code-dropdown", put: "before" },
  { name: "project-actions", selector: ".project-repo-buttons", put: "first" },
];

const file: readonly Anchor[] = [
  { name: "file-actions", selector: "#fileHolder .file-actions", put: "first" },
  { name: "file-actions", selector: ".blob-content-holder .file-actions", put: "first" },
  { name: "file-actions", selector: ".file-holder .file-actions", put: "first" },
];

const pipeline: readonly Anchor[] = [
  {
    name: "pipeline-header",
    selector: '[data-testid="pipeline-header"] [data-testid="pipeline-actions"]',
    put: "first",
  },
  {
    name: "pipeline-header",
    selector: '[data-testid="pipeline-header"], [data-testid="pipeline-details-header"]',
    put: "last",
  },
  { name: "job-header", selector: '[data-testid="job-header-content"], .js-build-header', put: "last" },
  {
    name: "page-heading",
    selector: '#content-body [data-testid="page-heading-actions"], #content-body .gl-page-heading-actions',
    put: "first",
  },
  { name: "page-heading", selector: '#content-body [data-testid="page-heading"]', put: "after" },
];

const read = (document: Document, page: PagePlace): PageFacts => ({
  title: textOf(
    document,
    'h1[data-testid="work-item-title"]',
    'h1[data-testid="title-content"]',
    '[data-testid="issue-title"]',
    ".detail-page-description .title",
  ),
  sourceBranch: textOf(
    document,
    ".detail-page-header .js-source-branch-copy ~ a",
    '[data-testid="source-branch-link"]',
    ".js-source-branch",
    ".label-branch",
  ),
  targetBranch: textOf(document, '[data-testid="target-branch-link"]', ".js-target-branch"),
  labels: textsOf(
    document,
    '[data-testid="work-item-labels"] .gl-label, [data-testid="sidebar-labels"] .gl-label, .issuable-show-labels .gl-label',
  ),
  failedJob:
    page.job === undefined
      ? textOf(
          document,
          '[data-testid="tab-failures"] [data-testid="failed-job-name"]',
          ".ci-failed .ci-job-name",
        )
      : textOf(document, 'h1[data-testid="job-name"]', ".js-job-name"),
});

/** A server below a path names it as `relative_url_root`, seen in the manifest's address. */
const contextOf = (document: Document): string => {
  const manifest = document.querySelector('link[rel="manifest"][href]')?.getAttribute("href") ?? "";
  return /^(?:https?:\/\/[^/]+)?(\/.+?)\/-\/manifest\.json/.exec(manifest)?.[1] ?? "";
};

export const gitlab: Site = {
  product: "gitlab",
  shape: { height: 32, radius: 4 },
  change: "merge request",
  recognize: (document, location) => {
    if (productOfHost(location.hostname) === "gitlab") return "";
    return metaContent(document, "og:site_name") === "GitLab" ||
      document.body?.hasAttribute("data-page") === true
      ? contextOf(document)
      : undefined;
  },
  // `/a/b` is a project when the page says so; a group has the same shape.
  confirm: (document, page) => {
    const project = document.body?.getAttribute("data-project-full-path");
    if (project) return project.toLowerCase() === page.repository?.toLowerCase();
    return document.body?.getAttribute("data-page")?.startsWith("projects:") === true;
  },
  anchors: { issue, "pull-request": mergeRequest, changes: mergeRequest, repository, file, pipeline },
  read,
  isDark: (document) =>
    [document.documentElement, document.body].some(
      (element) => element?.classList.contains("gl-dark") === true,
    ),
};
