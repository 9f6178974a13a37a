import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import * as z from "zod";
import type { SlackRooms } from "./connect.ts";

const UserInfo = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().nullish(),
    name: z.string().nullish(),
    real_name: z.string().nullish(),
    is_bot: z.boolean().nullish(),
    is_restricted: z.boolean().nullish(),
    is_ultra_restricted: z.boolean().nullish(),
    is_stranger: z.boolean().nullish(),
    deleted: z.boolean().nullish(),
    profile: z.object({ display_name: z.string().nullish(), real_name: z.string().nullish() }).nullish(),
  }),
});

export interface SlackUser {
  readonly name: string;
  readonly bot: boolean;
  /** Guest, or of another company (Slack Connect). */
  readonly outsider: boolean;
  readonly gone: boolean;
}

/** Milliseconds that a name is kept: names change seldom, rights are asked anew. */
const keptFor = 10 * 60_000;
const mostKept = 2_000;

/** Accounts of the connected workspaces. */
export const createSlackPeople = (rooms: SlackRooms, now: () => number) => {
  const names = new Map<string, { readonly name: string; readonly until: number }>();

  const user = async (connection: Connection, id: string): Promise<SlackUser> => {
    const self = await rooms.self(connection);
    const { user: found } = await rooms.call(connection, "users.info", { user: id }, UserInfo);
    const name =
      found.profile?.display_name || found.profile?.real_name || found.real_name || found.name || id;
    if (names.size >= mostKept) names.clear();
    names.set(`${self.team}:${id}`, { name, until: now() + keptFor });
    return {
      name,
      bot: found.is_bot === true,
      outsider:
        found.is_restricted === true ||
        found.is_ultra_restricted === true ||
        found.is_stranger === true ||
        (!!found.team_id && found.team_id !== self.team),
      gone: found.deleted === true,
    };
  };

  return {
    user,
    /** For showing only: an account that Slack does not tell keeps its id. */
    async nameOf(connection: Connection, id: string): Promise<string> {
      const self = await rooms.self(connection);
      const known = names.get(`${self.team}:${id}`);
      if (known && known.until > now()) return known.name;
      try {
        return (await user(connection, id)).name;
      } catch (error) {
        if (error instanceof Failure) return id;
        throw error;
      }
    },
  };
};

export type SlackPeople = ReturnType<typeof createSlackPeople>;
