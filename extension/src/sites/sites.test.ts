import type { PageKind } from "@ask-openhands/core/connection/page-place/page.ts";
import { describe, expect, it } from "vitest";
import { bitbucketCloud } from "./bitbucket-cloud.ts";
import { bitbucketDataCenter } from "./bitbucket-dc.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { jiraCloud, jiraDataCenter } from "./jira.ts";
import { readyAsks } from "./ready-asks.ts";

const sites = [github, gitlab, bitbucketCloud, bitbucketDataCenter, jiraCloud, jiraDataCenter];
const kinds: readonly PageKind[] = [
  "issue",
  "pull-request",
  "changes",
  "ticket",
  "repository",
  "file",
  "pipeline",
];

describe("the site tables", () => {
  it.each(sites.map((site) => [site.product, site] as const))(
    "%s: no selector rests on a generated class or a position",
    (_product, site) => {
      const selectors = Object.values(site.anchors).flatMap((anchors) =>
        anchors.map(({ selector }) => selector),
      );
      expect(selectors.length).toBeGreaterThan(0);
      for (const selector of selectors)
        expect(selector).not.toMatch(/nth-|__[A-Za-z0-9]{5}\b|\bcss-|\bsc-|data-test-id/);
    },
  );

  it.each(sites.map((site) => [site.product, site] as const))(
    "%s: has several anchors for each kind that people talk on",
    (_product, site) => {
      for (const kind of ["issue", "pull-request", "ticket"] as const) {
        const anchors = site.anchors[kind];
        if (anchors !== undefined && site.product !== "bitbucket-cloud")
          expect(anchors.length).toBeGreaterThan(2);
      }
    },
  );

  it.each(kinds)("offer ready-made asks on every kind of page: %s", (kind) => {
    const offered = readyAsks(kind, "merge request", new Set(["file", "lines", "selection", "job"]));
    expect(offered.length).toBeGreaterThan(1);
    expect(new Set(offered.map(({ id }) => id)).size).toBe(offered.length);
    for (const { text } of offered) expect(text).not.toMatch(/CHANGE|pull request/);
  });

  it("offer asks about a selection only when there is one", () => {
    const labels = (offered: readonly ("selection" | "file")[]) =>
      readyAsks("file", "pull request", new Set(offered)).map(({ id }) => id);
    expect(labels([])).toEqual([]);
    expect(labels(["selection"])).toEqual(["tests-selection", "explain-selection"]);
    expect(labels(["file"])).toEqual(["explain", "tests"]);
  });
});
