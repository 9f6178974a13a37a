import * as z from "zod";
import { ExecutionStatus } from "./openhands-event.ts";

/* The app server's V1 API: OpenHands Cloud, Enterprise, and the self-hosted sandbox server. Ids come without dashes. */

const optionalText = z.string().nullish().catch(undefined);

export const StartTask = z.looseObject({
  id: z.string(),
  status: z.string(),
  /** What went wrong when status is ERROR. */
  detail: optionalText,
  app_conversation_id: optionalText,
  sandbox_id: optionalText,
});
export type StartTask = z.infer<typeof StartTask>;
export const StartTasks = z.array(StartTask.nullable());
export const StartTaskPage = z.looseObject({ items: z.array(StartTask) });

export const SandboxStatus = z
  .enum(["STARTING", "RUNNING", "PAUSED", "ERROR", "MISSING"])
  .nullish()
  .catch(undefined);

export const AppConversation = z.looseObject({
  id: z.string(),
  sandbox_id: optionalText,
  sandbox_status: SandboxStatus,
  execution_status: ExecutionStatus,
  /** Where the agent server of its machine answers; only while that runs. */
  conversation_url: optionalText,
  /** Key of that agent server, for nobody else. */
  session_api_key: optionalText,
  selected_repository: optionalText,
  git_provider: optionalText,
  pr_number: z.array(z.number()).nullish().catch(undefined),
  metrics: z
    .looseObject({ accumulated_cost: z.number().nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});
export type AppConversation = z.infer<typeof AppConversation>;
export const AppConversations = z.array(AppConversation.nullable());

export const Sandbox = z.looseObject({
  id: z.string(),
  status: SandboxStatus,
  status_detail: optionalText,
  session_api_key: optionalText,
  exposed_urls: z
    .array(z.looseObject({ name: z.string(), url: z.string() }))
    .nullish()
    .catch(undefined),
});
export type Sandbox = z.infer<typeof Sandbox>;
export const Sandboxes = z.array(Sandbox.nullable());

export const SendResult = z.looseObject({ success: z.boolean().catch(true) });

export const CurrentKey = z.looseObject({ name: optionalText, user_id: optionalText, org_id: optionalText });
/** Of the settings: the server's name for each kind of code host that OpenHands has a token for; `null` is the usual one. */
export const ProviderHosts = z.looseObject({
  provider_tokens_set: z.record(z.string(), z.string().nullable().catch(null)).nullish().catch(undefined),
});
export const AppConversationPage = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });

/** Ids with or without dashes are one. */
export const plainId = (id: string): string => id.replaceAll("-", "").toLowerCase();
