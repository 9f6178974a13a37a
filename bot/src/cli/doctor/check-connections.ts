import { agentPlatform } from "@ask-openhands/core/connection/catalog/openhands.ts";
import type { Connection, ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import type { ApiDeps } from "../../api/call.ts";
import { checkConnection } from "../../api/check-connection.ts";
import { hintOf } from "../../api/hint-of.ts";
import { type Check, ok, trouble, unknown } from "./check.ts";

type Deps = Pick<ApiDeps, "people" | "platforms" | "agents" | "catalog" | "fetch" | "now" | "redact">;

const day = 86_400_000;
const soon = 14 * day;
/** A refresh token works once, and this look must not use up the one that the running bot needs. */
const aboutToRefresh = 10 * 60_000;

const nameOf = (deps: Deps, { platform, host, name }: Connection): string =>
  `${deps.platforms.get(platform)?.name ?? agentPlatform.name}: ${name.includes(host) ? name : `${name} (${host})`}`;

const isRenewedElsewhere = (connection: Connection, now: number): boolean => {
  const expiresAt = Date.parse(connection.settings["expiresAt"] ?? "");
  return connection.secretNames.includes("refreshToken") && expiresAt - now < aboutToRefresh;
};

const describeAccount = (status: ConnectionStatus): string => {
  const who = status.account === undefined ? "" : ` as ${status.account.name}`;
  const notes = status.notes === undefined || status.notes.length === 0 ? "" : ` ${status.notes.join("; ")}.`;
  return `${status.tokenKind}${who} works.${notes}`;
};

const scopeChecks = (name: string, status: ConnectionStatus): readonly Check[] =>
  status.scopes
    .filter(({ state }) => state === "missing")
    .map((scope) =>
      trouble(
        name,
        `The right ${scope.name} is missing: ${scope.for} does not work.`,
        "Add it where the credentials were made, then check again.",
      ),
    );

const expiryChecks = (name: string, status: ConnectionStatus, now: number): readonly Check[] => {
  if (status.expiresAt === undefined) return [];
  const left = Date.parse(status.expiresAt) - now;
  if (left > soon) return [];
  const when = status.expiresAt.slice(0, 10);
  return [
    left <= 0
      ? trouble(name, `The credentials ended on ${when}.`, "Make new ones and enter them.")
      : trouble(name, `The credentials end on ${when}.`, "Make new ones before that and enter them."),
  ];
};

const hookChecks = async (deps: Deps, connection: Connection, name: string): Promise<readonly Check[]> => {
  const hooks = deps.platforms.get(connection.platform)?.hooks;
  if (hooks === undefined || connection.owner.kind === "person") return [];
  const label = `Webhooks of ${name}`;
  try {
    const resources = await hooks.list(connection.id);
    const broken = resources.filter(({ state }) => state === "failed" || state === "disabled");
    const installed = resources.filter(({ state }) => state === "installed");
    if (broken.length > 0) {
      return broken.map((one) =>
        trouble(
          label,
          `${one.name}: ${one.error ?? `the webhook is ${one.state}`}.`.replace(/\.\.$/, "."),
          one.missingRight ?? "Repair it on the settings page, under Webhooks.",
        ),
      );
    }
    if (resources.length > 0 && installed.length === 0)
      return [
        unknown(
          label,
          "None is installed; asks there are found by polling, where that is possible.",
          "Install them on the settings page, under Webhooks.",
        ),
      ];
    return [ok(label, `${installed.length} of ${resources.length} installed.`)];
  } catch (cause) {
    return [unknown(label, hintOf(cause, connection.host))];
  }
};

const checkOne = async (deps: Deps, connection: Connection): Promise<readonly Check[]> => {
  const name = nameOf(deps, connection);
  if (isRenewedElsewhere(connection, deps.now()))
    return [unknown(name, "Its sign-in is renewed by the running bot; look at it on the settings page.")];
  const status = await checkConnection(deps, connection);
  if (!status.ok) return [trouble(name, status.problem ?? "The server does not accept it.", status.cure)];
  return [
    ok(name, describeAccount(status)),
    ...scopeChecks(name, status),
    ...expiryChecks(name, status, deps.now()),
    ...(await hookChecks(deps, connection, name)),
  ];
};

/** Every active connection and back end: credentials, rights, expiry, webhooks. */
export const checkConnections = async (deps: Deps): Promise<readonly Check[]> => {
  const all = deps.people.connections.all().filter(({ active }) => active);
  const checks: Check[] = [];
  for (const connection of all) checks.push(...(await checkOne(deps, connection)));
  if (!all.some(({ platform }) => platform !== agentPlatform.id)) {
    checks.push(
      trouble(
        "Platforms",
        "None is connected, so nobody can ask.",
        "Connect GitHub, GitLab or another one on the settings page, or by environment variables (.env.example).",
      ),
    );
  }
  if (!all.some(({ platform }) => platform === agentPlatform.id)) {
    checks.push(
      trouble(
        "OpenHands",
        "No back end is connected, so asks cannot be worked on.",
        "Connect OpenHands on the settings page, or set OPENHANDS_API_KEY or OPENHANDS_SERVER_URL.",
      ),
    );
  }
  return checks;
};
