import { Failure } from "../failure.ts";
import type { AgentCheck } from "./agent.ts";
import type { ServerApi } from "./server-api.ts";
import type { ServerFacts } from "./server-facts.ts";

const cures: Readonly<Record<string, string>> = {
  "bad-credentials":
    "Enter the session API key that the server was started with (OH_SESSION_API_KEYS_0; Agent Canvas keeps it in ~/.openhands/agent-canvas/api-key.txt).",
  unavailable: "Check that the agent server runs and that this machine reaches it.",
  "unexpected-reply": "Check the address: it must be the agent server's own, or that of Agent Canvas.",
};

/** Is it there, is it an agent server, is the key right, has it a model? */
export const checkServer = async (api: ServerApi, facts: ServerFacts): Promise<AgentCheck> => {
  try {
    const info = await api.info();
    await api.checkKey();
    const version = info.version;
    if (facts.model.model !== undefined)
      return { ok: true, version, detail: `OpenHands agent server ${version}, model ${facts.model.model}.` };
    const profile = await api.activeProfile();
    if (profile !== undefined)
      return {
        ok: true,
        version,
        detail: `OpenHands agent server ${version}, with its active agent profile.`,
      };
    const cure = "Name a model in the connection, or activate an agent profile on the server.";
    return {
      ok: false,
      version,
      detail: `OpenHands agent server ${version} has no active agent profile, and the connection names no model.`,
      cure,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ok: false, detail: error.hint, cure: cures[error.kind] };
  }
};
