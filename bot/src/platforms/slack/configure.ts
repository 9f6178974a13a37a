import { Failure } from "@ask-openhands/core/failure.ts";
import { SlackCommand, SlackInteraction } from "@ask-openhands/core/wire/slack.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import * as z from "zod";
import type { PlatformDeps } from "../deps.ts";
import type { Reply } from "./bolt.ts";
import { configForm, configFormView } from "./config-form.ts";
import type { SlackRooms } from "./connect.ts";
import { formFields } from "./hear-interaction.ts";
import type { Home } from "./home-team.ts";
import { isDirect } from "./place.ts";

/** `/openhands config` for maintainers. Everybody gets the settings in words; a maintainer also the form. */
export const createConfigure = (deps: PlatformDeps, rooms: SlackRooms) => ({
  /** Opens the form when the person may use it. The command is answered in words either way. */
  async open(mention: Mention, body: unknown): Promise<void> {
    const command = SlackCommand.safeParse(body).data;
    const connection = rooms.forPlace(mention.place);
    const { channel = "" } = mention.place.address;
    if (!command?.trigger_id || isDirect(channel)) return;
    if (deps.roomSettings?.mayChange(mention.author, connection.id) !== true) return;
    const repository = deps
      .defaultRepositories(connection.id)
      .map((pair) => pair.trim())
      .find((pair) => pair.startsWith(`${channel}=`))
      ?.slice(channel.length + 1);
    const view = configFormView({ channel, channelName: command.channel_name ?? undefined, repository });
    try {
      await rooms.call(connection, "views.open", { trigger_id: command.trigger_id, view }, z.looseObject({}));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      deps.log.warn({ connection: connection.id, hint: error.hint }, "channel settings not opened");
    }
  },

  /** Saves the form; `undefined` when it is another one. */
  async save(body: unknown, { connection, team }: Home): Promise<Reply | "another form"> {
    const { view, user } = SlackInteraction.safeParse(body).data ?? {};
    if (view?.callback_id !== configForm) return "another form";
    if (!user || !view.private_metadata) return undefined;
    const author: Author = { platform: "slack", host: team, id: user.id, name: user.id, kind: "person" };
    const [field] = Object.values(view.state?.values[formFields.repository] ?? {});
    const repository = field?.selected_option?.value ?? undefined;
    const saved = await deps.roomSettings?.setRepository(
      author,
      connection.id,
      view.private_metadata,
      repository,
    );
    return saved === true
      ? undefined
      : {
          response_action: "errors",
          errors: { [formFields.repository]: "Only a maintainer of the workspace may change this." },
        };
  },
});
