import type { PullRequest } from "../work/run.ts";

/** What a piece of the agent's words or output says of pull requests in one repository. `repositoryUrl` is the repository's browser address. */
export const findPullRequests = (text: string, repositoryUrl: string): readonly PullRequest[] => {
  const base = repositoryUrl
    .replace(/^https?:\/\//, "")
    .replace(/\/+$/, "")
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // GitHub /pull/7 · GitLab /-/merge_requests/7 · Bitbucket /pull-requests/7
  const pattern = new RegExp(
    `https?://${base}(?:/-)?/(?:pull|pull-requests|merge_requests)/(\\d{1,9})(?![\\w-])`,
    "gi",
  );
  const found = [...text.matchAll(pattern)].map(([url, number]) => ({ url, number: Number(number) }));
  return found.filter((one, index) => found.findIndex((other) => other.number === one.number) === index);
};

/** Those that may be the agent's work: in its repository, and not named by people before. */
export const ownPullRequests = (
  text: string,
  mentioned: readonly number[],
  { repositoryUrl }: { readonly repositoryUrl?: string | undefined },
): readonly PullRequest[] =>
  repositoryUrl === undefined
    ? []
    : findPullRequests(text, repositoryUrl).filter(({ number }) => !mentioned.includes(number));

const creates = [
  /\b(pr|mr)\s+create\b/,
  /\bmerge_request\.create\b/,
  // A call of the REST API that posts: curl -X POST …/pulls, requests.post(…/merge_requests…)
  /^(?=.*(\bpost\b|--data|\s-d\s|--json))(?=.*\/(pulls|merge_requests|pull-requests)\b)/is,
];

/** True for commands and tools that open a pull request; others (`gh pr list`) print addresses of pull requests that are not the agent's. */
export const opensPullRequest = (toolName: string, command: string): boolean =>
  /^create_(\w+_)?(pr|mr|pull_request|merge_request)$/i.test(toolName) ||
  creates.some((pattern) => pattern.test(command));

const pushedLine =
  /^[^\S\r\n]*(?:[+*]\s+)?(?:\[new branch\]|[0-9a-f]{6,40}\.{2,3}[0-9a-f]{6,40})\s+\S+\s+->\s+(\S+)/gm;

/** Branches that `git push` says it pushed: `   1a2b3c4..5d6e7f8  main -> main`, ` * [new branch]  fix -> fix`. Rejected ones are not among them. */
export const findPushes = (command: string, output: string): readonly string[] => {
  if (!/\bgit\b[^\n]*\bpush\b/.test(command) && !/^To \S+$/m.test(output)) return [];
  return [
    ...new Set(
      [...output.matchAll(pushedLine)].map((match) => (match[1] ?? "").replace(/^refs\/heads\//, "")),
    ),
  ];
};
