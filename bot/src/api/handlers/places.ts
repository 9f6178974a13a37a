import type { PlaceStatusView } from "@ask-openhands/core/api/types.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { HookResource, Platform } from "../../platforms/platform.ts";
import { accountAt, requireAsker } from "../ask-at.ts";
import { type ApiDeps, type Call, type Handlers, personOf } from "../call.ts";
import { checkConnection } from "../check-connection.ts";
import { findPlace } from "../find-place.ts";
import { ProblemAnswer, problem } from "../problem.ts";
import { proofWays } from "../sign-in-ways.ts";
import { findConnection, kindOf, toConnectionView } from "../views/connection-view.ts";
import { toPlaceView, toRunView } from "../views/run-view.ts";

type Names = "getPlace" | "listRepositories";

const remember = 60_000;
const mostRepositories = 50;

const nothingOf = (cause: unknown): undefined => {
  if (!(cause instanceof Failure)) throw cause;
  return undefined;
};

/** The webhook that tells of a place: its repository's own, else that of something around it. */
const hookFor = (
  resources: readonly HookResource[],
  repository: string | undefined,
): HookResource | undefined => {
  const covers = resources.filter(
    ({ type, name }) =>
      type === "site" || type === "app" || name === repository || repository?.startsWith(`${name}/`) === true,
  );
  return (
    covers.find((one) => one.state === "installed") ??
    covers.find((one) => one.name === repository) ??
    covers[0]
  );
};

export const createPlaceHandlers = (deps: ApiDeps): Handlers<Names> => {
  /** Listing the webhooks of everything is slow; a panel that is opened again soon shows the same. */
  const hooks = new Map<
    string,
    { readonly at: number; readonly resources: Promise<readonly HookResource[]> }
  >();

  const hooksOf = (connection: Connection): Promise<readonly HookResource[]> => {
    const known = hooks.get(connection.id);
    if (known !== undefined && deps.now() - known.at < remember) return known.resources;
    const listed = deps.platforms.get(connection.platform)?.hooks?.list(connection.id) ?? Promise.resolve([]);
    const resources = listed.catch((cause: unknown): readonly HookResource[] => {
      hooks.delete(connection.id);
      if (cause instanceof Failure) return [];
      throw cause;
    });
    hooks.set(connection.id, { at: deps.now(), resources });
    return resources;
  };

  const describeHook = async (
    connection: Connection,
    place: Place,
    personId: string,
  ): Promise<PlaceStatusView["hook"]> => {
    const found = hookFor(await hooksOf(connection), place.repository);
    if (found === undefined) return undefined;
    const may = toConnectionView(deps, connection, personId).may.hooks;
    return {
      state: found.state,
      resource: found.id,
      name: found.name,
      ...(found.error === undefined ? {} : { error: found.error }),
      ...(found.lastDelivery === undefined ? {} : { lastDelivery: found.lastDelivery }),
      ...(found.missingRight === undefined ? {} : { missingRight: found.missingRight }),
      mayInstall: may && found.missingRight === undefined,
    };
  };

  const describeConnection = async (
    connection: Connection,
  ): Promise<NonNullable<PlaceStatusView["connection"]>> => {
    if (connection.status === undefined)
      await deps.people.connections.setStatus(connection.id, await checkConnection(deps, connection));
    const { status } = findConnection(deps, connection.id);
    return {
      id: connection.id,
      name: connection.name,
      kindName: kindOf(deps, connection.platform, connection.kind)?.name ?? connection.kind,
      scopes: [...(status?.scopes ?? [])],
      ...(status === undefined ? {} : { ok: status.ok }),
      ...(status?.account === undefined ? {} : { account: status.account.name }),
      ...(status?.problem === undefined ? {} : { problem: status.problem }),
      ...(status?.cure === undefined ? {} : { cure: status.cure }),
    };
  };

  const describeAsk = async (place: Place, personId: string): Promise<PlaceStatusView["ask"]> => {
    if (accountAt(deps, personId, place) === undefined)
      return {
        may: "after-linking",
        why: `Your account on ${place.host} is not linked yet.`,
        cure: "Link it, so that it is clear what you may do there.",
      };
    try {
      await requireAsker(deps, personId, place, place.repository);
      return { may: "yes" };
    } catch (cause) {
      if (cause instanceof ProblemAnswer)
        return {
          may: "no",
          why: cause.problem.detail,
          ...(cause.problem.cure === undefined ? {} : { cure: cause.problem.cure }),
        };
      if (cause instanceof Failure) return { may: "unknown", why: cause.hint };
      throw cause;
    }
  };

  const getPlace = async (call: Call<"getPlace">): Promise<PlaceStatusView> => {
    const personId = personOf(call);
    const found = await findPlace(deps, call.params.workspace, personId, call.query.url);
    if ("why" in found)
      return { problem: found.why, cure: found.cure, ask: { may: "no", why: found.why }, ways: [], runs: [] };
    const { place } = found;
    const connection =
      place.connection === undefined ? undefined : deps.people.connections.get(place.connection);
    const [described, hook, ask, runs] = await Promise.all([
      connection === undefined ? undefined : describeConnection(connection),
      connection === undefined ? undefined : describeHook(connection, place, personId),
      describeAsk(place, personId),
      deps.store.runs({ place: place.key, limit: 10 }),
    ]);
    const identity = accountAt(deps, personId, place);
    return {
      place: toPlaceView(deps, place),
      ...(described === undefined ? {} : { connection: described }),
      ...(hook === undefined ? {} : { hook }),
      ...(identity === undefined ? {} : { identity: { name: identity.name } }),
      ask,
      ways: ask.may === "after-linking" ? proofWays(deps, place.platform, place.host) : [],
      runs: runs
        .filter(
          (run) =>
            deps.people.policy.tenantOf(run.place.connection) ===
            deps.people.policy.tenantOf(place.connection),
        )
        .map((run) => toRunView(deps, run, personId)),
    };
  };

  /** Where to look: at one connection's server, or at all that the workspace is connected to. */
  const searched = (call: Call<"listRepositories">): readonly (readonly [Platform, string])[] => {
    const { workspace } = call.params;
    const isOwn = ({ owner }: Connection): boolean =>
      owner.kind === "person" ? owner.id === personOf(call) : owner.id === workspace;
    if (call.query.connection === undefined) {
      const servers = deps.people.connections
        .all()
        .filter((connection) => connection.active && isOwn(connection))
        .map(({ platform, host }) => [`${platform} ${host}`, [deps.platforms.get(platform), host]] as const);
      return [...new Map(servers).values()].flatMap(([platform, host]) =>
        platform?.searchRepositories === undefined ? [] : [[platform, host] as const],
      );
    }
    const connection = findConnection(deps, call.query.connection);
    if (!isOwn(connection)) throw problem(404, "There is no such connection, or it is not yours to see.");
    const platform = deps.platforms.get(connection.platform);
    if (platform?.searchRepositories === undefined)
      throw problem(422, "Repositories of this kind of connection cannot be listed.");
    return [[platform, connection.host]];
  };

  const listRepositories = async (call: Call<"listRepositories">) => {
    const onBehalf = { personId: personOf(call), workspaceId: call.params.workspace };
    const places = searched(call);
    const answers = await Promise.all(
      places.map(async ([platform, host]) => {
        const found = platform.searchRepositories?.(host, call.query.query ?? "", onBehalf);
        // One server that does not answer hides nothing of the others.
        return places.length === 1 ? await found : await found?.catch(nothingOf);
      }),
    );
    return {
      repositories: answers
        .flatMap((found) => found ?? [])
        .slice(0, mostRepositories)
        .map(({ host, name, url, defaultBranch, private: isPrivate }) => ({
          host,
          name,
          url,
          ...(defaultBranch === undefined ? {} : { defaultBranch }),
          ...(isPrivate === undefined ? {} : { private: isPrivate }),
        })),
    };
  };

  return { getPlace, listRepositories };
};
