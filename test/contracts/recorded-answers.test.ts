import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CloudAccount,
  CloudActivity,
  CloudComment,
  CloudHook,
  CloudPermission,
  CloudPullRequest,
  CloudWorkspace,
  cloudPage,
} from "@ask-openhands/core/wire/bitbucket-cloud.ts";
import {
  DcActivity,
  DcComment,
  DcHook,
  DcPullRequest,
  DcUser,
  dcPage,
} from "@ask-openhands/core/wire/bitbucket-dc.ts";
import {
  gitlabDiscussion,
  gitlabHook,
  gitlabIssuable,
  gitlabLabelEvent,
  gitlabMember,
  gitlabNote,
  gitlabProject,
  gitlabTokenSelf,
  gitlabUser,
} from "@ask-openhands/core/wire/gitlab-api.ts";
import { JiraComment, JiraIssue } from "@ask-openhands/core/wire/jira.ts";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { sharedPath } from "../fakes/shared-dir.ts";

interface Kind {
  readonly platform: string;
  readonly what: string;
  /** Names of the recordings that are answers of this kind. */
  readonly files: RegExp;
  readonly schema: z.ZodType;
  /** Fields that a person sees or that work depends on: a schema that forgives much must still have read them. */
  readonly needs?: readonly string[];
}

/** Recorded beside the answers, and none: what was sent, what a person cut down to the fields of a test, what a client gathered from pages. */
const noAnswers: ReadonlySet<string> = new Set([
  "gitlab/jenkins-x__create_project.json",
  "gitlab/jenkins-x__fork_project.json",
  "gitlab/jenkins-x__edit_issue_note.json",
  "gitlab/drone__merge_discussion.json",
  "gitlab/gitlab4j__merge-request.json",
  "bitbucket-dc/jenkins-x__pr_update.json",
]);

const many = <T>(schema: z.ZodType<T>) => z.union([z.array(schema).min(1), schema]);
const manyCloud = <T>(schema: z.ZodType<T>) =>
  z.union([cloudPage(schema).refine(({ values }) => values.length > 0), z.array(schema).min(1), schema]);
const manyDc = <T>(schema: z.ZodType<T>) =>
  z.union([dcPage(schema).refine(({ values }) => values.length > 0), z.array(schema).min(1), schema]);

const kinds: readonly Kind[] = [
  {
    platform: "gitlab",
    what: "user",
    files: /__(user|get_user|user-success)\.json$/,
    schema: many(gitlabUser),
    needs: ["id", "username"],
  },
  {
    platform: "gitlab",
    what: "member",
    files: /__(members|project_member_perm|group-membership-success)\.json$/,
    schema: many(gitlabMember),
    needs: ["id", "access_level"],
  },
  {
    platform: "gitlab",
    what: "token",
    files:
      /__(personal-access-token|project-access-token|group-access-token|list_personal_access_tokens_single|list_project_access_tokens)\.json$/,
    schema: many(gitlabTokenSelf),
    needs: ["scopes"],
  },
  {
    platform: "gitlab",
    what: "project",
    files: /__(project-success|create_project|fork_project)\.json$/,
    schema: gitlabProject,
    needs: ["id", "path_with_namespace"],
  },
  {
    platform: "gitlab",
    what: "webhook",
    files: /__(hook|hooks|group-hook)\.json$/,
    schema: many(gitlabHook),
    needs: ["id", "url"],
  },
  {
    platform: "gitlab",
    what: "note",
    files: /__(issue_notes?|merge_notes?|note|merge-request-note|edit_issue_note)\.json$/,
    schema: many(gitlabNote),
    needs: ["id", "body", "author"],
  },
  {
    platform: "gitlab",
    what: "discussion",
    files: /__(merge_discussion|issue-discussions|merge-request-discussions)\.json$/,
    schema: many(gitlabDiscussion),
    needs: ["id", "notes"],
  },
  {
    platform: "gitlab",
    what: "issue or merge request",
    files:
      /__(issues?|merges?|merge-request|get_merge_request|pull-request|pipeline-success|merge-success)\.json$/,
    schema: many(gitlabIssuable),
    needs: ["iid", "title"],
  },
  {
    platform: "gitlab",
    what: "label event",
    files: /__(label-events|issue_events|pr_events)\.json$/,
    schema: many(gitlabLabelEvent),
    needs: ["id", "action"],
  },
  { platform: "bitbucket-cloud", what: "account", files: /__user\.json$/, schema: CloudAccount },
  {
    platform: "bitbucket-cloud",
    what: "pull request",
    files: /__(pr|prs|pulls|pr_create|bitbucket_cloud_pr|pull-approved|.*pullrequests-1)\.json$/,
    schema: manyCloud(CloudPullRequest),
    needs: ["id", "title"],
  },
  {
    platform: "bitbucket-cloud",
    what: "comment",
    files: /__(prcomments?|bitbucket_cloud_comments|comments)\.json$/,
    schema: manyCloud(CloudComment),
    needs: ["id"],
  },
  {
    platform: "bitbucket-cloud",
    what: "right",
    files: /__(user_repo_perm_(admin|read|write)|workspace_repo_perms\w*|perms)\.json$/,
    schema: manyCloud(CloudPermission),
    needs: ["permission"],
  },
  {
    platform: "bitbucket-cloud",
    what: "webhook",
    files: /(__hooks?|-hooks(_pagelen_100)?)\.json$/,
    schema: manyCloud(CloudHook),
    needs: ["uuid", "url"],
  },
  {
    platform: "bitbucket-cloud",
    what: "workspace",
    files: /__user_workspaces\.json$/,
    schema: manyCloud(CloudWorkspace),
  },
  {
    platform: "bitbucket-cloud",
    what: "activity",
    files: /activities\.json$/,
    schema: manyCloud(CloudActivity),
  },
  { platform: "bitbucket-dc", what: "user", files: /__user\.json$/, schema: DcUser, needs: ["id", "name"] },
  {
    platform: "bitbucket-dc",
    what: "pull request",
    files:
      /__(pr|prs|pr_iso_dates|pr_update|bitbucket_server_pr|bitbucket-server-get-pull|pull-request|.*pull-requests-[12])\.json$/,
    schema: manyDc(DcPullRequest),
    needs: ["id", "title"],
  },
  {
    platform: "bitbucket-dc",
    what: "comment",
    files: /__(pr_comment|pr_comment_iso_dates|pr_label_comment)\.json$/,
    schema: DcComment,
    needs: ["id", "text", "author"],
  },
  {
    platform: "bitbucket-dc",
    what: "activity",
    files: /__(pr_comments|pr_label_comments|bitbucket_server_activities)\.json$/,
    schema: manyDc(DcActivity),
  },
  {
    platform: "bitbucket-dc",
    what: "webhook",
    files: /__(webhooks?|.*repos-webhooks_start_0_limit_200)\.json$/,
    schema: manyDc(DcHook),
  },
  {
    platform: "jira-dc",
    what: "comment",
    files: /__comment\.json$/,
    schema: JiraComment,
    needs: ["id", "body"],
  },
  {
    platform: "jira-dc",
    what: "ticket",
    files: /__issue_with_customfield\.json$/,
    schema: JiraIssue,
    needs: ["id", "key"],
  },
];

describe.each(kinds)("recorded answers of $platform: $what", ({ platform, files, schema, needs = [] }) => {
  const folder = sharedPath("contracts", platform, "rest");
  const names =
    folder === undefined
      ? []
      : readdirSync(folder).filter((name) => files.test(name) && !noAnswers.has(`${platform}/${name}`));

  it.skipIf(folder === undefined)("are there (needs SHARED_DIR)", () => expect(names).not.toEqual([]));

  it.each(names)("%s is read by the schema that we read the real server with", (name) => {
    const recorded: unknown = JSON.parse(readFileSync(join(folder ?? "", name), "utf8"));
    const read: unknown = schema.parse(recorded);
    const page = z.object({ values: z.array(z.unknown()) }).safeParse(read).data?.values;
    for (const one of page ?? [read].flat())
      for (const field of needs) expect(one).toHaveProperty(field, expect.anything());
  });
});
