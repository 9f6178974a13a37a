import type { Connection, ConnectionStatus, ScopeState } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { JiraUser } from "@ask-openhands/core/wire/jira.ts";
import type { JiraApi } from "./jira-api.ts";

/** A right or scope and how a live call shows whether we have it. */
export interface Probe {
  readonly name: string;
  readonly for: string;
  /** `unknown` where no call tells without changing something. */
  test(api: JiraApi, rights: Readonly<Record<string, boolean>> | undefined): ScopeState;
}

export const rightProbe = (name: string, use: string): Probe => ({
  name,
  for: use,
  test: (_api, rights) => {
    if (rights === undefined || rights[name] === undefined) return "unknown";
    return rights[name] ? "present" : "missing";
  },
});

const neededRights = ["BROWSE_PROJECTS", "ADD_COMMENTS", "EDIT_OWN_COMMENTS"] as const;

const accountOf = (user: JiraUser): NonNullable<ConnectionStatus["account"]> => ({
  id: user.accountId || user.key || user.name || "",
  name: user.displayName || user.name || user.emailAddress || "",
});

interface Inspection {
  readonly connection: Connection;
  readonly api: JiraApi;
  readonly tokenKind: string;
  readonly probes: readonly Probe[];
  readonly now: number;
  /** What to do when the credentials are refused. */
  readonly cure: string;
}

/** Who a connection's token is and what it may, asked live; never throws for what the site itself says is wrong. */
export const inspectJira = async (inspection: Inspection): Promise<ConnectionStatus> => {
  const { api, probes, tokenKind } = inspection;
  const checkedAt = new Date(inspection.now).toISOString();
  try {
    const user = await api.myself();
    const rights = await api.myPermissions(neededRights).catch((error: unknown) => {
      if (error instanceof Failure && !error.passing) return undefined;
      throw error;
    });
    const scopes = probes.map((probe) => ({
      name: probe.name,
      state: probe.test(api, rights),
      for: probe.for,
    }));
    const missing = scopes.filter((scope) => scope.state === "missing");
    return {
      ok: missing.length === 0,
      account: accountOf(user),
      tokenKind,
      scopes,
      checkedAt,
      ...(missing.length === 0
        ? {}
        : {
            problem: `${missing.map((scope) => scope.name).join(", ")} missing: no ${missing.map((scope) => scope.for).join(", no ")}.`,
            cure: inspection.cure,
          }),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      ok: false,
      tokenKind,
      scopes: probes.map((probe) => ({ name: probe.name, state: "unknown", for: probe.for })),
      problem: error.hint,
      ...(error.passing ? {} : { cure: inspection.cure }),
      checkedAt,
    };
  }
};
