import type { ScriptedConversation } from "@ask-openhands/bot/cli/demo-agent/conversation.ts";

export type SandboxStatus = "STARTING" | "RUNNING" | "PAUSED" | "ERROR" | "MISSING";

export interface CloudConversation {
  readonly id: string;
  readonly sandboxId: string;
  readonly scripted: ScriptedConversation;
  readonly repository: string | null;
  sandbox: SandboxStatus;
  /** Changes with every pause. */
  sessionKey: string;
  prNumbers: number[];
}

export interface Task {
  readonly id: string;
  readonly conversationId: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly queued: (readonly unknown[])[];
  status: string;
  detail: string | null;
  sandboxId: string | null;
}

export type Fields = Readonly<Record<string, unknown>>;

export const phases = [
  "WORKING",
  "WAITING_FOR_SANDBOX",
  "PREPARING_REPOSITORY",
  "RUNNING_SETUP_SCRIPT",
  "SETTING_UP_GIT_HOOKS",
  "SETTING_UP_SKILLS",
  "STARTING_CONVERSATION",
];

/** The app server writes ids without dashes, and takes both. */
export const hex = (id: string): string => id.replaceAll("-", "").toLowerCase();

export const fields = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? { ...value } : {};
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const words = (value: unknown): string | null => (typeof value === "string" ? value : null);
export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));

export const taskJson = (task: Task): Fields => ({
  id: task.id,
  created_by_user_id: null,
  status: task.status,
  detail: task.detail,
  // Known only at the end: who filters by it before finds nothing.
  app_conversation_id: task.status === "READY" ? hex(task.conversationId) : null,
  sandbox_id: task.sandboxId,
  agent_server_url: null,
  request: { ...task.request, conversation_id: hex(task.conversationId) },
  created_at: new Date().toISOString(),
  updated_at: new Date().toISOString(),
});

export const conversationJson = (one: CloudConversation, sandboxUrl: string | undefined): Fields => {
  const awake = one.sandbox === "RUNNING" && sandboxUrl !== undefined;
  return {
    id: one.id,
    created_by_user_id: null,
    sandbox_id: one.sandboxId,
    selected_repository: one.repository,
    pr_number: one.prNumbers,
    metrics: one.scripted.stats["usage_to_metrics"] === undefined ? null : { accumulated_cost: 0 },
    sandbox_status: one.sandbox,
    execution_status: one.sandbox === "RUNNING" ? one.scripted.status : null,
    conversation_url: awake ? `${sandboxUrl}/api/conversations/${one.id}` : null,
    session_api_key: awake ? one.sessionKey : null,
  };
};
