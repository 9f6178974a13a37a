import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { WebClient } from "@slack/web-api";
import * as z from "zod";
import type { PlatformDeps } from "../deps.ts";
import { sharedIn } from "../shared-in.ts";
import { apiAddress } from "./api-address.ts";
import { slackFailure } from "./failures.ts";
import { slackLogger } from "./logger.ts";
import { createPace } from "./pace.ts";

/** Who we are in a workspace. */
export interface SlackSelf {
  readonly team: string;
  readonly teamName: string;
  readonly user: string;
  readonly bot: string | undefined;
  /** Granted to the token, from the header of any answer. */
  readonly scopes: readonly string[];
}

export interface SlackRooms {
  all(): readonly Connection[];
  byId(id: string): Connection;
  /** The connection of a workspace that is known by now. */
  ofTeam(team: string): Connection | undefined;
  /** The workspace of a connection, when it is known by now. */
  teamOf(connection: Connection): string | undefined;
  forPlace(place: Place): Connection;
  /** Asked once per connection and remembered. */
  self(connection: Connection): Promise<SlackSelf>;
  /** Asks everywhere who we are, where it is not known; what cannot be found out is in the log. */
  knowOurselves(): Promise<void>;
  /** As `self`, asked now. */
  refresh(connection: Connection): Promise<SlackSelf>;
  /** In memory only. */
  isOwn(team: string, id: string): boolean;
  /** One call of the Web API, at Slack's pace. Throws `Failure`. */
  call<T>(
    connection: Connection,
    method: string,
    values: Readonly<Record<string, unknown>>,
    schema: z.ZodType<T>,
    options?: { readonly patient?: boolean | undefined },
  ): Promise<T>;
}

const AuthTest = z.object({
  team_id: z.string(),
  team: z.string().nullish(),
  user_id: z.string(),
  bot_id: z.string().nullish(),
  response_metadata: z.object({ scopes: z.array(z.string()).nullish() }).nullish(),
});

/** Milliseconds until Slack is asked again who we are, after it did not say. */
const afterRefusal = 5_000;

/** The connected workspaces. Clients are loaded when the first one is used. */
export const createRooms = (deps: PlatformDeps): SlackRooms => {
  const selves = new Map<string, SlackSelf>();
  const asking = new Map<string, Promise<SlackSelf>>();
  const clients = new Map<string, Promise<WebClient>>();
  const pace = createPace(deps.now);
  deps.connections.watch("slack", () => {
    selves.clear();
    asking.clear();
    clients.clear();
  });

  let listed: readonly Connection[] | undefined;
  let able: readonly Connection[] = [];
  /** Asked several times for each delivery. */
  const all = (): readonly Connection[] => {
    const now = deps.connections.list("slack");
    if (now !== listed)
      able = now.filter(
        ({ active, secretNames }) =>
          active && (secretNames.includes("botToken") || secretNames.includes("accessToken")),
      );
    listed = now;
    return able;
  };

  const clientOf = (connection: Connection): Promise<WebClient> => {
    const known = clients.get(connection.id);
    if (known) return known;
    const made = import("@slack/web-api").then(
      ({ WebClient }) =>
        new WebClient(
          deps.connections.secret(connection, "botToken") ??
            deps.connections.secret(connection, "accessToken"),
          {
            slackApiUrl: `${apiAddress(connection)}/`,
            fetch: (url, init) => deps.fetch(url, init),
            logger: slackLogger(deps.log),
            // Waiting is the engine's business: it knows what else there is to do.
            rejectRateLimitedCalls: true,
            retryConfig: { retries: 0 },
            timeout: 10_000,
            allowAbsoluteUrls: false,
          },
        ),
    );
    clients.set(connection.id, made);
    return made;
  };

  const call: SlackRooms["call"] = async (connection, method, values, schema, { patient } = {}) => {
    const text = (key: string): string | undefined =>
      typeof values[key] === "string" ? values[key] : undefined;
    const pacing = {
      connection: connection.id,
      method,
      channel: text("channel"),
      message: text("ts") ?? text("thread_ts"),
      patient,
    };
    return pace.take(pacing, async () => {
      try {
        const answer = await (await clientOf(connection)).apiCall(method, { ...values });
        const read = schema.safeParse(answer);
        if (read.success) return read.data;
        throw new Failure("unexpected-reply", `Slack's answer to ${method} has another form than we know.`);
      } catch (thrown) {
        throw slackFailure(thrown, deps.now());
      }
    });
  };

  const ask = async (connection: Connection): Promise<SlackSelf> => {
    try {
      const answer = await call(connection, "auth.test", {}, AuthTest);
      const self: SlackSelf = {
        team: answer.team_id,
        teamName: answer.team ?? answer.team_id,
        user: answer.user_id,
        bot: answer.bot_id ?? undefined,
        scopes: answer.response_metadata?.scopes ?? [],
      };
      selves.set(connection.id, self);
      asking.delete(connection.id);
      return self;
    } catch (cause) {
      // While Slack does not answer, deliveries go on coming: not each of them asks again.
      setTimeout(() => asking.delete(connection.id), afterRefusal).unref();
      throw cause;
    }
  };

  const teamOf = (connection: Connection): string | undefined =>
    selves.get(connection.id)?.team ?? connection.settings["team"];
  const ofTeam = (team: string): Connection | undefined =>
    all().find((connection) => teamOf(connection) === team);

  const self = async (connection: Connection): Promise<SlackSelf> => {
    const known = selves.get(connection.id);
    if (known) return known;
    const underway = asking.get(connection.id) ?? ask(connection);
    asking.set(connection.id, underway);
    return underway;
  };

  return {
    all,
    call,
    self,
    ofTeam,
    teamOf,
    byId(id) {
      const connection = deps.connections.get(id);
      if (connection?.platform === "slack") return connection;
      throw new Failure("not-found", "This Slack connection does not exist any more.");
    },
    forPlace(place) {
      const own = place.connection === undefined ? undefined : deps.connections.get(place.connection);
      const here = all().filter(sharedIn(deps.workspaceOf(place.connection)));
      const found = own?.active === true ? own : here.find((one) => teamOf(one) === place.host);
      if (found) return found;
      throw new Failure(
        "bad-settings",
        "This Slack workspace is not connected any more. Connect it in the settings.",
      );
    },
    async knowOurselves() {
      if (all().every(({ id }) => selves.has(id))) return;
      const asked = await Promise.allSettled(all().map(self));
      for (const one of asked)
        if (one.status === "rejected")
          deps.log.warn({ error: String(one.reason) }, "own Slack account unknown");
    },
    refresh: ask,
    isOwn: (team, id) =>
      all().some((connection) => {
        const self = selves.get(connection.id);
        return self?.team === team && (self.user === id || self.bot === id);
      }),
  };
};
