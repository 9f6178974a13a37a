import { Failure } from "@ask-openhands/core/failure.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { Log } from "../../log.ts";
import type { Ear } from "./envelope.ts";
import { hear } from "./hear.ts";

/** The mention in a payload that came some other way than by a delivery, or that GitHub kept. One that cannot be read keeps none from being heard. */
export function* hearAgain(event: string, payload: unknown, listening: Ear, log: Log): Iterable<Heard> {
  try {
    const heard = hear(event, payload, listening);
    if (heard.heard === "mention") yield heard;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.debug({ event, error: error.hint }, "a delivery that was sent earlier cannot be read");
  }
}
