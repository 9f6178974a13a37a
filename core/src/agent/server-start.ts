import { Failure } from "../failure.ts";
import type { Order, Preparation } from "./agent.ts";
import type { Content, ServerApi } from "./server-api.ts";
import { finishFolder, prepareFolder } from "./server-clone.ts";

/** Which model the agent thinks with; without `model` the server's own active agent profile is used (as set up in Agent Canvas). */
export interface ModelSettings {
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly apiMode?: "auto" | "chat" | "responses" | undefined;
  /** How often the server tries a failing model again; it waits 8 to 64 seconds between. */
  readonly retries?: number | undefined;
}

export interface StartDeps {
  readonly api: ServerApi;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly workspace?: string | undefined;
  readonly model: ModelSettings;
  /** Steps after which the server breaks off. */
  readonly maxSteps?: number | undefined;
}

export const contentOf = (text: string, images: readonly string[] | undefined): readonly Content[] => [
  { type: "text", text },
  ...(images === undefined || images.length === 0 ? [] : [{ type: "image" as const, image_urls: images }]),
];

export const staticSecrets = (secrets: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, { kind: "StaticSecret", value }]));

/** How the agent gets at the repository with its token; nothing where it has none. */
export const secretNote = (order: Order, folder: string | undefined): string => {
  const secret = order.cloneWith?.secret;
  const { repository } = order;
  if (repository === undefined || secret === undefined) return "";
  // The server puts a secret into the environment only when a command names it.
  const naming = `Git has no stored password here; it takes the token from \`${secret}\`. Name that variable in the command, for example \`: $${secret}; git push -u origin HEAD\`.`;
  if (folder !== undefined)
    return `\n\nThe repository ${repository.name} is checked out in ${folder}. ${naming}`;
  const branch = repository.branch === undefined ? "" : `, branch ${repository.branch}`;
  return `\n\nFirst clone ${repository.cloneUrl}${branch} into your working directory, with the token in \`${secret}\`; never put its value into the remote's address. ${naming}`;
};

const agentOf = async (
  deps: StartDeps,
  order: Order,
  background: string,
): Promise<Readonly<Record<string, unknown>>> => {
  const { model, baseUrl, apiKey, apiMode, retries } = deps.model;
  const name = order.model ?? model;
  if (model === undefined) {
    const profile = await deps.api.activeProfile();
    if (profile === undefined) {
      throw new Failure(
        "bad-settings",
        "The agent server has no active agent profile, and the connection names no model. Set one of them.",
      );
    }
    const addition = {
      system_message_suffix_append: background.slice(0, 32_768),
      ...(order.model === undefined ? {} : { llm_profile_ref: order.model }),
    };
    return { agent_profile_id: profile, agent_launch_additions: addition };
  }
  const llm = {
    model: name,
    usage_id: "agent",
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
    ...(apiKey === undefined ? {} : { api_key: apiKey }),
    ...(apiMode === undefined ? {} : { api_mode: apiMode }),
    ...(retries === undefined ? {} : { num_retries: retries }),
  };
  const tools = ["terminal", "file_editor", "task_tracker"].map((tool) => ({ name: tool }));
  const agent_context = { system_message_suffix: background, load_project_skills: true };
  return { agent_settings: { agent_kind: "openhands", llm, tools, agent_context } };
};

// With a machine for every conversation there is nowhere to clone before the start: the agent does it itself.
const hasOwnMachines = async ({ api }: StartDeps): Promise<boolean> =>
  (await api.info()).conversation_runtime === "docker";

/** The folder with the repository, as far as it comes within seconds. */
export const prepareOnServer = async (deps: StartDeps, order: Order): Promise<Preparation> =>
  (await hasOwnMachines(deps)) ? { state: "ready" } : prepareFolder(deps, order);

/** Folder, repository, conversation: every part may be repeated, so that a start that broke off anywhere can be started again. */
export const startOnServer = async (
  deps: StartDeps,
  order: Order,
): Promise<{ readonly workingDir: string }> => {
  const folder = (await hasOwnMachines(deps)) ? undefined : await finishFolder(deps, order);
  const workingDir = folder ?? "/workspace/project";
  const background = order.background + secretNote(order, folder);
  await deps.api.start({
    conversation_id: order.runId,
    workspace: { kind: "LocalWorkspace", working_dir: workingDir },
    ...(await agentOf(deps, order, background)),
    initial_message: { role: "user", content: contentOf(order.prompt, order.images), run: true },
    confirmation_policy: { kind: "NeverConfirm" },
    ...(deps.maxSteps === undefined ? {} : { max_iterations: deps.maxSteps }),
    autotitle: false,
    secrets: staticSecrets(order.secrets),
    // Not by PATCH after the start: that waits for the agent's running step, which may take minutes.
    tags: { origin: "askopenhands", title: order.title.slice(0, 256) },
  });
  return { workingDir };
};
