import { githubEvents, githubKinds } from "@ask-openhands/core/connection/catalog/github.ts";
import type { Connection, ConnectionStatus, ScopeState } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Client } from "./client.ts";
import { type Doors, isApp } from "./connect.ts";
import type { Repositories } from "./repositories.ts";
import { splitName } from "./spots.ts";

type Scope = ConnectionStatus["scopes"][number];

const scopesOf = (kind: string) => githubKinds.find((one) => one.kind === kind)?.scopes ?? [];

/** `issues: write` → name and least level. */
const parts = (scope: string): readonly [string, string] => {
  const [name = "", level = "read"] = scope.split(": ");
  return [name, level];
};

const stateOf = (granted: string | undefined, level: string): ScopeState =>
  granted === "write" || granted === "admin" || granted === level ? "present" : "missing";

export function createInspect(doors: Doors, repositories: Repositories, now: () => number) {
  const inspectApp = async (connection: Connection): Promise<ConnectionStatus> => {
    const client = await doors.asApp(connection);
    const [{ data: app }, { data: installations }] = await Promise.all([
      client.rest.apps.getAuthenticated(),
      client.rest.apps.listInstallations({ per_page: 100 }),
    ]);
    if (!app) throw new Failure("unexpected-reply", `GitHub (${connection.host}) does not know our App.`);
    const holders = [app.permissions, ...installations.map((one) => one.permissions)].map(
      (permissions): Readonly<Record<string, string | undefined>> => ({ ...permissions }),
    );
    const scopes = scopesOf("app").map(({ name, for: purpose }): Scope => {
      const [permission, level] = parts(name);
      const everywhere = holders.every((granted) => stateOf(granted[permission], level) === "present");
      return { name, state: everywhere ? "present" : "missing", for: purpose };
    });
    const events = githubEvents.map(
      (name): Scope => ({
        name: `event ${name}`,
        state: app.events.includes(name) ? "present" : "missing",
        for: "hearing asks",
      }),
    );
    const optional = new Set(scopesOf("app").flatMap((one) => (one.optional ? [one.name] : [])));
    const missing = [...scopes, ...events].filter(
      ({ state, name }) => state === "missing" && !optional.has(name),
    );
    const notes = installations.map((one) => {
      const account = one.account && "login" in one.account ? one.account.login : "an enterprise";
      const which = one.repository_selection === "all" ? "all repositories" : "selected repositories";
      return `Installed on ${account} (${one.id}), ${which}${one.suspended_at ? ", suspended" : ""}: ${one.html_url}`;
    });
    return {
      ok: missing.length === 0 && installations.length > 0,
      account: { id: String(app.id), name: `${app.slug}[bot]`, url: app.html_url },
      tokenKind: "GitHub App",
      scopes: [...scopes, ...events],
      checkedAt: new Date(now()).toISOString(),
      notes,
      ...problemOfApp(missing, installations.length, app.html_url),
    };
  };

  const inspectToken = async (connection: Connection): Promise<ConnectionStatus> => {
    const client = await doors.into(connection, "");
    if (!client) throw new Failure("bad-settings", "This connection has no token.");
    const { data: user, headers } = await client.rest.users.getAuthenticated();
    const granted = headers["x-oauth-scopes"];
    const classic = granted !== undefined;
    const scopes = classic ? classicScopes(granted) : await fineGrainedScopes(client, connection);
    const expiry = expiryOf(headers["github-authentication-token-expiration"]);
    const needed = scopes.filter(({ state, name }) => state === "missing" && name !== "workflow");
    const isBlind =
      !connection.settings["repositories"] && (await repositories.repositoriesOf(connection, 1)).length === 0;
    return {
      ok: needed.length === 0 && !isBlind,
      account: { id: String(user.id), name: user.login, url: user.html_url },
      tokenKind: classic ? "classic personal access token" : "fine-grained personal access token",
      scopes,
      checkedAt: new Date(now()).toISOString(),
      ...(expiry ? { expiresAt: expiry } : {}),
      ...(isBlind
        ? {
            problem: "The token sees no repository, and none is named, so nothing is heard.",
            cure: "Give the token repositories on GitHub, or name them (GITHUB_REPOSITORIES).",
          }
        : {}),
      ...(needed.length > 0
        ? {
            problem: `The token lacks ${needed.map(({ name }) => name).join(", ")}.`,
            cure: "Edit the token on GitHub, or make a new one with these.",
          }
        : {}),
    };
  };

  /** GitHub lists nothing for these tokens. Each write is tried in a way that GitHub must refuse: as invalid (422) when the right is there, as forbidden when not. */
  const fineGrainedScopes = async (client: Client, connection: Connection): Promise<readonly Scope[]> => {
    const named = connection.settings["repositories"]?.split(",")[0]?.trim();
    const first = named || (await repositories.repositoriesOf(connection, 1))[0]?.full_name;
    const wanted = scopesOf("token").filter(({ name }) => name.includes(": "));
    if (!first) return wanted.map(({ name, for: purpose }) => ({ name, state: "unknown", for: purpose }));
    const path = { ...splitName(first) };
    const probes: Readonly<Record<string, () => Promise<unknown>>> = {
      "metadata: read": () => client.rest.repos.get(path),
      "contents: write": () =>
        client.rest.git.createRef({ ...path, ref: "refs/heads/ask-openhands-probe", sha: "0".repeat(40) }),
      "issues: write": () => client.rest.issues.createLabel({ ...path, name: "" }),
      "pull_requests: write": () =>
        client.rest.pulls.create({
          ...path,
          title: "Probe",
          head: "ask-openhands-no-such-branch",
          base: "ask-openhands-no-such-branch",
        }),
    };
    return Promise.all(
      wanted.map(async ({ name, for: purpose }) => ({
        name,
        state: await probed(probes[name]),
        for: purpose,
      })),
    );
  };

  return async (connectionId: string): Promise<ConnectionStatus> => {
    const connection = doors.byId(connectionId);
    const looking = isApp(connection) ? inspectApp(connection) : inspectToken(connection);
    return looking.catch((error: unknown) => {
      if (!(error instanceof Failure) || error.passing) throw error;
      return {
        ok: false,
        tokenKind: isApp(connection) ? "GitHub App" : "personal access token",
        scopes: scopesOf(connection.kind).map(({ name, for: purpose }) => ({
          name,
          state: "unknown",
          for: purpose,
        })),
        problem: error.hint,
        checkedAt: new Date(now()).toISOString(),
      };
    });
  };
}

const problemOfApp = (
  missing: readonly Scope[],
  installations: number,
  url: string,
): Pick<ConnectionStatus, "problem" | "cure"> => {
  if (missing.length > 0) {
    return {
      problem: `The App, or one of its installations, lacks ${missing.map(({ name }) => name).join(", ")}.`,
      cure: `Add it under Permissions & events of the App (${url}); each owner of an installation must then accept it.`,
    };
  }
  return installations > 0
    ? {}
    : { problem: "The App is not installed anywhere.", cure: `Install it: ${url}/installations/new` };
};

const classicScopes = (granted: string): readonly Scope[] => {
  const have = new Set(granted.split(",").map((one) => one.trim()));
  return scopesOf("token")
    .filter(({ name }) => !name.includes(": "))
    .map(({ name, for: purpose }) => ({ name, state: have.has(name) ? "present" : "missing", for: purpose }));
};

async function probed(probe: (() => Promise<unknown>) | undefined): Promise<ScopeState> {
  if (!probe) return "unknown";
  try {
    await probe();
    return "present";
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.status === 422) return "present";
    return error.kind === "not-allowed" || error.kind === "not-found" ? "missing" : "unknown";
  }
}

/** `2026-12-31 23:59:59 UTC` or with an offset instead of `UTC`. */
const expiryOf = (header: unknown): string | undefined => {
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/.exec(String(header ?? "")) ?? [];
  if (!day || !time || !zone) return undefined;
  const offset = zone === "UTC" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return new Date(`${day}T${time}${offset}`).toISOString();
};
