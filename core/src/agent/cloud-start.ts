import type { StartTask } from "../wire/openhands-cloud.ts";
import type { Order } from "./agent.ts";
import type { CloudApi } from "./cloud-api.ts";
import { gitProviderOf } from "./git-providers.ts";
import { contentOf } from "./server-start.ts";

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

const startRequest = (order: Order): Readonly<Record<string, unknown>> => {
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
  return (await api.findTask(order.runId)) ?? (await api.start(startRequest(order)));
};
