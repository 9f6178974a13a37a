import type { FakeRequest, FakeRoute } from "../routes.ts";
import type { Server } from "./server.ts";

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};

/** GraphQL, as far as it is asked: when the description of an issue or a pull request was edited last. Refusals are answered with 200, as there. */
export function graphqlRoutes({ state, caller, repositoryOf }: Server): readonly FakeRoute[] {
  const refused = (type: string, message: string) => ({ json: { data: null, errors: [{ type, message }] } });
  const answer = (request: FakeRequest) => {
    const { owner, repo, number } = fields(request.body["variables"]);
    const known = String(request.body["query"]).includes(
      "repository(owner:$owner,name:$repo){issueOrPullRequest(number:$number){...on Issue{lastEditedAt}",
    );
    if (!known) return refused("PARSE", "The fake does not know this query.");
    const named = { ...request, params: { owner: String(owner), repo: String(repo) } };
    const repository = repositoryOf(named, caller(request));
    const issue = state.issues.find((one) => one.repository === repository && one.number === number);
    if (issue === undefined) return refused("NOT_FOUND", "Could not resolve to an issue or pull request.");
    return {
      json: { data: { repository: { issueOrPullRequest: { lastEditedAt: issue.lastEditedAt ?? null } } } },
    };
  };
  return [["POST", "/api/graphql", answer]];
}
