import type { ModelSettings } from "./server-start.ts";

export interface ServerFacts {
  /** Connection id. */
  readonly id: string;
  /** Address of the agent server or of Agent Canvas, with or without `/canvas`. */
  readonly baseUrl: string;
  /** Session API key; servers on one's own machine may have none. */
  readonly key?: string | undefined;
  readonly model: ModelSettings;
  readonly workspace?: string | undefined;
  readonly maxSteps?: number | undefined;
}
