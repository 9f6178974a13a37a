import type { Agent } from "@ask-openhands/core/agent/agent.ts";
import type { Kept } from "../storage.ts";
import { createDirectWay } from "./direct-way.ts";
import { type AgentSettings, makeAgent } from "./make-agent.ts";
import { planLook } from "./plan-look.ts";
import { runList, showBadge } from "./runs.ts";
import { stayAwake } from "./stay-awake.ts";
import { findToken, secretsOf } from "./tokens.ts";
import { Trouble } from "./trouble.ts";
import { keepWithSecrets, readWithSecrets } from "./vault.ts";
import type { Way } from "./way.ts";

const keyName = "agent-key";
const modelKeyName = "agent-model-key";

/** Asks the back end whether address and key are right, before anything is kept. Throws `Trouble`. */
export const checkAgent = async (settings: AgentSettings): Promise<void> => {
  const check = await makeAgent(settings).check();
  if (!check.ok) throw new Trouble(check.detail, check.cure);
};

export const saveAgent = async ({
  kind,
  baseUrl,
  key,
  model,
  modelKey,
  modelBaseUrl,
}: AgentSettings): Promise<void> => {
  const agent = { kind, baseUrl, ...(model && { model }), ...(modelBaseUrl && { modelBaseUrl }) };
  await keepWithSecrets({ agent }, { [keyName]: key, [modelKeyName]: modelKey || undefined });
};

export const forgetAgent = (): Promise<void> =>
  keepWithSecrets({ agent: undefined }, { [keyName]: undefined, [modelKeyName]: undefined });

/** As long as the worker is awake there is one adapter: it counts the requests and remembers what it has stopped. */
let made: { readonly settings: string; readonly agent: Agent } | undefined;

const agentOf = (settings: AgentSettings): Agent => {
  const text = JSON.stringify(settings);
  if (made?.settings !== text) made = { settings: text, agent: makeAgent(settings) };
  return made.agent;
};

/** One for all ways that this waking of the worker makes. */
const busy = new Set<string>();

const wayOf = (kept: NonNullable<Kept["agent"]>, agent: Agent): Way =>
  createDirectWay({
    agent,
    kind: kept.kind,
    baseUrl: kept.baseUrl,
    model: kept.model,
    runs: runList,
    secretsFor: async (platform, host) => {
      const token = await findToken(platform, host);
      return token && secretsOf(token);
    },
    accountAt: async (platform, host) => {
      const { account, scopes } = (await findToken(platform, host))?.kept.status ?? {};
      return scopes && { account: account?.name, scopes: scopes.map((scope) => ({ ...scope })) };
    },
    began: async () => {
      await planLook();
      await showBadge();
    },
    now: Date.now,
    busy,
    awake: stayAwake,
  });

/** Straight to OpenHands with the person's own key, or undefined when none is kept. */
export const findDirect = async (): Promise<Way | undefined> => {
  const { kept, secrets } = await readWithSecrets("agent", [keyName, modelKeyName]);
  const { [keyName]: key, [modelKeyName]: modelKey } = secrets;
  if (kept === undefined || key === undefined) return undefined;
  return wayOf(kept, agentOf({ ...kept, key, modelKey }));
};
