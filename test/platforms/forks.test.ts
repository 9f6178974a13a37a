import { repositoryOf as ofCloud } from "@ask-openhands/bot/platforms/bitbucket-cloud/shapes.ts";
import { repositoryOf as ofDc } from "@ask-openhands/bot/platforms/bitbucket-dc/shapes.ts";
import { factsOf as ofBitbucket } from "@ask-openhands/bot/platforms/bitbucket-repositories.ts";
import { repositoryFacts as ofGitHub } from "@ask-openhands/bot/platforms/github/read.ts";
import { factsOf as ofGitLab } from "@ask-openhands/bot/platforms/gitlab/read.ts";
import { CloudRepository } from "@ask-openhands/core/wire/bitbucket-cloud.ts";
import { DcRepository } from "@ask-openhands/core/wire/bitbucket-dc.ts";
import { gitlabProject } from "@ask-openhands/core/wire/gitlab-api.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import { describe, expect, it } from "vitest";

const base = "https://git.example.com";

/** What each server answers about `ada/site`, with the field that names where a fork comes from. */
const answers: readonly (readonly [string, (fork: boolean) => RepositoryFacts])[] = [
  [
    "GitHub",
    (fork) =>
      ofGitHub("github.com", {
        id: 7,
        full_name: "ada/site",
        html_url: `${base}/ada/site`,
        clone_url: `${base}/ada/site.git`,
        default_branch: "main",
        private: false,
        ...(fork ? { parent: { full_name: "acme/site" } } : {}),
      }),
  ],
  [
    "GitLab",
    (fork) =>
      ofGitLab(
        "gitlab.com",
        gitlabProject.parse({
          id: 7,
          path_with_namespace: "ada/site",
          web_url: `${base}/ada/site`,
          http_url_to_repo: `${base}/ada/site.git`,
          ...(fork ? { forked_from_project: { id: 1, path_with_namespace: "acme/site" } } : {}),
        }),
      ),
  ],
  [
    "Bitbucket Cloud",
    (fork) =>
      ofBitbucket(
        { platform: "bitbucket-cloud", host: "bitbucket.org" },
        ofCloud(
          CloudRepository.parse({
            full_name: "ada/site",
            ...(fork ? { parent: { type: "repository", full_name: "acme/site" } } : { parent: null }),
          }),
        ),
      ),
  ],
  [
    "Bitbucket Data Center",
    (fork) =>
      ofBitbucket(
        { platform: "bitbucket-dc", host: "git.example.com" },
        ofDc(
          base,
          DcRepository.parse({
            id: 7,
            slug: "site",
            project: { key: "ada" },
            ...(fork ? { origin: { id: 1, slug: "site", project: { key: "acme" } } } : {}),
          }),
        ),
      ),
  ],
];

describe("a repository that is a fork", () => {
  it.each(answers)("names where it comes from, at %s", (_, answer) => {
    expect(answer(true)).toMatchObject({ name: "ada/site", forkOf: "acme/site" });
    expect(answer(false)).not.toHaveProperty("forkOf");
  });
});
