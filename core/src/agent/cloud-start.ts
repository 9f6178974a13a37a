import type { StartTask } from "../wire/openhands-cloud.ts";
import type { RepositoryFacts } from "../work/thread.ts";
import type { Order } from "./agent.ts";
import type { CloudApi } from "./cloud-api.ts";
import { gitProviderOf } from "./git-providers.ts";
import { contentOf, secretNote } from "./server-start.ts";
import { undefinedFor } from "./undefined-for.ts";

const phases: Readonly<Record<string, string>> = {
  WORKING: "Preparing",
  WAITING_FOR_SANDBOX: "Waiting for a machine",
  PREPARING_REPOSITORY: "Cloning the repository",
  RUNNING_SETUP_SCRIPT: "Running the repository's setup script",
  SETTING_UP_GIT_HOOKS: "Setting up git hooks",
  SETTING_UP_SKILLS: "Reading the repository's skills",
  STARTING_CONVERSATION: "Starting the agent",
};

/** A start task's status in words. */
export const phaseOf = (task: StartTask): string => phases[task.status] ?? "Preparing";

const hostIn = (address: string | null | undefined): string | undefined =>
  address ? (URL.parse(address)?.host || address.replace(/\/.*$/, "")).toLowerCase() : undefined;

/** Whether OpenHands finds the repository by its name, which it looks up on one server of each kind: another one may have somebody else's repository of that name. */
const isFound = async (api: CloudApi, { platform, host }: RepositoryFacts): Promise<boolean> => {
  const provider = gitProviderOf(platform);
  if (provider === undefined || host === provider.host) return provider !== undefined;
  const hosts = await api.providerHosts().catch(undefinedFor);
  return hostIn(hosts?.[provider.name]) === host;
};

/** What the agent is told about a repository that it clones by itself. */
const cloneNote = (order: Order): string =>
  secretNote(order, undefined) ||
  `\n\nFirst clone ${order.repository?.cloneUrl} into your working directory.`;

const startRequest = (given: Order, found: boolean): Readonly<Record<string, unknown>> => {
  const clones = given.repository !== undefined && !found;
  const order: Order = clones
    ? { ...given, background: given.background + cloneNote(given), repository: undefined }
    : given;
  const { repository, model } = order;
  const provider = repository === undefined ? undefined : gitProviderOf(repository.platform);
  return {
    // Our own id: makes a repeated start recognisable, and names the conversation before it is ready.
    conversation_id: order.runId,
    title: order.title,
    initial_message: { role: "user", content: contentOf(order.prompt, order.images), run: true },
    system_message_suffix: order.background,
    secrets: order.secrets,
    trigger: "openhands_api",
    ...(repository === undefined ? {} : { selected_repository: repository.name }),
    ...(repository?.branch === undefined ? {} : { selected_branch: repository.branch }),
    ...(provider === undefined ? {} : { git_provider: provider.name }),
    ...(model === undefined ? {} : { llm_model: model }),
  };
};

/**
 * Starts a conversation, or finds the one that an earlier try started: asking again with the same id would build it a second time. `undefined`:
 * it is there already, with nothing left to prepare.
 */
export const startInCloud = async (api: CloudApi, order: Order): Promise<StartTask | undefined> => {
  const [known] = await api.conversations([order.runId]);
  if (known !== null && known !== undefined) return undefined;
  const task = await api.findTask(order.runId);
  if (task !== undefined) return task;
  const found = order.repository !== undefined && (await isFound(api, order.repository));
  return api.start(startRequest(order, found));
};
