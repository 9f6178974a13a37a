import type { PagePlace } from "@ask-openhands/core/connection/page-place/page.ts";
import { explainFence, fence } from "@ask-openhands/core/prompt/fence.ts";
import { isRepositoryName } from "@ask-openhands/core/trigger/names.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { AskInput, Context } from "../messages.ts";
import type { AskedPage } from "./way.ts";

const kinds: Readonly<Record<PagePlace["kind"], string>> = {
  issue: "issue",
  "pull-request": "pull or merge request",
  changes: "changes of a pull or merge request",
  ticket: "ticket",
  repository: "repository",
  file: "file",
  pipeline: "CI run",
};

interface Addresses {
  readonly url: string;
  readonly cloneUrl: string;
}

const plain = (base: string, name: string): Addresses => ({
  url: `${base}/${name}`,
  cloneUrl: `${base}/${name}.git`,
});

/** Browsing is `/projects/KEY/repos/slug` or `/users/name/repos/slug`, cloning `/scm/KEY/slug.git`. */
const inProject = (base: string, name: string): Addresses => {
  const [owner = "", slug = ""] = name.split("/");
  const area = owner.startsWith("~") ? `users/${owner.slice(1)}` : `projects/${owner}`;
  return { url: `${base}/${area}/repos/${slug}`, cloneUrl: `${base}/scm/${name}.git` };
};

const addresses: Readonly<Record<PagePlace["product"], typeof plain>> = {
  github: plain,
  gitlab: plain,
  "bitbucket-cloud": plain,
  "bitbucket-dc": inProject,
  "jira-cloud": plain,
  "jira-dc": plain,
};

/** How to reach the repository, from the page's address alone. */
export const repositoryOf = (page: PagePlace): RepositoryFacts | undefined => {
  if (page.repository === undefined || !isRepositoryName(page.repository)) return undefined;
  // `host` may carry a context path, which the browser address and the clone address share.
  const base = `${new URL(page.url).protocol}//${page.host}`;
  return {
    platform: page.platform,
    host: page.host,
    name: page.repository,
    ...addresses[page.product](base, page.repository),
  };
};

const contextTitle: Readonly<Record<Context["kind"], string>> = {
  selection: "text that the person selected on the page",
  lines: "lines of a file",
  job: "failed CI job",
  file: "file",
};

const writeContext = ({ kind, title, url, text }: Context, nonce: string): string =>
  [
    `${contextTitle[kind]}${url === undefined ? "" : `: ${url}`}`,
    fence(text ?? title ?? "", title ?? kind, nonce),
  ].join("\n");

/** Branches and files may be called by anybody, and their names stand in the page's address with line breaks and all. */
const place = ({ page, url }: AskedPage, title: string | undefined, nonce: string): readonly string[] => [
  `Asked on the ${kinds[page.kind]}${page.kind === "file" ? "" : ` ${page.label}`}: ${url}`,
  ...(repositoryOf(page) === undefined ? [] : [`Repository: ${page.repository} on ${page.host}`]),
  ...(page.refAndPath === undefined
    ? []
    : [`Branch and path:\n${fence(page.refAndPath, "from the page's address", nonce)}`]),
  ...(title === undefined ? [] : [`Title:\n${fence(title, "title of the page", nonce)}`]),
];

/** The first message of a conversation that was asked for from a page without a bot. */
export const writePrompt = (input: AskInput, asked: AskedPage, nonce: string): string => {
  const context = (input.context ?? []).map((item) => writeContext(item, nonce));
  return [
    input.text.trim(),
    "---",
    ...place(asked, input.title, nonce),
    ...(context.length === 0 ? [] : ["What goes along:", ...context]),
    explainFence(nonce),
  ].join("\n\n");
};

/** Standing rules; they need no page text. */
export const background = [
  "A person asked for this with a button on the web page named in the first message.",
  "Read the page's issue, pull request, ticket or CI run through its API with the token in the environment, when there is one for its host.",
  "For a change, work on a new branch that begins with `openhands/` and open a pull request; on a pull request's page, push to its own branch instead.",
  "For a question, answer only and change nothing. End with a short summary and the address of the pull request, if there is one.",
].join("\n");
