import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { SlackManifest } from "@ask-openhands/core/wire/slack.ts";
import * as z from "zod";
import type { PlatformDeps } from "../deps.ts";
import type { SlackRooms } from "./connect.ts";
import { findDrift } from "./drift.ts";

const Bot = z.object({ bot: z.object({ app_id: z.string() }) });
const Exported = z.object({ manifest: SlackManifest });

const make =
  "make one at api.slack.com/apps → Your App Configuration Tokens (it lasts 12 hours) and run the check with SLACK_CONFIG_TOKEN set to it";

/** What can be known of the app's settings at Slack. */
export type SeenSettings = { readonly drift: readonly string[] } | { readonly unseen: string };

/**
 * Compares the app's settings with our manifest. Slack shows them to nobody but the holder of an app configuration token:
 * https://docs.slack.dev/reference/methods/apps.manifest.export
 */
export const seeSettings = async (
  deps: PlatformDeps,
  rooms: SlackRooms,
  connection: Connection,
): Promise<SeenSettings> => {
  const token = deps.connections.secret(connection, "configToken");
  if (!token)
    return {
      unseen: `Which events, commands and shortcuts the app has cannot be seen without an app configuration token: ${make}`,
    };
  try {
    const self = await rooms.self(connection);
    const { bot } = await rooms.call(connection, "bots.info", { bot: self.bot }, Bot);
    const { manifest } = await rooms.call(
      connection,
      "apps.manifest.export",
      { app_id: bot.app_id, token },
      Exported,
    );
    const bySocket = connection.secretNames.includes("appToken");
    const address = `${deps.publicUrl}/webhooks/slack`;
    return {
      drift: findDrift(manifest, { addresses: bySocket ? [] : [address, `${address}/${connection.id}`] }),
    };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    return failure.kind === "bad-credentials"
      ? { unseen: `Slack does not accept the app configuration token: ${make}` }
      : { unseen: `The app's settings could not be read. ${failure.hint.replace(/\.$/, "")}` };
  }
};
