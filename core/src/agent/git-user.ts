/** Tokens of a Bitbucket Cloud repository, project or workspace; those of people begin otherwise. */
const isAccessToken = (token: string): boolean => token.startsWith("ATCTT");

/**
 * The user name that git sends beside a token over https, by the platform that names the repository.
 * GitHub and GitLab take any beside personal tokens; beside an App's or an OAuth token it must be this one.
 * Bitbucket Cloud wants the name of the token's kind: https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/
 * Bitbucket Data Center wants the login of a personal token's owner: https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html
 */
const users: Readonly<Record<string, (token: string, owner: string | undefined) => string>> = {
  github: () => "x-access-token",
  gitlab: () => "oauth2",
  "bitbucket-cloud": (token) => (isAccessToken(token) ? "x-token-auth" : "x-bitbucket-api-token-auth"),
  "bitbucket-dc": (_token, owner) => owner ?? "x-token-auth",
};

/** `owner` is the login of whom the token belongs to, where it belongs to a person. */
export const gitUserOf = (platform: string, token: string, owner?: string): string =>
  users[platform]?.(token, owner) ?? "git";
