import { Failure } from "@ask-openhands/core/failure.ts";
import { githubEdits } from "@ask-openhands/core/wire/github.ts";
import { apiUrl } from "./api-address.ts";
import type { Spot } from "./spots.ts";

const query =
  "query($owner:String!,$repo:String!,$number:Int!){repository(owner:$owner,name:$repo){issueOrPullRequest(number:$number)" +
  "{...on Issue{lastEditedAt}...on PullRequest{lastEditedAt}}}}";

/**
 * When the description was changed last (ISO 8601); `undefined`: never. Only GraphQL tells it: https://docs.github.com/graphql/reference/objects#issue. A server
 * or proxy that has no GraphQL tells nothing, and the description is taken as it reads now. Throws what passes, so that it is asked again.
 */
export const lastEditOfDescription = async ({
  client,
  connection,
  owner,
  repo,
  number,
}: Spot): Promise<string | undefined> => {
  // `/api/v3` of Enterprise Server has its GraphQL at `/api/graphql`.
  const url = `${apiUrl(connection).replace(/\/v3$/, "")}/graphql`;
  try {
    const { data } = await client.request({ method: "POST", url, query, variables: { owner, repo, number } });
    const read = githubEdits.safeParse(data);
    return read.data?.data?.repository?.issueOrPullRequest?.lastEditedAt ?? undefined;
  } catch (cause) {
    if (cause instanceof Failure && !cause.passing) return undefined;
    throw cause;
  }
};
