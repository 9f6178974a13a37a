interface GitProvider {
  /** Value of `git_provider` in OpenHands' API. */
  readonly name: string;
  /** What follows the repository's address and precedes a pull request's number. */
  readonly pullRequest: string;
}

/** OpenHands' words for where a repository is, by the platform that names it. */
const providers: Readonly<Record<string, GitProvider>> = {
  github: { name: "github", pullRequest: "/pull/" },
  gitlab: { name: "gitlab", pullRequest: "/-/merge_requests/" },
  "bitbucket-cloud": { name: "bitbucket", pullRequest: "/pull-requests/" },
  "bitbucket-dc": { name: "bitbucket_data_center", pullRequest: "/pull-requests/" },
};

export const gitProviderOf = (platform: string): GitProvider | undefined => providers[platform];
