import type { Anchor, PageFacts, Site } from "./site.ts";
import { colorModeOf, metaContent, textOf } from "./site.ts";

const pullRequest: readonly Anchor[] = [
  {
    name: "pull-request-menu",
    selector:
      "#pull-requests-container > header .pull-request-header-bar .pull-request-actions > .pull-request-more-actions",
    put: "before",
  },
  {
    name: "pull-request-actions",
    selector: "#pull-requests-container > header .pull-request-actions",
    put: "first",
  },
  {
    name: "pull-request-actions-classic",
    selector: ".pull-request-header .pull-request-actions",
    put: "first",
  },
  { name: "pull-request-actions-classic", selector: ".pull-request-actions", put: "first" },
  { name: "merge-button", selector: ".merge-button", put: "before" },
  { name: "pull-request-metadata", selector: ".pull-request-metadata", put: "last" },
];

const file: readonly Anchor[] = [
  { name: "file-toolbar", selector: ".file-toolbar .secondary", put: "first" },
  { name: "branch-toolbar", selector: ".branch-selector-toolbar .aui-toolbar2-primary", put: "last" },
];

const repository: readonly Anchor[] = [
  {
    name: "branch-toolbar",
    selector: ".aui-toolbar2.branch-selector-toolbar .aui-toolbar2-primary",
    put: "last",
  },
  { name: "branch-toolbar", selector: ".branch-selector-toolbar", put: "last" },
  { name: "clone", selector: ".aui-page-header-actions", put: "first" },
];

// No saved page shows this one: what cannot be found here is made up for by the floating button.
const builds: readonly Anchor[] = [
  { name: "builds-toolbar", selector: ".builds-page .branch-selector-toolbar, .builds-header", put: "last" },
  ...repository,
  { name: "page-header", selector: "#content .aui-page-header-inner", put: "last" },
];

const read = (document: Document): PageFacts => ({
  title: textOf(
    document,
    ".pull-request-title",
    ".pull-request-header-bar h2",
    ".pull-request-metadata ~ h2",
    ".pull-request-header h2",
  ),
  sourceBranch: textOf(document, ".ref-name-from .branch-name", ".source-branch .name"),
  targetBranch: textOf(document, ".ref-name-to .branch-name", ".target-branch .name"),
  labels: [],
  failedJob: textOf(document, 'tr:has([data-build-state="FAILED"], .build-icon.failed) .build-name'),
});

/** The context path is what stands before `/projects/`, `/users/`, … in the address of the product's own links. */
const contextOf = (location: Location): string =>
  /^(.*?)\/(?:projects|users)\/[^/]+\/repos(?:\/|$)/.exec(location.pathname)?.[1] ?? "";

export const bitbucketDataCenter: Site = {
  product: "bitbucket-dc",
  shape: { height: 30, radius: 3 },
  change: "pull request",
  recognize: (document, location) =>
    metaContent(document, "application-name") === "Bitbucket" ||
    document.body?.classList.contains("bitbucket-theme") === true
      ? contextOf(location)
      : undefined,
  anchors: { "pull-request": pullRequest, changes: pullRequest, repository, file, pipeline: builds },
  read,
  isDark: (document) => {
    const mode = colorModeOf(document);
    return mode && mode === "dark";
  },
};
