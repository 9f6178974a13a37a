import { productOfHost } from "@ask-openhands/core/connection/page-place.ts";
import type { Anchor, PageFacts, Site } from "./site.ts";
import { colorModeOf, metaContent, textOf, textsOf } from "./site.ts";

const cloudTicket: readonly Anchor[] = [
  {
    name: "breadcrumb",
    selector:
      '[data-testid="issue.views.issue-base.foundation.breadcrumbs.breadcrumb-current-issue-container"]',
    put: "after",
    small: true,
  },
  {
    name: "breadcrumb",
    selector: '[data-component-selector="breadcrumbs-wrapper"]',
    put: "after",
    small: true,
  },
  { name: "ticket-header", selector: "#jira-issue-header", put: "last" },
  {
    name: "quick-add",
    selector: '[data-testid="issue.views.issue-base.foundation.quick-add.button"]',
    put: "before",
  },
  { name: "status", selector: '[data-testid="ref-spotlight-target-status-spotlight"]', put: "after" },
  {
    name: "status",
    selector:
      '[data-testid="issue.views.issue-base.foundation.status.issue-field-status"], [data-testid$="issue-field-status.ui.status-view.status-button.status-button"]',
    put: "after",
  },
];

const dataCenterTicket: readonly Anchor[] = [
  { name: "toolbar", selector: "#ghx-detail-view .aui-toolbar2-secondary", put: "first" },
  { name: "board-detail", selector: "#ghx-detail-head", put: "last" },
  { name: "board-detail", selector: "#ghx-detail-issue", put: "first" },
  { name: "toolbar", selector: ".ops-menus .aui-toolbar2-secondary", put: "first" },
  { name: "toolbar", selector: ".aui-toolbar2-secondary", put: "first" },
  { name: "operations", selector: ".ops-menus .aui-toolbar2-primary", put: "after" },
  { name: "operations", selector: "#opsbar-opsbar-operations", put: "after" },
  { name: "ticket-header", selector: "#stalker .aui-page-header-main", put: "last" },
  { name: "breadcrumb", selector: "ol.aui-nav-breadcrumbs", put: "after", small: true },
];

// Keys in the table of a list or search, and in a backlog.
const cloudRows = [
  'a[data-testid="native-issue-table.common.ui.issue-cells.issue-key.issue-key-cell"]',
  'a[data-testid="software-backlog.card-list.card.card-contents.key"]',
].join();

const dataCenterRows = "#issuetable tr.issuerow td.issuekey a.issue-link";

const isDark = (document: Document): boolean | undefined => {
  const mode = colorModeOf(document);
  return mode && mode === "dark";
};

const readCloud = (document: Document): PageFacts => ({
  title:
    textOf(document, 'h1[data-testid="issue.views.issue-base.foundation.summary.heading"]') ??
    /^\[[A-Z][A-Z0-9_]+-\d+\] (.*?) - Jira/.exec(document.title)?.[1],
  labels: textsOf(document, '[data-testid^="issue.views.field.labels"] a'),
});

const readDataCenter = (document: Document): PageFacts => ({
  title: textOf(document, "#summary-val", "#ghx-detail-issue .ghx-summary"),
  labels: textsOf(document, '[id^="labels-"][id$="-value"] a, .labels-wrap a.lozenge'),
});

export const jiraCloud: Site = {
  product: "jira-cloud",
  shape: { height: 32, radius: 4 },
  change: "pull request",
  recognize: (_document, location) => (productOfHost(location.hostname) === "jira-cloud" ? "" : undefined),
  anchors: { ticket: cloudTicket },
  rows: cloudRows,
  read: readCloud,
  isDark,
};

export const jiraDataCenter: Site = {
  product: "jira-dc",
  shape: { height: 30, radius: 3 },
  change: "pull request",
  // Jira Cloud calls itself JIRA too, but only a server of one's own names its base address.
  recognize: (document, location) => {
    if (
      productOfHost(location.hostname) === "jira-cloud" ||
      document.querySelector("#jira-frontend") !== null
    )
      return undefined;
    const context = metaContent(document, "ajs-context-path");
    if (context !== undefined) return context;
    return metaContent(document, "application-name") === "JIRA" &&
      metaContent(document, "ajs-jira-base-url") !== undefined
      ? ""
      : undefined;
  },
  anchors: { ticket: dataCenterTicket },
  rows: dataCenterRows,
  read: readDataCenter,
  isDark,
};
