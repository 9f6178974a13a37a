import type { WorkspaceSettings } from "@ask-openhands/core/connection/workspace-settings.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { platforms } from "../platforms/index.ts";
import { type Explanation, explainDelivery } from "./explain-delivery.ts";
import { quietDeps } from "./quiet-deps.ts";
import { readPayload } from "./read-payload.ts";

export interface SavedDelivery {
  readonly platform: string;
  readonly text: string;
  /** What the text is called in a sentence: a file's name, `The input`. */
  readonly name: string;
  /** As the platform's event header says, where the text does not hold it. */
  readonly event?: string | undefined;
  /** The server that sent it, where the payload does not say. */
  readonly host?: string | undefined;
}

/** What `explain` tells of a saved delivery. A `Failure` names what is wrong with it. */
export const explainPayload = (
  { platform, text, name, event, host }: SavedDelivery,
  settings: WorkspaceSettings,
): Explanation => {
  const entry = platforms.find(({ id }) => id === platform);
  if (!entry)
    throw new Failure(
      "bad-input",
      `"${platform}" is not a platform; there are ${platforms.map(({ id }) => id).join(", ")}.`,
    );
  const { headers, body } = readPayload(text, name, event);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new Failure("bad-input", "The payload is no JSON object.");
  const heard = entry.create(quietDeps(settings)).explain(headers, body, host);
  return explainDelivery(heard, settings);
};
