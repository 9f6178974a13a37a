import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";

/** What the agent needs to find the server beside its token. */
export const serverVariables = ({ host, cloneUrl }: RepositoryFacts): Readonly<Record<string, string>> => {
  const scheme = new URL(cloneUrl).protocol;
  return {
    BITBUCKET_DATA_CENTER_HOST: host,
    BITBUCKET_DATA_CENTER_REST_URL: `${scheme}//${host}/rest/api/latest`,
  };
};
