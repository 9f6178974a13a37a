import { lookup } from "node:dns/promises";
import { kindOfAddress } from "../address-guard.ts";
import { withoutPath } from "../people/hosts.ts";
import { isAtLeast, roleOf } from "../people/members.ts";
import type { ApiDeps } from "./call.ts";
import { problem } from "./problem.ts";

const hostType = "urn:ask-openhands:problem:host-not-approved";

const bareName = (host: string): string =>
  withoutPath(host)
    .replace(/:\d+$/, "")
    .replace(/^\[|\]$/g, "");

const systemResolve = async (name: string): Promise<readonly string[]> =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** Whether a host has a private address; a name that cannot be resolved is left to the check that follows. */
const isPrivate = async (deps: ApiDeps, host: string): Promise<boolean> => {
  const addresses = await (deps.resolve ?? systemResolve)(bareName(host)).catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause) return [];
    throw cause;
  });
  return addresses.some((address) => kindOfAddress(address) !== "public");
};

/**
 * Lets a connection to a host that a person typed be made: known and approved hosts at once; others only by maintainers of the workspace,
 * and with a private address (or plain HTTP) only when they say so. Throws a problem.
 */
export const requireHost = async (
  deps: ApiDeps,
  workspaceId: string,
  personId: string,
  host: string,
  wanted: { readonly approve: boolean; readonly plainHttp: boolean },
): Promise<void> => {
  const { hosts, directory, audit } = deps.people;
  const name = withoutPath(host);
  const entry = hosts.list(workspaceId).find((one) => one.host === name);
  if (entry?.private === true || (entry?.source === "catalog" && !wanted.plainHttp)) return;
  const needsPrivate = wanted.plainHttp || (await isPrivate(deps, host));
  if (hosts.isApproved(workspaceId, host) && !needsPrivate) return;
  if (!isAtLeast(roleOf(directory, workspaceId, personId), "maintainer")) {
    throw problem(403, `${name} is not approved in this workspace. Ask a maintainer to approve it.`, {
      type: hostType,
      host: name,
    });
  }
  if (needsPrivate && !wanted.approve) {
    const what = wanted.plainHttp ? "would be asked without encryption" : "has a private address";
    throw problem(422, `${name} ${what}. Approve it when you mean a server of your own.`, {
      type: hostType,
      host: name,
    });
  }
  await hosts.approve(workspaceId, name, needsPrivate, personId);
  await audit.append({
    action: "host.approved",
    workspace: workspaceId,
    person: personId,
    target: name,
    detail: needsPrivate ? "private" : "public",
  });
};
