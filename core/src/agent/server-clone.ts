import { Failure } from "../failure.ts";
import type { Order, Preparation } from "./agent.ts";
import {
  clearCommand,
  cloneCommand,
  type FolderLook,
  folderCommand,
  folderName,
  hasNoBranch,
  isElsewhere,
  type Repository,
  readFolder,
} from "./clone-script.ts";
import type { ServerApi } from "./server-api.ts";

export interface CloneDeps {
  readonly api: ServerApi;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Folder for the working copies on the server's machine; its home folder when not set. */
  readonly workspace?: string | undefined;
}

/** Long enough for large repositories, short enough to tell the person. */
const cloneSeconds = 900;
/** Beyond its time a clone is ended by the server; the rest is for clocks and slow machines. */
const mostSeconds = cloneSeconds + 60;
/** Most clones are done by then, in milliseconds; what takes longer is asked about again. */
const patience = 2_000;

const whyFailed = (repository: Repository, code: number, output: string): Failure => {
  const what = `${repository.name} could not be cloned on the agent server`;
  if (code === hasNoBranch)
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
  const last = output.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
  return new Failure("unavailable", `${what}: ${last === "" ? `git ended with ${code}` : last}.`);
};

/** Cloning it again would take as long again, and leave the person waiting. */
const tookTooLong = (repository: Repository): Failure =>
  new Failure(
    "bad-settings",
    `${repository.name} could not be cloned on the agent server within ${cloneSeconds / 60} minutes: it is too large for that machine's network or disk.`,
  );

type Prepared =
  | Exclude<Preparation, { readonly state: "ready" }>
  | { readonly state: "ready"; readonly folder: string };

const underWay = ({ name }: Repository): Prepared => ({
  state: "under-way",
  phase: `Cloning ${name}, which may take up to ${cloneSeconds / 60} minutes`,
});

const failed = (failure: Failure): Prepared => ({ state: "failed", failure });

const lookAt = async ({ api, workspace }: CloneDeps, runId: string, key?: string): Promise<FolderLook> => {
  const made = await api.bash(folderCommand(workspace, runId, mostSeconds, key), 30);
  const look = made.exit_code === 0 ? readFolder(made.stdout ?? "") : undefined;
  if (look !== undefined) return look;
  throw new Failure(
    "bad-settings",
    `The agent server cannot make a working folder${workspace === undefined ? "" : ` under ${workspace}`}. Check the folder in its settings.`,
  );
};

/** How the command ended, when it does within the time that most clones take. */
const endOf = async ({ api, sleep }: CloneDeps, id: string): ReturnType<ServerApi["bashResult"]> => {
  for (let wait = 100, waited = 0; waited < patience; wait *= 1.5) {
    await sleep(wait);
    waited += wait;
    const result = await api.bashResult(id);
    if (result !== undefined) return result;
  }
  return undefined;
};

const beginClone = async (
  deps: CloneDeps,
  order: Order,
  repository: Repository,
  { folder, key }: { readonly folder: string; readonly key: string },
): Promise<Prepared> => {
  const { api } = deps;
  const { cloneWith } = order;
  const command = cloneCommand(folder, key, repository, order);
  const token = cloneWith === undefined ? undefined : order.secrets[cloneWith.secret];
  if (token !== undefined)
    await api.upload(
      `${folder}/${key}/credential`,
      `username=${cloneWith?.user ?? "git"}\npassword=${token}\n`,
    );
  const end = await endOf(deps, await api.startBash(command, cloneSeconds));
  if (end === undefined || end.code === isElsewhere) return underWay(repository);
  if (end.code === 0) return { state: "ready", folder: `${folder}/${folderName(repository.name)}` };
  // It is told now, and not again to whoever looks next.
  await api.bash(clearCommand(folder), 30);
  return failed(whyFailed(repository, end.code, end.stderr + end.stdout));
};

/**
 * Makes the folder that the agent works in, with the repository when there is one. Repeating it keeps what is there and waits for a clone that is under way,
 * whoever began it. Gives the folder's absolute path.
 */
export const prepareFolder = async (deps: CloneDeps, order: Order): Promise<Prepared> => {
  const { repository, runId } = order;
  // Of its own, so that a try whose end was not waited for takes no other's token away.
  const key = repository === undefined ? undefined : `.key-${crypto.randomUUID()}`;
  const { folder, standing } = await lookAt(deps, runId, key);
  if (repository === undefined || key === undefined) return { state: "ready", folder };
  if (standing.is === "ended") {
    const { code, seconds, output } = standing;
    const wasBrokenOff = code === undefined || code > 128;
    if (wasBrokenOff && seconds >= cloneSeconds) return failed(tookTooLong(repository));
    // The machine was started anew in the middle of it: what was left is cleared away now.
    return code === undefined ? prepareFolder(deps, order) : failed(whyFailed(repository, code, output));
  }
  if (standing.is === "ready") return { state: "ready", folder: `${folder}/${folderName(repository.name)}` };
  if (standing.is === "cloning") return underWay(repository);
  return beginClone(deps, order, repository, { folder, key });
};

/** True while a clone for this run is under way. */
export const isCloning = async (deps: CloneDeps, runId: string): Promise<boolean> =>
  (await lookAt(deps, runId)).standing.is === "cloning";

/** The same, to its end. */
export const finishFolder = async (deps: CloneDeps, order: Order): Promise<string> => {
  for (let wait = 500; ; wait = Math.min(wait * 1.5, 5_000)) {
    const prepared = await prepareFolder(deps, order);
    if (prepared.state === "ready") return prepared.folder;
    if (prepared.state === "failed") throw prepared.failure;
    await deps.sleep(wait);
  }
};
