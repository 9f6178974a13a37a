import { createRequesterFn, type RequestHandlerFn } from "@gitbeaker/requester-utils";
import {
  GroupHooks,
  Groups,
  IssueAwardEmojis,
  IssueDiscussions,
  IssueLabelEvents,
  IssueNoteAwardEmojis,
  IssueNotes,
  Issues,
  MergeRequestAwardEmojis,
  MergeRequestDiscussions,
  MergeRequestLabelEvents,
  MergeRequestNoteAwardEmojis,
  MergeRequestNotes,
  MergeRequests,
  PersonalAccessTokens,
  ProjectHooks,
  ProjectMembers,
  Projects,
  Repositories,
  Users,
} from "@gitbeaker/rest";
import type { GitLabKind } from "./place.ts";

export type Project = string;

/** Notes, discussions, emoji and label events of issues and merge requests: the same calls on two gitbeaker classes each. */
interface Talk {
  readonly notes: {
    all(
      project: Project,
      iid: number,
      options: {
        sort?: "asc" | "desc";
        orderBy?: "created_at" | "updated_at";
        perPage?: number;
        maxPages?: number;
      },
    ): Promise<unknown>;
    create(project: Project, iid: number, body: string, options?: { internal?: boolean }): Promise<unknown>;
    edit(project: Project, iid: number, note: number, options: { body: string }): Promise<unknown>;
  };
  readonly discussions: {
    all(project: Project, iid: number, options: { perPage?: number; maxPages?: number }): Promise<unknown>;
    addNote(project: Project, iid: number, discussion: string, body: string): Promise<unknown>;
  };
  readonly noteEmoji: { award(project: Project, iid: number, note: number, name: string): Promise<unknown> };
  readonly emoji: { award(project: Project, iid: number, name: string): Promise<unknown> };
  readonly labelEvents: {
    all(project: Project, iid: number, options: { perPage?: number; maxPages?: number }): Promise<unknown>;
  };
}

export type Resources = ReturnType<typeof createResources>;

/** gitbeaker's classes are made one by one: its `Gitlab` class builds a hundred and fifty of them, each with rate limiters that our client does not need. */
export function createResources(host: string, answer: RequestHandlerFn) {
  const requesterFn = createRequesterFn((_, options) => Promise.resolve(options), answer);
  // The requester puts the token in; gitbeaker wants to see one.
  const options = { host, requesterFn, rateLimits: {}, queryTimeout: null };
  const talks: Readonly<Record<GitLabKind, Talk>> = {
    issue: {
      notes: new IssueNotes(options),
      discussions: new IssueDiscussions(options),
      noteEmoji: new IssueNoteAwardEmojis(options),
      emoji: new IssueAwardEmojis(options),
      labelEvents: new IssueLabelEvents(options),
    },
    "pull-request": {
      notes: new MergeRequestNotes(options),
      discussions: new MergeRequestDiscussions(options),
      noteEmoji: new MergeRequestNoteAwardEmojis(options),
      emoji: new MergeRequestAwardEmojis(options),
      labelEvents: new MergeRequestLabelEvents(options),
    },
  };
  return {
    talks,
    projects: new Projects(options),
    groups: new Groups(options),
    issues: new Issues(options),
    mergeRequests: new MergeRequests(options),
    members: new ProjectMembers(options),
    repositories: new Repositories(options),
    users: new Users(options),
    tokens: new PersonalAccessTokens(options),
    hooks: { project: new ProjectHooks(options), group: new GroupHooks(options) },
  };
}
