import * as z from "zod";
import { ExecutionStatus, Stats } from "./openhands-event.ts";

/* The agent server (openhands-agent-server), as 1.58 answers. Its own document: `GET /openapi.json` of a running server. */

export const ServerInfo = z.looseObject({
  version: z.string().catch("unknown"),
  usable_tools: z.array(z.string()).catch([]),
  /** `docker`: every conversation has a machine of its own. Absent in older versions. */
  conversation_runtime: z.string().optional().catch(undefined),
});

export const ServerConversation = z.looseObject({
  id: z.string(),
  execution_status: ExecutionStatus,
  stats: Stats.nullish().catch(undefined),
  workspace: z
    .looseObject({ working_dir: z.string().catch("") })
    .optional()
    .catch(undefined),
});
export type ServerConversation = z.infer<typeof ServerConversation>;

export const ServerConversations = z.array(ServerConversation.nullable());

export const FinalResponse = z.looseObject({ response: z.string() });

export const BashOutput = z.looseObject({
  exit_code: z.number().nullish(),
  stdout: z.string().nullish(),
  stderr: z.string().nullish(),
});

export type BashOutput = z.infer<typeof BashOutput>;
