import type { RouteFacts } from "@ask-openhands/core/api/route.ts";
import { isAtLeast, roleOf } from "../people/members.ts";
import type { Owner, Role } from "../people/records.ts";
import type { Actor, ApiDeps } from "./call.ts";
import { problem } from "./problem.ts";

type Deps = Pick<ApiDeps, "people" | "store">;
type Params = Readonly<Record<string, string>>;

const least: Readonly<Record<string, Role>> = { member: "member", maintainer: "maintainer", owner: "owner" };

const missing = (what: string) => problem(404, `There is no such ${what}, or it is not yours to see.`);

const needsRole = (role: Role) =>
  problem(
    403,
    `Only ${role === "owner" ? "owners" : "maintainers"} of this workspace may do this. Ask one of them.`,
  );

/** In the workspace, or as if it did not exist. */
const inWorkspace = ({ people }: Deps, actor: Actor, workspaceId: string, wanted: Role): void => {
  const role = roleOf(people.directory, workspaceId, actor.personId);
  if (role === undefined) throw missing("workspace");
  if (!isAtLeast(role, wanted)) throw needsRole(wanted);
};

/** A person's own thing by that person only, a workspace's thing by its members (`see`) or maintainers (`change`). */
const ownedBy = (deps: Deps, actor: Actor, owner: Owner | undefined, what: string, wanted: Role): void => {
  if (owner === undefined) throw missing(what);
  if (owner.kind === "person") {
    if (owner.id !== actor.personId) throw missing(what);
    return;
  }
  const role = roleOf(deps.people.directory, owner.id, actor.personId);
  if (role === undefined) throw missing(what);
  if (!isAtLeast(role, wanted)) throw needsRole(wanted);
};

/** The one place that decides who may call what. Throws a problem. */
export const judgeAccess = async (
  deps: Deps,
  facts: RouteFacts,
  actor: Actor | undefined,
  params: Params,
): Promise<void> => {
  if (facts.may === "anyone") return;
  if (actor === undefined) throw problem(401, "Sign in first.", {}, { "www-authenticate": "Bearer" });
  if (facts.session === true && actor.session === undefined)
    throw problem(403, "This is only possible on the settings page, signed in with the browser.");
  if (actor.token?.access === "read" && facts.method !== "GET")
    throw problem(403, "This token may only read. Make one that may write.");

  switch (facts.may) {
    case "person":
      return;
    case "member":
    case "maintainer":
    case "owner":
      return inWorkspace(deps, actor, params["workspace"] ?? "", least[facts.may] ?? "owner");
    case "change-member":
      return inWorkspace(
        deps,
        actor,
        params["workspace"] ?? "",
        params["person"] === actor.personId ? "member" : "maintainer",
      );
    case "see-connection":
    case "use-connection":
      return ownedBy(
        deps,
        actor,
        deps.people.connections.get(params["connection"] ?? "")?.owner,
        "connection",
        "member",
      );
    case "change-connection":
      return ownedBy(
        deps,
        actor,
        deps.people.connections.get(params["connection"] ?? "")?.owner,
        "connection",
        "maintainer",
      );
    case "change-secret":
      return ownedBy(
        deps,
        actor,
        deps.people.directory.get("secrets", params["secret"] ?? "")?.value.owner,
        "secret",
        "maintainer",
      );
    case "see-run":
    case "steer-run": {
      const run = await deps.store.run(params["run"] ?? "");
      const tenant = run === undefined ? undefined : deps.people.policy.tenantOf(run.place.connection);
      if (tenant === undefined || roleOf(deps.people.directory, tenant, actor.personId) === undefined)
        throw missing("run");
    }
  }
};
