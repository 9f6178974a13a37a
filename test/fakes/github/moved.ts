import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import type { Caller } from "./access.ts";
import type { Server } from "./server.ts";
import type { Repository, State } from "./state.ts";

const isNamed = (one: Repository, name: string): boolean =>
  `${one.owner.login}/${one.name}`.toLowerCase() === name.toLowerCase();

export const named = (state: State, name: string): Repository | undefined =>
  state.repositories.find((one) => isNamed(one, name));

export const installationOf = (state: State, one: Repository): number =>
  one.installation ?? state.installation.id;

export const mayRead = (state: State, one: Repository, who: Caller): boolean => {
  if (who.kind === "app") return false;
  if (who.kind === "token") return !one.private || one.roles.has(who.user.id);
  return installationOf(state, one) === who.id && (who.repositories?.includes(one.id) ?? true);
};

const inRepository = /^(\/api\/v3)\/repos\/([^/]+\/[^/]+)(\/.*)?$/;

/**
 * Old names of renamed and transferred repositories: 301 for reading, 307 for the rest, to the same under `/repositories/ID`.
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects, as recorded in octokit/fixtures
 * (`rename-repository`). Who may not see the repository gets its 404; so does the App's own sign-in here, for which no source promises more.
 */
export const redirectOf = (
  { state, caller }: Pick<Server, "state" | "caller">,
  request: FakeRequest,
): FakeReply | undefined => {
  const [, api, name = "", rest = ""] = inRepository.exec(request.path) ?? [];
  const moved = named(state, name) === undefined ? state.formerNames.get(name.toLowerCase()) : undefined;
  const who = caller(request);
  if (moved === undefined || who === undefined || !mayRead(state, moved, who)) return undefined;
  const query = request.query.size > 0 ? `?${request.query}` : "";
  const url = `${state.base}${api}/repositories/${moved.id}${rest}${query}`;
  return {
    status: request.method === "GET" || request.method === "HEAD" ? 301 : 307,
    json: { message: "Moved Permanently", url, documentation_url: "https://docs.github.com/rest" },
    headers: { location: url },
  };
};

/** Everything below `/repos/OWNER/NAME` stands below `/repositories/ID`, too: where redirects and `Link` headers lead. */
export const byNumber = (
  { state }: Pick<Server, "state">,
  routes: readonly FakeRoute[],
): readonly FakeRoute[] => [
  ...routes,
  ...routes
    .filter(([, path]) => path.startsWith("/api/v3/repos/:owner/:repo"))
    .map(([method, path, answer]): FakeRoute => {
      const numbered = path.replace("/repos/:owner/:repo", "/repositories/:repository");
      return [
        method,
        numbered,
        (request) => {
          const one = state.repositories.find(({ id }) => String(id) === request.params["repository"]);
          const { repository: _, ...params } = request.params;
          return answer({
            ...request,
            params: { ...params, owner: one?.owner.login ?? "", repo: one?.name ?? "" },
          });
        },
      ];
    }),
];
