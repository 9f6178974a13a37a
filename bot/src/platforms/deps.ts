import type { Intake } from "../intake.ts";
import type { Log } from "../log.ts";
import type { Connections } from "../people/connections.ts";

/** What every platform is made from. */
export interface PlatformDeps {
  readonly connections: Connections;
  readonly intake: Intake;
  /** Guarded fetch of the bot: refuses addresses that are not approved; trusts a connection's private CA. */
  readonly fetch: typeof fetch;
  /** Address of this bot as the platforms reach it, without a slash at the end; webhooks are installed with it. */
  readonly publicUrl: string;
  /** Words that call us, for the workspace of a connection. */
  handles(connectionId?: string): readonly string[];
  labels(connectionId?: string): readonly string[];
  readonly log: Log;
  /** Epoch milliseconds. */
  now(): number;
}
