import { isRepositoryName } from "./names.ts";

/** Something in a text that may name a repository; only the code host knows whether it does. */
export interface RepositoryWord {
  /** `owner/name`, `group/sub/project`, `PROJ/repo`. */
  readonly name: string;
  /** Lower case; absent for a bare `owner/name`. */
  readonly host?: string | undefined;
}

const addresses = /\bhttps?:\/\/[^\s<>()[\]{}"'`|\\^]{3,500}/gi;
const sshAddresses = /\b(?:ssh:\/\/)?git@([a-z0-9.-]{1,200})(?::\d{1,5}\/|[:/])([\w.~/-]{3,300})/gi;
const bareNames = /(?<![\w./@:-])[A-Za-z0-9_~][\w.-]{0,99}\/[A-Za-z0-9_][\w.-]{0,99}(?![\w/@-])/g;
const namedLines = /^[^\S\r\n]*(?:repository|repo)[^\S\r\n]*[:=][^\S\r\n]*([\w.~/-]{3,300})[^\S\r\n]*$/gim;

/** What follows the repository in addresses of the sites we know. */
const pageWords = new Set([
  "-",
  "src",
  "tree",
  "blob",
  "pull",
  "pulls",
  "pull-requests",
  "issues",
  "commit",
  "commits",
  "branch",
  "branches",
  "merge_requests",
  "actions",
  "releases",
  "wiki",
  "raw",
  "compare",
  "browse",
]);
const fileEnding =
  /\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|cs|cpp|hpp?|c|md|txt|json|ya?ml|toml|lock|html?|css|s[ac]ss|png|jpe?g|gif|svg|pdf|xml|sh|sql|csv|log|ini|cfg|env)$/i;
const everydayPairs =
  /^(?:and\/or|he\/she|n\/a|w\/o|i\/o|yes\/no|on\/off|true\/false|client\/server|read\/write|input\/output|either\/or|tcp\/ip|ci\/cd|ui\/ux|a\/b)$/i;

const trimmed = (text: string): string =>
  text
    .replace(/[.,;:!?]+$/, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");

const fromAddress = (written: string): RepositoryWord | undefined => {
  const text = trimmed(written);
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const path = url.pathname;
  const dataCenter = /^(.*?)\/(?:projects|users)\/([^/]+)\/repos\/([^/]+)/.exec(path);
  if (dataCenter) {
    const owner = path.includes("/users/") ? `~${dataCenter[2]}` : (dataCenter[2] ?? "");
    return named(`${owner}/${dataCenter[3] ?? ""}`, url.host + (dataCenter[1] ?? ""));
  }
  const scm = /^(.*?)\/scm\/([^/]+)\/([^/]+)$/.exec(path);
  if (scm) return named(`${scm[2] ?? ""}/${trimmed(scm[3] ?? "")}`, url.host + (scm[1] ?? ""));
  const segments = path.split("/").filter(Boolean);
  const end = segments.findIndex((segment, index) => index >= 2 && pageWords.has(segment));
  return named((end < 0 ? segments : segments.slice(0, end)).join("/"), url.host);
};

const named = (written: string, host?: string): RepositoryWord | undefined => {
  const name = trimmed(written);
  if (!isRepositoryName(name)) return undefined;
  return host === undefined ? { name } : { name, host: host.toLowerCase() };
};

const isEveryday = (name: string): boolean => {
  const [owner = "", repository = ""] = name.split("/");
  if (everydayPairs.test(name) || fileEnding.test(repository)) return true;
  // Dates, fractions, versions.
  return /^[\d.]+$/.test(owner) || /^v?[\d.]+$/.test(repository);
};

/** Repositories that a text may name, in order, each once, at most `most`. Pure; linear in the length of the text. */
export const repositoryWords = (text: string, most = 8): readonly RepositoryWord[] => {
  const found = new Map<string, RepositoryWord>();
  const keep = (word: RepositoryWord | undefined): void => {
    if (word === undefined || found.size >= most) return;
    const key = `${word.host ?? ""}|${word.name.toLowerCase()}`;
    if (!found.has(key)) found.set(key, word);
  };
  for (const line of text.matchAll(namedLines)) keep(named(line[1] ?? ""));
  for (const address of text.matchAll(addresses)) keep(fromAddress(address[0]));
  for (const address of text.matchAll(sshAddresses)) keep(named(address[2] ?? "", address[1]));
  const withoutAddresses = text.replace(addresses, " ").replace(sshAddresses, " ");
  for (const name of withoutAddresses.matchAll(bareNames)) {
    const word = trimmed(name[0]);
    if (!isEveryday(word)) keep(named(word));
  }
  return [...found.values()];
};
