import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Product } from "@ask-openhands/core/connection/page-place/page.ts";
import { productOfHost } from "@ask-openhands/core/connection/page-place.ts";
import { sharedDir } from "../../fakes/shared-dir.ts";

/** Saved real pages; they are data of their authors and stay outside the project. */
export const savedFolder = join(sharedDir, "fixtures/pages");
export const hasSavedPages = existsSync(savedFolder);

export interface SavedPage {
  /** `github/issue-react.html`. */
  readonly name: string;
  readonly html: string;
  /** Where the page was saved from, by its own words; a fragment stands in for a page of its kind. */
  readonly url: string;
}

const attribute = (html: string, pattern: RegExp): string | undefined =>
  pattern.exec(html)?.[1]?.replaceAll("&amp;", "&");

const gitHubTitle = (html: string): string | undefined => {
  const repository = attribute(html, /name="octolytics-dimension-repository_nwo"\s+content="([^"]+)"/);
  const [, kind, number] = /<title>[^<]*· (Issue|Pull Request) #(\d+)/.exec(html) ?? [];
  return repository === undefined || number === undefined
    ? undefined
    : `https://github.com/${repository}/${kind === "Issue" ? "issues" : "pull"}/${number}`;
};

const bitbucketContent = (html: string): string | undefined => {
  const [key, slug, id] = ["projectkey", "reposlug", "pullrequestid"].map((name) =>
    attribute(html, new RegExp(`data-${name}="([^"]+)"`)),
  );
  if (key === undefined || slug === undefined) return undefined;
  const rest = id === undefined ? "browse" : `pull-requests/${id}/diff`;
  return `https://bitbucket.example.com/projects/${key}/repos/${slug}/${rest}`;
};

// Fragments name no page. What their capturer wrote in the first comment says where they stood.
const fragment = (name: string, html: string): string | undefined => {
  const comment = /<!--([\s\S]*?)-->/.exec(html)?.[1] ?? "";
  const url = /https:\/\/(?:gitlab\.com|github\.com|bitbucket\.org)\/\S+/.exec(comment)?.[0];
  if (url !== undefined && productOfHost(new URL(url).hostname) !== undefined) return url;
  const key = /href="\/browse\/([A-Z][A-Z0-9_]+-\d+)"/.exec(html)?.[1];
  const path = /(\/(?:browse|jira|issues)\/[^\s,)]*)/.exec(comment)?.[1];
  if (name.startsWith("jira-cloud/") && path !== undefined) {
    const isList = path.startsWith("/issues/?") || path.includes("/boards/");
    return `https://example.atlassian.net${isList || key === undefined ? path.replace("...", "x") : path}`;
  }
  const legacy = /data-eclipsed-comment-view-url="\/([^"/]+\/[^"/]+\/pull-requests\/\d+)/.exec(html)?.[1];
  if (legacy !== undefined) return `https://bitbucket.org/${legacy}/diff`;
  return name.startsWith("bitbucket-cloud/")
    ? "https://bitbucket.org/team/repo/pull-requests/1/diff"
    : undefined;
};

/** Address of a saved page from what stands in it, never from its file name alone. */
export const urlOf = (name: string, html: string): string | undefined =>
  attribute(html, /<link[^>]*rel="canonical"[^>]*href="([^"]+)"/) ??
  attribute(html, /saved from url=\(\d+\)(\S+)/) ??
  gitHubTitle(html) ??
  attribute(html, /<meta[^>]*content="(https:\/\/[^"]+)"[^>]*property="og:url"/) ??
  attribute(html, /<meta[^>]*property="og:url"[^>]*content="(https:\/\/[^"]+)"/) ??
  bitbucketContent(html) ??
  fragment(name, html);

/** What runs on a self-managed host, from the marks that the product itself sets in its pages. */
export const selfManaged = ({ url, html }: SavedPage): Product | undefined => {
  if (productOfHost(new URL(url).hostname) !== undefined) return undefined;
  if (/content="Bitbucket"|bitbucket-theme/.test(html)) return "bitbucket-dc";
  if (/name="ajs-jira-base-url"|id="jira"/.test(html)) return "jira-dc";
  return /content="GitLab"|data-page="projects:/.test(html) ? "gitlab" : "github";
};

/** Every saved page, also one that would not say where it is from. */
export const namesOfSaved = (folder = savedFolder): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html"))
    .sort();

/** All saved pages that say where they are from, in every folder. */
export const readSavedPages = (folder = savedFolder): readonly SavedPage[] =>
  namesOfSaved(folder).flatMap((name) => {
    const html = readFileSync(join(folder, name), "utf8");
    const url = urlOf(name, html);
    return url === undefined ? [] : [{ name, html, url }];
  });
