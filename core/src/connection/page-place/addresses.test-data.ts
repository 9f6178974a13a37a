import type { Product } from "./page.ts";

/** Addresses of pages, and what they are: kind, label, repository (or -) and canonical address. */

export const places: Readonly<Record<Product, Readonly<Record<string, string>>>> = {
  github: {
    "https://github.com/acme/app/issues/12": "issue #12 acme/app https://github.com/acme/app/issues/12",
    "https://github.com/acme/app/issues/12?x=1#issuecomment-3":
      "issue #12 acme/app https://github.com/acme/app/issues/12",
    "https://github.com/orgs/acme/projects/3/views/1?pane=issue&itemId=9&issue=acme%7Capp%7C56":
      "issue #56 acme/app https://github.com/acme/app/issues/56",
    "https://github.com/users/mara/projects/3?pane=issue&issue=acme%7Capp%7C56":
      "issue #56 acme/app https://github.com/acme/app/issues/56",
    "https://github.com/issues/assigned?issue=acme%7Capp%7C12":
      "issue #12 acme/app https://github.com/acme/app/issues/12",
    "https://github.com/issues?q=is%3Aopen&issue=acme%7Capp%7C12":
      "issue #12 acme/app https://github.com/acme/app/issues/12",
    "https://github.com/acme/projects":
      "repository acme/projects acme/projects https://github.com/acme/projects",
    "https://github.com/acme/projects/issues/12":
      "issue #12 acme/projects https://github.com/acme/projects/issues/12",
    "https://github.com/acme/app/tree/projects": "repository acme/app acme/app https://github.com/acme/app",
    "https://github.com/acme/app/blob/projects/src/a.ts":
      "file a.ts acme/app https://github.com/acme/app/blob/projects/src/a.ts",
    "https://github.com/acme/app/pull/7": "pull-request #7 acme/app https://github.com/acme/app/pull/7",
    "https://github.com/acme/app/pull/7/checks?check_run_id=5":
      "pull-request #7 acme/app https://github.com/acme/app/pull/7",
    "https://github.com/acme/app/pull/7/commits":
      "pull-request #7 acme/app https://github.com/acme/app/pull/7",
    "https://github.com/acme/app/pull/7/files#diff-ab":
      "changes #7 acme/app https://github.com/acme/app/pull/7",
    "https://github.com/acme/app/pull/7/changes": "changes #7 acme/app https://github.com/acme/app/pull/7",
    "https://github.com/acme/app/pull/7/changes/0a1b..2c3d":
      "changes #7 acme/app https://github.com/acme/app/pull/7",
    "https://github.com/acme/app/pull/7/commits/0a1b2c":
      "changes #7 acme/app https://github.com/acme/app/pull/7",
    "https://github.com/acme/app": "repository acme/app acme/app https://github.com/acme/app",
    "https://github.com/acme/app/tree/feature/x": "repository acme/app acme/app https://github.com/acme/app",
    "https://github.com/acme/app/blob/main/src/a%20b.ts":
      "file a b.ts acme/app https://github.com/acme/app/blob/main/src/a%20b.ts",
    "https://github.com/acme/app/actions/runs/99/job/5#step:3:1":
      "pipeline run 99 acme/app https://github.com/acme/app/actions/runs/99",
    "https://ghe.example.com:8443/acme/app/issues/1":
      "issue #1 acme/app https://ghe.example.com:8443/acme/app/issues/1",
  },
  gitlab: {
    "https://gitlab.com/a/b/c/app/-/issues/4": "issue #4 a/b/c/app https://gitlab.com/a/b/c/app/-/issues/4",
    "https://gitlab.com/a/app/-/work_items/4": "issue #4 a/app https://gitlab.com/a/app/-/work_items/4",
    "https://gitlab.com/a/app/-/issues/incident/4": "issue #4 a/app https://gitlab.com/a/app/-/issues/4",
    [`https://gitlab.com/a/app/-/boards/7?show=${btoa('{"iid":"9","full_path":"a/app","id":1}')}`]:
      "issue #9 a/app https://gitlab.com/a/app/-/work_items/9",
    "https://gitlab.com/a/app/-/merge_requests/2":
      "pull-request !2 a/app https://gitlab.com/a/app/-/merge_requests/2",
    "https://gitlab.com/a/app/-/merge_requests/2/diffs?diff_id=1":
      "changes !2 a/app https://gitlab.com/a/app/-/merge_requests/2",
    "https://gitlab.com/a/app/merge_requests/2/diffs":
      "changes !2 a/app https://gitlab.com/a/app/-/merge_requests/2",
    "https://gitlab.com/a/app": "repository a/app a/app https://gitlab.com/a/app",
    "https://gitlab.com/a/app/-/tree/main/docs": "repository a/app a/app https://gitlab.com/a/app",
    "https://gitlab.com/a/app/-/blob/main/x.go#L3-9":
      "file x.go a/app https://gitlab.com/a/app/-/blob/main/x.go",
    "https://gitlab.com/a/app/-/pipelines/77/failures":
      "pipeline pipeline 77 a/app https://gitlab.com/a/app/-/pipelines/77",
    "https://gitlab.com/a/app/-/jobs/78": "pipeline job 78 a/app https://gitlab.com/a/app/-/jobs/78",
  },
  "bitbucket-cloud": {
    "https://bitbucket.org/team/app": "repository team/app team/app https://bitbucket.org/team/app",
    "https://bitbucket.org/team/app/src/main/": "repository team/app team/app https://bitbucket.org/team/app",
    "https://bitbucket.org/team/app/pull-requests/5/overview":
      "pull-request #5 team/app https://bitbucket.org/team/app/pull-requests/5",
    "https://bitbucket.org/team/app/pull-requests/5/diff#chg-a.ts":
      "changes #5 team/app https://bitbucket.org/team/app/pull-requests/5",
    "https://bitbucket.org/team/PROJ/app/pull-requests/5":
      "pull-request #5 team/app https://bitbucket.org/team/app/pull-requests/5",
    "https://bitbucket.org/team/app/src/main/lib/x.py#lines-10:20":
      "file x.py team/app https://bitbucket.org/team/app/src/main/lib/x.py",
    "https://bitbucket.org/team/app/issues/3/a-slug":
      "issue #3 team/app https://bitbucket.org/team/app/issues/3",
    "https://bitbucket.org/team/app/pipelines/results/8/steps/%7Babc%7D":
      "pipeline pipeline 8 team/app https://bitbucket.org/team/app/pipelines/results/8",
  },
  "bitbucket-dc": {
    "https://git.example.com/projects/ENG/repos/app/builds?at=refs%2Fheads%2Fmain":
      "pipeline builds of app ENG/app https://git.example.com/projects/ENG/repos/app/builds",
    "https://git.example.com/projects/ENG/repos/app/pull-requests/9/builds":
      "pull-request #9 ENG/app https://git.example.com/projects/ENG/repos/app/pull-requests/9",
    "https://git.example.com/projects/ENG/repos/app/browse":
      "repository ENG/app ENG/app https://git.example.com/projects/ENG/repos/app",
    "https://git.example.com/bitbucket/projects/ENG/repos/app/pull-requests/6/overview":
      "pull-request #6 ENG/app https://git.example.com/bitbucket/projects/ENG/repos/app/pull-requests/6",
    "https://git.example.com/projects/ENG/repos/app/pull-requests/6/diff#src/x.ts":
      "changes #6 ENG/app https://git.example.com/projects/ENG/repos/app/pull-requests/6",
    "https://git.example.com/users/kim/repos/app/pull-requests/6":
      "pull-request #6 ~kim/app https://git.example.com/users/kim/repos/app/pull-requests/6",
    "https://git.example.com/projects/ENG/repos/app/browse/src/x.ts?at=refs%2Fheads%2Ffeature%2Fy#10-20":
      "file x.ts ENG/app https://git.example.com/projects/ENG/repos/app/browse/src/x.ts",
  },
  "jira-cloud": {
    "https://acme.atlassian.net/browse/ABC-1": "ticket ABC-1 - https://acme.atlassian.net/browse/ABC-1",
    "https://acme.atlassian.net/jira/software/c/projects/ABC/boards/3/backlog?epics=visible&selectedIssue=ABC-2":
      "ticket ABC-2 - https://acme.atlassian.net/browse/ABC-2",
    "https://acme.atlassian.net/jira/core/projects/ABC/list?selectedIssue=abc-3":
      "ticket ABC-3 - https://acme.atlassian.net/browse/ABC-3",
    "https://acme.atlassian.net/issues/ABC-4?jql=x": "ticket ABC-4 - https://acme.atlassian.net/browse/ABC-4",
    "https://acme.atlassian.net/jira/software/projects/ABC/issues/ABC-5":
      "ticket ABC-5 - https://acme.atlassian.net/browse/ABC-5",
    "https://acme.atlassian.net/jira/servicedesk/projects/HELP/queues/custom/1/HELP-6":
      "ticket HELP-6 - https://acme.atlassian.net/browse/HELP-6",
    "https://acme.atlassian.net/secure/RapidBoard.jspa?rapidView=1&selectedIssue=ABC-7":
      "ticket ABC-7 - https://acme.atlassian.net/browse/ABC-7",
  },
  "jira-dc": {
    "https://jira.example.com/browse/ABC-1": "ticket ABC-1 - https://jira.example.com/browse/ABC-1",
    "https://example.com/tools/jira/browse/A_B2-1?filter=-1":
      "ticket A_B2-1 - https://example.com/tools/jira/browse/A_B2-1",
    "https://example.com/jira/projects/ABC/issues/ABC-2?filter=all":
      "ticket ABC-2 - https://example.com/jira/browse/ABC-2",
    "https://example.com/jira/secure/RapidBoard.jspa?rapidView=2&view=detail&selectedIssue=ABC-3":
      "ticket ABC-3 - https://example.com/jira/browse/ABC-3",
  },
};
