import { Failure } from "../failure.ts";
import type { Order } from "./agent.ts";

export type Repository = NonNullable<Order["repository"]>;

/** What a clone ends with when another one is at work in the same folder. */
export const isElsewhere = 75;
/** What a clone ends with when the branch is not there. */
export const hasNoBranch = 41;

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export const folderName = (name: string): string =>
  (name.split("/").at(-1) ?? "").replace(/[^A-Za-z0-9._-]/g, "-").replace(/^[.-]+/, "") || "repository";

const checkedUrl = (repository: Repository): URL => {
  const url = URL.canParse(repository.cloneUrl) ? new URL(repository.cloneUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "") {
    throw new Failure(
      "bad-settings",
      `The clone address of ${repository.name} is not a plain https address.`,
    );
  }
  return url;
};

const checkedBranch = (repository: Repository): string | undefined => {
  const branch = repository.branch;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git refuses them, and so do we before a shell sees them.
  if (branch !== undefined && /^-|[\u0000-\u0020~^:?*[\\]|\.\./.test(branch)) {
    throw new Failure("bad-input", `"${branch}" cannot be the name of a branch.`);
  }
  return branch;
};

/**
 * What runs on the server. Neither the command nor its output holds the token: both are kept on the server's disk and can be read back through
 * its API. The token comes in a file of its own, in a folder only its user may read, and is gone when this ends, however it ends.
 * `.cloning` says who is at work, and how it failed, to whoever asks later: a process of ours may end, or give up waiting, long before a clone does.
 */
export const cloneCommand = (folder: string, key: string, repository: Repository, order: Order): string => {
  const url = checkedUrl(repository);
  const branch = checkedBranch(repository);
  const name = folderName(repository.name);
  const secret = /^[A-Za-z_]\w*$/.test(order.cloneWith?.secret ?? "") ? (order.cloneWith?.secret ?? "") : "";
  const origin = quote(`credential.${url.origin}.helper`);
  // From now on git asks the agent's environment; the variable is named here, never its value.
  const user = quote(order.cloneWith?.user ?? "git");
  const fromEnvironment = `!f() { test "$1" = get && echo username=${user} && echo "password=$${secret}"; }; f`;
  const fromFile = `!f() { test "$1" = get && cat ${quote(`${folder}/${key}/credential`)}; }; f`;
  const withToken = secret === "" ? "" : ` -c ${origin}=${quote(fromFile)}`;
  return [
    `cd ${quote(folder)} || exit 1`,
    `mkdir .cloning 2> /dev/null || { rm -rf ${key}; exit ${isElsewhere}; }`,
    `echo "$$ $(date +%s)" > .cloning/by`,
    `fresh="clone.$$"`,
    `exec 3>&2 2> .cloning/log`,
    `ended() { code=$1; rm -rf ${key} "$fresh"; cat .cloning/log >&3; if test "$code" = 0; then rm -rf .cloning; else echo "$code" > .cloning/code; fi; }`,
    `trap 'ended $?' EXIT`,
    `export GIT_TERMINAL_PROMPT=0 LC_ALL=C`,
    `git -c credential.helper=${withToken} clone --quiet -- ${quote(url.href)} "$fresh" || exit $?`,
    ...(branch === undefined
      ? []
      : [`git -C "$fresh" checkout --quiet ${quote(branch)} -- || exit ${hasNoBranch}`]),
    ...(secret === "" ? [] : [`git -C "$fresh" config ${origin} ${quote(fromEnvironment)}`]),
    `git -C "$fresh" config user.name > /dev/null || git -C "$fresh" config user.name openhands`,
    `git -C "$fresh" config user.email > /dev/null || git -C "$fresh" config user.email openhands@all-hands.dev`,
    `test -e ${quote(name)} || mv "$fresh" ${quote(name)}`,
    `touch .ready`,
  ].join("\n");
};

/** Forgets how a clone ended. */
export const clearCommand = (folder: string): string => `rm -rf ${quote(`${folder}/.cloning`)}`;

/** How it stands in a folder: what the command below prints after the folder's path. */
export type Standing =
  | { readonly is: "ready" | "cloning" | "free" }
  /** `code` is absent when it was ended from outside. `seconds` since it began. */
  | {
      readonly is: "ended";
      readonly code: number | undefined;
      readonly seconds: number;
      readonly output: string;
    };

export interface FolderLook {
  /** Absolute. */
  readonly folder: string;
  readonly standing: Standing;
}

/**
 * Makes the folder of a run and tells how it stands there. A process number may be somebody else's by now, so nobody is believed to be at work longer than
 * `seconds`. With `key` a clone is about to begin: what ended is told once and cleared away, and where nothing is there or at work a folder for the token is made.
 */
export const folderCommand = (
  workspace: string | undefined,
  runId: string,
  seconds: number,
  key?: string,
): string => {
  const base = workspace === undefined ? '"$HOME"/ask-openhands' : quote(workspace.replace(/\/+$/, ""));
  return [
    `mkdir -p ${base}/${quote(runId)} && cd ${base}/${quote(runId)} && pwd -P || exit 1`,
    `test -e .ready && echo ready && exit 0`,
    `if test -d .cloning; then`,
    `  pid= since=; read -r pid since 2> /dev/null < .cloning/by`,
    `  age=$(( $(date +%s) - \${since:-$(date +%s)} ))`,
    `  if ! test -e .cloning/code; then`,
    `    test -z "$pid" && test -n "$(find .cloning -prune -mmin -1)" && echo cloning && exit 0`,
    `    test -n "$pid" && test "$age" -le ${seconds} && kill -0 "$pid" 2> /dev/null && echo cloning && exit 0`,
    `  fi`,
    `  echo "ended $(cat .cloning/code 2> /dev/null || echo none) $age"`,
    `  tail -c 4000 .cloning/log 2> /dev/null`,
    ...(key === undefined ? [] : [`  rm -rf .cloning .key* clone.*`]),
    `  exit 0`,
    `fi`,
    ...(key === undefined
      ? []
      : // What is older is a token that was brought and never used.
        [`find .key* -prune -mmin +5 -exec rm -rf {} + 2> /dev/null`, `mkdir -m 700 ${key} || exit 1`]),
    `echo free`,
  ].join("\n");
};

/** `undefined`: there is no such folder. */
export const readFolder = (output: string): FolderLook | undefined => {
  const [folder = "", word = "", ...log] = output.trim().split("\n");
  if (!folder.startsWith("/")) return undefined;
  if (word === "ready" || word === "cloning") return { folder, standing: { is: word } };
  const [, code, seconds] = /^ended (\d+|none) (\d+)$/.exec(word) ?? [];
  if (code === undefined) return { folder, standing: { is: "free" } };
  return {
    folder,
    standing: {
      is: "ended",
      code: code === "none" ? undefined : Number(code),
      seconds: Number(seconds),
      output: log.join("\n"),
    },
  };
};
