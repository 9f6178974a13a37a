interface GitProvider {
  /** Value of `git_provider` in OpenHands' API. */
  readonly name: string;
  /** The server that everybody uses; the only one that OpenHands knows without being told. */
  readonly host?: string | undefined;
  /** What follows the repository's address and precedes a pull request's number. */
  readonly pullRequest: string;
}

/** OpenHands' words for where a repository is, by the platform that names it. */
const providers: Readonly<Record<string, GitProvider>> = {
  github: { name: "github", host: "github.com", pullRequest: "/pull/" },
  gitlab: { name: "gitlab", host: "gitlab.com", pullRequest: "/-/merge_requests/" },
  "bitbucket-cloud": { name: "bitbucket", host: "bitbucket.org", pullRequest: "/pull-requests/" },
  "bitbucket-dc": { name: "bitbucket_data_center", pullRequest: "/pull-requests/" },
};

export const gitProviderOf = (platform: string): GitProvider | undefined => providers[platform];
