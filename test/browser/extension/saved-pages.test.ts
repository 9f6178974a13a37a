import { findPage, productOfHost } from "@ask-openhands/core/connection/page-place.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SiteCase, type SiteSubject, siteContract } from "../../contracts/site.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import {
  hasSavedPages,
  namesOfSaved,
  readSavedPages,
  type SavedPage,
  savedFolder,
  selfManaged,
} from "./saved-pages.ts";
import { addSite, createSiteSubject } from "./site-subject.ts";

type Expected = readonly [kind: string, label: string, anchor: string] | "no place";

/** What was read off the pages that are described in their folder's README. */
const known: Readonly<Record<string, Expected>> = {
  "bitbucket-cloud/pr-diff-section-legacy-file-modified.html": ["changes", "#1", "floating"],
  "bitbucket-cloud/pr-diff-section-legacy-file-renamed-but-contents-unchanged.html": [
    "changes",
    "#1",
    "floating",
  ],
  "bitbucket-cloud/pr-diff-section-legacy-file-with-comments-on-previous-versions.html": [
    "changes",
    "#1",
    "floating",
  ],
  "bitbucket-dc/pr-diff-2019.html": ["changes", "#1", "pull-request-actions-classic"],
  "bitbucket-dc/repo-browse-2019.html": ["repository", "SOURCEGRAPH/mux", "branch-toolbar"],
  "github/blob-rails-2021-12.html": ["file", "popular-rabbit-names.js", "file-actions-classic"],
  "github/issue-rails-2021-12.html": ["issue", "#2", "header-actions-classic"],
  "github/issue-react-2025-06.html": ["issue", "#56", "header-actions"],
  "github/pr-conversation-rails-2025-opened.html": ["pull-request", "#7215", "header-actions-classic"],
  "github/pr-conversation-react-2026-07-draft.html": ["pull-request", "#7", "header-actions"],
  "github/pr-conversation-react-2026-07-opened.html": ["pull-request", "#6", "header-actions"],
  "github/repo-home-rails-2020-07.html": [
    "repository",
    "steventroughtonsmith/marzipanify",
    "repository-actions-classic",
  ],
  "gitlab/blob-codeview-2019.html": ["file", "executor_shell.go", "file-actions"],
  "gitlab/mr-diffs-2019-12.html": ["pull-request", "!1", "merge-request-actions"],
  "gitlab/repo-tree-2025-ssr.html": ["repository", "linuxdabbler/dotfiles", "tree-controls"],
  "jira-cloud/board-card-2026-08.html": "no place",
  "jira-cloud/issue-breadcrumb-2026-08.html": ["ticket", "RDC-14817", "breadcrumb"],
  "jira-cloud/issue-navigator-row-2026-08.html": "no place",
  "jira-dc/issue-view-dc-10.3.13-2026.html": ["ticket", "ROVODEV-36", "toolbar"],
};

/** Tickets whose rows stand in a list. */
const rowsOf: Readonly<Record<string, readonly string[]>> = {
  "jira-cloud/issue-navigator-row-2026-08.html": ["RDC-29578"],
};

const saved = hasSavedPages ? readSavedPages() : [];
if (!hasSavedPages) console.warn(`Saved pages are not tested: ${savedFolder} is absent. Set SHARED_DIR.`);

const pageOf = (page: SavedPage) =>
  findPage(selfManaged(page) ?? productOfHost(new URL(page.url).hostname) ?? "github", page.url);

/** A page that is not listed must have a button where its address is a place; where it stands is for the page to say. */
const toCase = (page: SavedPage): SiteCase => {
  const expected = known[page.name];
  const anchor = expected === undefined ? pageOf(page) && "any" : expected[2];
  const rows = rowsOf[page.name];
  return { ...page, ...(rows && { rows }), anchor: expected === "no place" ? undefined : anchor };
};

describe.skipIf(!hasChromium || !hasSavedPages)("a saved real page", () => {
  let browser: Browser;
  let subject: SiteSubject;
  beforeAll(async () => {
    browser = await startBrowser({ allowed: ["https://*/*"] });
    const servers = new Map(saved.map((page) => [new URL(page.url).origin, selfManaged(page)]));
    for (const [origin, product] of servers)
      if (product !== undefined) await addSite(browser, origin, product);
    subject = await createSiteSubject(browser);
  });
  afterAll(() => browser?.close());

  it("is left out by none of these tests", () => {
    expect(saved.map(({ name }) => name)).toEqual(namesOfSaved());
    expect(saved.length).toBeGreaterThanOrEqual(Object.keys(known).length);
  });

  it.each(saved.map((page) => [page.name, page] as const))("%s is read as the right place", (name, page) => {
    const expected = known[name];
    const found = pageOf(page);
    if (expected === undefined) return;
    expect(found === undefined ? "no place" : [found.kind, found.label]).toEqual(
      expected === "no place" ? expected : expected.slice(0, 2),
    );
  });

  siteContract(saved.map(toCase), () => subject);
});
