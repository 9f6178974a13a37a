import type { Agent } from "@ask-openhands/core/agent/agent.ts";
import { createAgent } from "@ask-openhands/core/agent/create-agent.ts";

/** What a person types to use OpenHands without a bot. */
export interface AgentSettings {
  readonly kind: "cloud" | "server";
  readonly baseUrl: string;
  /** API key of OpenHands Cloud, or session key of an agent server; empty for a server without keys. */
  readonly key: string;
  readonly model?: string | undefined;
  readonly modelKey?: string | undefined;
  readonly modelBaseUrl?: string | undefined;
}

const named = (values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
    ),
  );

/** The same adapters as the bot's, in the shape of a connection that only this browser knows. */
export const makeAgent = ({ kind, baseUrl, key, model, modelKey, modelBaseUrl }: AgentSettings): Agent => {
  const secrets = named({ apiKey: key, sessionKey: key, llmApiKey: modelKey });
  return createAgent(
    {
      id: "direct",
      platform: "openhands",
      host: new URL(baseUrl).host,
      owner: { kind: "person", id: "me" },
      kind,
      name: "OpenHands",
      settings: named({ baseUrl, llmModel: model, llmBaseUrl: modelBaseUrl }),
      secretNames: Object.keys(secrets),
      active: true,
      createdAt: new Date(0).toISOString(),
    },
    { fetch: (input, init) => fetch(input, init), secret: (name) => secrets[name] },
  );
};
