import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import * as z from "zod";
import type { PlatformDeps } from "../deps.ts";
import type { SlackRooms } from "./connect.ts";
import { homeView } from "./home.ts";
import { missingScopes } from "./inspect.ts";
import { slackPlace } from "./place.ts";

const shownRuns = 20;

/** App Home of a person, made anew each time it is opened. */
export const createHome = (deps: PlatformDeps, rooms: SlackRooms) => {
  const publish = async (connection: Connection, team: string, user: string): Promise<void> => {
    const author: Author = { platform: "slack", host: team, id: user, name: user, kind: "person" };
    const [self, runs] = await Promise.all([rooms.self(connection), deps.runsOf(author, shownRuns)]);
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
    const last = runs[0]?.repository;
    const view = homeView({
      handle: deps.handles(connection.id)[0] ?? "@openhands",
      linked: deps.connections.personOf("slack", team, user) !== undefined,
      linkUrl: deps.linkFor(opened),
      settingsUrl: `${deps.publicUrl}/`,
      missing: missingScopes(self.scopes),
      runs,
      ...(last === undefined ? {} : { lastRepository: last.name }),
    });
    await rooms.call(connection, "views.publish", { user_id: user, view }, z.looseObject({}));
  };

  return {
    /** Does not wait: Slack is answered first, and a Home that could not be drawn is drawn when it is opened again. */
    show(connection: Connection, team: string, user: string): void {
      publish(connection, team, user).catch((error: unknown) => {
        deps.log.warn({ connection: connection.id, error: String(error) }, "App Home not shown");
      });
    },
  };
};
