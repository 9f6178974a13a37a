import { placeOf } from "../people/connection-record.ts";
import { isAtLeast, roleOf } from "../people/members.ts";
import type { ConnectionRecord } from "../people/records.ts";
import { newId } from "../people/tokens.ts";
import type { ApiDeps } from "./call.ts";
import { checkConnection } from "./check-connection.ts";
import { problem } from "./problem.ts";
import { findConnection } from "./views/connection-view.ts";

/** The app was made at the server: its credentials become a connection of the workspace. Returns where to go on. */
export const adoptManifest = async (
  deps: ApiDeps,
  query: URLSearchParams,
  session: string | undefined,
): Promise<string> => {
  const { people } = deps;
  const stale = problem(
    400,
    "This app was taken over already, took longer than an hour to make, or was begun in another browser. Start again on the settings page.",
  );
  const state = query.get("state") ?? "";
  const code = query.get("code");
  const found = people.oneTime.find("manifest", state)?.data;
  const signedIn = session === undefined ? undefined : people.sessions.find(session);
  if (
    found === undefined ||
    signedIn === undefined ||
    code === null ||
    signedIn.personId !== found["person"] ||
    signedIn.id !== found["session"]
  )
    throw stale;
  const { workspace = "", platform = "", host = "", ca } = found;
  if (!isAtLeast(roleOf(people.directory, workspace, signedIn.personId), "maintainer"))
    throw problem(403, "Only maintainers of this workspace may do this. Ask one of them.");
  const adopt = deps.platforms.get(platform)?.manifest?.adopt;
  if (adopt === undefined || (await people.oneTime.take("manifest", state)) === undefined) throw stale;
  const id = newId();
  const owner = { kind: "workspace", id: workspace } as const;
  const createdAt = new Date(deps.now()).toISOString();
  // Until its keys are here, the connection is a draft that only says whom to trust.
  const draft = {
    connection: {
      id,
      platform,
      host,
      owner,
      kind: "",
      name: host,
      settings: {},
      secretNames: [],
      active: false,
      createdAt,
    },
    secrets: {},
    ca,
  };
  const { result: app } = await people.connections.withDraft(draft, () => adopt({ host, code }));
  const value: ConnectionRecord = {
    platform,
    host,
    owner,
    kind: app.kind,
    name: app.name,
    settings: app.settings,
    secrets: Object.fromEntries(
      Object.entries(app.secrets).map(([name, secret]) => [
        name,
        people.seal.seal(secret, placeOf(id, owner, name)),
      ]),
    ),
    active: true,
    createdBy: signedIn.personId,
    createdAt,
    ...(ca === undefined ? {} : { ca }),
  };
  await people.directory.write([{ put: "connections", id, value }]);
  await people.audit.append({
    action: "connection.created",
    workspace,
    person: signedIn.personId,
    target: id,
    detail: `${platform} ${host} from a manifest`,
  });
  await people.connections.setStatus(id, await checkConnection(deps, findConnection(deps, id)));
  return app.nextUrl ?? "/";
};
