import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/**
 * Workspaces that a delivery names, the one through which it reached us first: in channels shared with another company (Slack Connect)
 * `team_id` is where it happened, and the installation that may see it stands in `authorizations`.
 * https://docs.slack.dev/apis/slack-connect/using-slack-connect-api/
 */
export const teamsOf = (body: Fields): readonly string[] => {
  const [installation] = Array.isArray(body["authorizations"]) ? body["authorizations"] : [];
  const named = [
    body["context_team_id"],
    fieldsOf(installation)["team_id"],
    body["team_id"],
    fieldsOf(body["team"])["id"],
    fieldsOf(body["user"])["team_id"],
  ];
  return named.flatMap((team) => textOf(team) ?? []);
};

/** Where a delivery belongs: the installation that it reached us through, and its workspace. */
export interface Home {
  readonly connection: Connection;
  /** Workspace id: `T0123`. */
  readonly team: string;
}

/** The same delivery, told as by the workspace where the app is installed. */
export const toldBy = (body: Fields, { team }: Home): Fields => ({
  ...body,
  team_id: team,
  ...(body["team"] === undefined ? {} : { team: { ...fieldsOf(body["team"]), id: team } }),
});

/**
 * The installation that a delivery speaks for, among those whose secret it was signed with: nobody speaks for a workspace that another app
 * is installed in. A single one takes also what happened to us in the foreign workspace of a shared channel. Throws `unavailable` while
 * Slack does not say whose the installation is: guessed from the delivery, one could claim another's.
 */
export const findHome = (
  body: Fields,
  may: readonly Connection[],
  teamOf: (connection: Connection) => string | undefined,
): Home | undefined => {
  const homes = may.flatMap((connection) => {
    const team = teamOf(connection);
    return team === undefined ? [] : [{ connection, team }];
  });
  const [named] = teamsOf(body).flatMap((team) => homes.find((home) => home.team === team) ?? []);
  if (named !== undefined) return named;
  if (homes.length < may.length)
    throw new Failure(
      "unavailable",
      "Slack does not say at the moment which workspace the app is installed in.",
    );
  return homes.length === 1 ? homes[0] : undefined;
};
