import { Failure } from "../failure.ts";
import type { Order } from "./agent.ts";
import type { ServerApi } from "./server-api.ts";

export interface CloneDeps {
  readonly api: ServerApi;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Folder for the working copies on the server's machine; its home folder when not set. */
  readonly workspace?: string | undefined;
}

type Repository = NonNullable<Order["repository"]>;

/** Long enough for large repositories, short enough to tell the person. */
const cloneSeconds = 900;

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const folderName = (name: string): string =>
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

const whyFailed = (repository: Repository, code: number, output: string): Failure => {
  const what = `${repository.name} could not be cloned on the agent server`;
  if (code === 41)
    return new Failure(
      "bad-input",
      `${repository.name} has no branch "${repository.branch}". Name another with branch=…`,
    );
  if (code === 127 || /git: (command )?not found/i.test(output))
    return new Failure("bad-settings", `${what}: git is not installed there.`);
  if (
    /authentication failed|could not read (username|password)|invalid username|access denied|403/i.test(
      output,
    )
  ) {
    return new Failure(
      "bad-credentials",
      `${what}: ${new URL(repository.cloneUrl).host} does not accept the token that the agent would get.`,
    );
  }
  if (/not found|does not exist/i.test(output))
    return new Failure("not-found", `${what}: it does not exist, or the agent's token may not see it.`);
  if (code === -1) return new Failure("unavailable", `${what} within ${cloneSeconds / 60} minutes.`);
  return new Failure(
    "unavailable",
    `${what}: ${output.trim().split("\n").at(-1)?.slice(0, 200) ?? `git ended with ${code}`}.`,
  );
};

/**
 * What runs on the server. Neither the command nor its output holds the token: both are kept on the server's disk and can be read back through
 * its API. The token comes in a file of its own, in a folder only its user may read, and is gone when this ends, however it ends.
 */
const cloneCommand = (folder: string, name: string, repository: Repository, order: Order): string => {
  const url = checkedUrl(repository);
  const branch = checkedBranch(repository);
  const secret = /^[A-Za-z_]\w*$/.test(order.cloneWith?.secret ?? "") ? (order.cloneWith?.secret ?? "") : "";
  const origin = quote(`credential.${url.origin}.helper`);
  // From now on git asks the agent's environment; the variable is named here, never its value.
  const user = quote(order.cloneWith?.user ?? "git");
  const fromEnvironment = `!f() { test "$1" = get && echo username=${user} && echo "password=$${secret}"; }; f`;
  const fromFile = `!f() { test "$1" = get && cat ${quote(`${folder}/.key/credential`)}; }; f`;
  const withToken = secret === "" ? "" : ` -c ${origin}=${quote(fromFile)}`;
  return [
    `cd ${quote(folder)} || exit 1`,
    `fresh="clone.$$"`,
    `trap 'rm -rf .key "$fresh"' EXIT`,
    `export GIT_TERMINAL_PROMPT=0 LC_ALL=C`,
    `git -c credential.helper=${withToken} clone --quiet -- ${quote(url.href)} "$fresh" || exit $?`,
    ...(branch === undefined ? [] : [`git -C "$fresh" checkout --quiet ${quote(branch)} -- || exit 41`]),
    ...(secret === "" ? [] : [`git -C "$fresh" config ${origin} ${quote(fromEnvironment)}`]),
    `git -C "$fresh" config user.name > /dev/null || git -C "$fresh" config user.name openhands`,
    `git -C "$fresh" config user.email > /dev/null || git -C "$fresh" config user.email openhands@all-hands.dev`,
    `test -e ${quote(name)} || mv "$fresh" ${quote(name)}`,
    `touch .ready`,
  ].join("\n");
};

const folderCommand = (workspace: string | undefined, runId: string): string => {
  const base = workspace === undefined ? '"$HOME"/ask-openhands' : quote(workspace.replace(/\/+$/, ""));
  return `mkdir -p ${base}/${quote(runId)} && cd ${base}/${quote(runId)} && pwd -P && (test -e .ready && echo ready || (rm -rf .key && mkdir -m 700 .key))`;
};

/** Makes the folder that the agent works in, with the repository when there is one. Repeating it keeps what is there. Gives its absolute path. */
export const prepareFolder = async ({ api, sleep, workspace }: CloneDeps, order: Order): Promise<string> => {
  const made = await api.bash(folderCommand(workspace, order.runId), 30);
  const [folder = "", ready] = (made.stdout ?? "").trim().split("\n");
  if (made.exit_code !== 0 || !folder.startsWith("/")) {
    throw new Failure(
      "bad-settings",
      `The agent server cannot make a working folder${workspace === undefined ? "" : ` under ${workspace}`}. Check the folder in its settings.`,
    );
  }
  const { repository, cloneWith } = order;
  if (repository === undefined) return folder;
  const name = folderName(repository.name);
  if (ready === "ready") return `${folder}/${name}`;
  const command = cloneCommand(folder, name, repository, order);
  const token = cloneWith === undefined ? undefined : order.secrets[cloneWith.secret];
  if (token !== undefined)
    await api.upload(
      `${folder}/.key/credential`,
      `username=${cloneWith?.user ?? "git"}\npassword=${token}\n`,
    );
  const id = await api.startBash(command, cloneSeconds);
  for (let wait = 100; ; wait = Math.min(wait * 1.5, 2_000)) {
    await sleep(wait);
    const result = await api.bashResult(id);
    if (result === undefined) continue;
    if (result.code === 0) return `${folder}/${name}`;
    throw whyFailed(repository, result.code, result.stderr + result.stdout);
  }
};
