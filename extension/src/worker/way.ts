import type { PagePlace } from "@ask-openhands/core/connection/page-place/page.ts";
import type { Asked, AskInput, PlaceStatus, Preview } from "../messages.ts";
import type { KeptRun } from "../storage.ts";

/** A page that something is asked on, as the background itself read its address. */
export interface AskedPage {
  readonly page: PagePlace;
  /** Address as the browser shows it, with line numbers. */
  readonly url: string;
}

/** One way an ask can take: through the bot, or straight to OpenHands. All throw. */
export interface Way {
  readonly name: "bot" | "direct";
  /** Host that asks go to. */
  readonly destination: string;
  preview(input: AskInput, asked: AskedPage): Promise<Preview>;
  ask(input: AskInput, asked: AskedPage): Promise<Asked>;
  /** News of an ask. */
  follow(kept: KeptRun): Promise<Asked>;
  stop(kept: KeptRun): Promise<Asked>;
  say(kept: KeptRun, text: string): Promise<Asked>;
  retry(kept: KeptRun): Promise<Asked>;
  status(asked: AskedPage): Promise<PlaceStatus>;
}
