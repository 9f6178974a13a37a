import type { Agent } from "@ask-openhands/core/agent/agent.ts";

export interface AgentSettings {
  readonly kind: "cloud" | "server";
  readonly baseUrl: string;
  readonly key: string;
  readonly model?: string | undefined;
  readonly modelKey?: string | undefined;
  readonly modelBaseUrl?: string | undefined;
}

export const makeAgent = (_settings: AgentSettings): Agent => {
  throw new Error("TO COME");
};
