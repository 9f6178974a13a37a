import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { SlackInteraction } from "@ask-openhands/core/wire/slack.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import * as z from "zod";
import type { PlatformDeps } from "../deps.ts";
import type { SlackRooms } from "./connect.ts";
import { homeActions, homeView } from "./home.ts";
import type { Home } from "./home-team.ts";
import { missingScopes } from "./inspect.ts";
import { ownRuns } from "./own-runs.ts";
import { slackPlace } from "./place.ts";

const shownRuns = 20;

/** App Home of a person, made anew each time it is opened. */
export const createHome = (deps: PlatformDeps, rooms: SlackRooms) => {
  const publish = async (connection: Connection, team: string, user: string): Promise<void> => {
    const author: Author = { platform: "slack", host: team, id: user, name: user, kind: "person" };
    const [self, runs] = await Promise.all([
      rooms.self(connection),
      ownRuns(deps, author, connection.id, shownRuns),
    ]);
    const opened: Mention = {
      key: `slack:${team}:home:${user}`,
      place: slackPlace({ team, channel: user, connection: connection.id }),
      author,
      way: "direct",
      text: "",
      at: new Date(deps.now()).toISOString(),
      change: "new",
      reply: {},
    };
    const last = runs.find(({ repository }) => repository !== undefined)?.repository;
    const own = deps.ownAccounts?.describe(author, deps.workspaceOf(connection.id));
    const view = homeView({
      handle: deps.handles(connection.id)[0] ?? "@openhands",
      own,
      linkUrl: deps.linkFor(opened),
      settingsUrl: `${deps.publicUrl}/`,
      missing: missingScopes(self.scopes),
      runs,
      ...(last === undefined ? {} : { lastRepository: last.name }),
    });
    await rooms.call(connection, "views.publish", { user_id: user, view }, z.looseObject({}));
  };

  /** Does not wait: Slack is answered first, and a Home that could not be drawn is drawn when it is opened again. */
  const show = (connection: Connection, team: string, user: string): void => {
    publish(connection, team, user).catch((error: unknown) => {
      deps.log.warn({ connection: connection.id, error: String(error) }, "App Home not shown");
    });
  };

  return {
    show,
    /** What the buttons there do with one's own account; false when it was another button. */
    async act(body: unknown, { connection, team }: Home): Promise<boolean> {
      const { user, actions } = SlackInteraction.safeParse(body).data ?? {};
      const [action] = actions ?? [];
      const account = { platform: "slack", host: team, id: user?.id ?? "" };
      const workspaceId = deps.workspaceOf(connection.id);
      const picked = action?.selected_option?.value ?? undefined;
      if (action?.action_id === homeActions.unlink) await deps.ownAccounts?.unlink(account, workspaceId);
      else if (action?.action_id === homeActions.clear)
        await deps.ownAccounts?.setDefaultRepository(account, workspaceId, undefined);
      else if (action?.action_id === homeActions.repository && picked !== undefined)
        await deps.ownAccounts?.setDefaultRepository(account, workspaceId, picked);
      else return false;
      if (user) show(connection, team, user.id);
      return true;
    },
  };
};

export type SlackHome = ReturnType<typeof createHome>;
