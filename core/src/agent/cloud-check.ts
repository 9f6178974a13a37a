import { Failure } from "../failure.ts";
import type { AgentCheck } from "./agent.ts";
import type { CloudApi } from "./cloud-api.ts";
import type { CloudFacts } from "./cloud-facts.ts";
import { undefinedFor } from "./undefined-for.ts";

const cures: Readonly<Record<string, string>> = {
  "bad-credentials": "Make a new API key in OpenHands under Settings, API Keys, and enter it here.",
  "not-allowed":
    "Verify the account's e-mail address in OpenHands, or use a key of an account that may use its API.",
  unavailable: "Check the address, and that this machine reaches it.",
  "unexpected-reply":
    "Check the address: it must be that of OpenHands itself, like https://app.all-hands.dev.",
};

/** Is it there, is it an app server, is the key right? */
export const checkCloud = async (api: CloudApi, facts: CloudFacts): Promise<AgentCheck> => {
  try {
    await api.anyConversation();
    if (facts.auth === "session-key")
      return { ok: true, detail: "OpenHands app server, reached with its session key." };
    // Only says more about the key: an answer above means that it works.
    const name = (await api.currentKey().catch(undefinedFor))?.name ?? undefined;
    return {
      ok: true,
      detail:
        name === undefined
          ? "OpenHands, reached with its API key."
          : `OpenHands, reached with the API key "${name}".`,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ok: false, detail: error.hint, cure: cures[error.kind] };
  }
};
