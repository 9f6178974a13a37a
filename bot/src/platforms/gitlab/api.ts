import { Failure } from "@ask-openhands/core/failure.ts";
import {
  type GitLabDiscussion,
  type GitLabHook,
  type GitLabIssuable,
  type GitLabNote,
  type GitLabProject,
  gitlabCompare,
  gitlabDiscussion,
  gitlabGroup,
  gitlabHook,
  gitlabHookEvent,
  gitlabIssuable,
  gitlabLabelEvent,
  gitlabMember,
  gitlabNote,
  gitlabOAuthInfo,
  gitlabProject,
  gitlabTokenSelf,
  gitlabUser,
} from "@ask-openhands/core/wire/gitlab-api.ts";
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
import * as z from "zod";
import type { GitLabKind } from "./place.ts";
import { createRequester, type Line } from "./requester.ts";

type Project = string;

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

/** Where a hook hangs. */
export interface HookOwner {
  readonly type: "project" | "group";
  readonly id: string;
}

export interface HookSettings {
  readonly name: string;
  readonly description: string;
  readonly token: string;
  readonly signingToken?: string | undefined;
  readonly issuesEvents: true;
  readonly confidentialIssuesEvents: true;
  readonly mergeRequestsEvents: true;
  readonly noteEvents: true;
  readonly confidentialNoteEvents: true;
  readonly pushEvents: false;
  readonly enableSslVerification: boolean;
}

/** The calls we make to one GitLab server with one token; answers are checked, every error is a `Failure`. */
export type GitLabApi = ReturnType<typeof createGitLabApi>;

const hundred = { perPage: 100 } as const;

const checked = async <T>(schema: z.ZodType<T>, answer: Promise<unknown>): Promise<T> => {
  const parsed = schema.safeParse(await answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Failure(
    "unexpected-reply",
    `GitLab gave an answer that we do not understand (${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong"}). Its version may not fit ours.`,
  );
};

/** gitbeaker's classes are made one by one: its `Gitlab` class builds a hundred and fifty of them, each with rate limiters that our client does not need. */
export function createGitLabApi(line: Line) {
  const { requesterFn, http } = createRequester(line);
  // The requester puts the token in; gitbeaker wants to see one.
  const options = { host: line.baseUrl, requesterFn, rateLimits: {}, queryTimeout: null };
  const projects = new Projects(options);
  const groups = new Groups(options);
  const issues = new Issues(options);
  const mergeRequests = new MergeRequests(options);
  const hooks = { project: new ProjectHooks(options), group: new GroupHooks(options) };
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
  const hookPath = (owner: HookOwner, hook: string): string =>
    `${line.baseUrl}/api/v4/${owner.type}s/${owner.id}/hooks/${hook}`;

  return {
    http,
    user: () => checked(gitlabUser, new Users(options).showCurrentUser()),
    tokenSelf: () => checked(gitlabTokenSelf, new PersonalAccessTokens(options).show()),
    oauthInfo: () => http.json(gitlabOAuthInfo, { path: "/oauth/token/info" }),

    project: (id: Project) => checked(gitlabProject, projects.show(id)),
    /** Newest activity first. */
    projects: (
      filter: { search?: string; minAccessLevel: number },
      most: number,
    ): Promise<readonly GitLabProject[]> =>
      checked(
        z.array(gitlabProject),
        projects.all({
          membership: true,
          archived: false,
          orderBy: "last_activity_at",
          sort: "desc",
          ...filter,
          perPage: Math.min(most, 100),
          maxPages: Math.ceil(most / 100),
        }),
      ),
    groups: (minAccessLevel: number) =>
      checked(z.array(gitlabGroup), groups.all({ minAccessLevel, ...hundred, maxPages: 5 })),
    /** Membership counted with what comes from groups and invited groups. */
    member: (project: Project, user: string) =>
      checked(
        gitlabMember,
        new ProjectMembers(options).show(project, Number(user), { includeInherited: true }),
      ),

    issuable: (kind: GitLabKind, project: Project, iid: number): Promise<GitLabIssuable> =>
      checked(
        gitlabIssuable,
        kind === "issue" ? issues.show(iid, { projectId: project }) : mergeRequests.show(project, iid),
      ),
    /** Changed since then; `updatedAfter` is ISO 8601. */
    changed: (
      kind: GitLabKind,
      project: Project,
      updatedAfter: string,
    ): Promise<readonly GitLabIssuable[]> => {
      const filter = {
        projectId: project,
        updatedAfter,
        scope: "all",
        orderBy: "updated_at",
        sort: "asc",
        ...hundred,
        maxPages: 10,
      } as const;
      return checked(
        z.array(gitlabIssuable),
        kind === "issue" ? issues.all(filter) : mergeRequests.all(filter),
      );
    },
    /** Newest first. */
    notes: (
      kind: GitLabKind,
      project: Project,
      iid: number,
      orderBy: "created_at" | "updated_at",
      maxPages: number,
    ): Promise<readonly GitLabNote[]> =>
      checked(
        z.array(gitlabNote),
        talks[kind].notes.all(project, iid, { sort: "desc", orderBy, ...hundred, maxPages }),
      ),
    discussions: (kind: GitLabKind, project: Project, iid: number): Promise<readonly GitLabDiscussion[]> =>
      checked(
        z.array(gitlabDiscussion),
        talks[kind].discussions.all(project, iid, { ...hundred, maxPages: 20 }),
      ),
    labelEvents: (kind: GitLabKind, project: Project, iid: number) =>
      checked(
        z.array(gitlabLabelEvent),
        talks[kind].labelEvents.all(project, iid, { ...hundred, maxPages: 10 }),
      ),
    compare: (project: Project, from: string, to: string) =>
      checked(gitlabCompare, new Repositories(options).compare(project, from, to)),

    addNote: (
      kind: GitLabKind,
      project: Project,
      iid: number,
      body: string,
      internal: boolean,
    ): Promise<GitLabNote> =>
      checked(gitlabNote, talks[kind].notes.create(project, iid, body, internal ? { internal } : {})),
    replyTo: (
      kind: GitLabKind,
      project: Project,
      iid: number,
      discussion: string,
      body: string,
    ): Promise<GitLabNote> =>
      checked(gitlabNote, talks[kind].discussions.addNote(project, iid, discussion, body)),
    editNote: (
      kind: GitLabKind,
      project: Project,
      iid: number,
      note: string,
      body: string,
    ): Promise<GitLabNote> =>
      checked(gitlabNote, talks[kind].notes.edit(project, iid, Number(note), { body })),
    award: async (
      kind: GitLabKind,
      project: Project,
      iid: number,
      note: string | undefined,
      name: string,
    ): Promise<void> => {
      const talk = talks[kind];
      await (note === undefined
        ? talk.emoji.award(project, iid, name)
        : talk.noteEmoji.award(project, iid, Number(note), name));
    },

    hooks: (owner: HookOwner): Promise<readonly GitLabHook[]> =>
      checked(z.array(gitlabHook), hooks[owner.type].all(owner.id, { ...hundred })),
    addHook: (owner: HookOwner, url: string, settings: HookSettings): Promise<GitLabHook> =>
      checked(gitlabHook, hooks[owner.type].add(owner.id, url, defined(settings))),
    editHook: (owner: HookOwner, hook: string, url: string, settings: HookSettings): Promise<GitLabHook> =>
      checked(gitlabHook, hooks[owner.type].edit(owner.id, Number(hook), url, defined(settings))),
    removeHook: async (owner: HookOwner, hook: string): Promise<void> => {
      await hooks[owner.type].remove(owner.id, Number(hook));
    },
    /** The newest delivery; not in gitbeaker. GitLab keeps them for a week, and tells them since 17.3. */
    lastDelivery: async (owner: HookOwner, hook: string) =>
      (
        await http.json(z.array(gitlabHookEvent), {
          path: `${hookPath(owner, hook)}/events`,
          query: { per_page: 1 },
        })
      )[0],
    /** Sends a sample delivery, which also switches a disabled hook on again; not in gitbeaker. */
    testHook: (owner: HookOwner, hook: string, trigger: string): Promise<void> =>
      http.call({ method: "POST", path: `${hookPath(owner, hook)}/test/${trigger}` }),
  };
}

const defined = ({ signingToken, ...rest }: HookSettings) =>
  signingToken === undefined ? rest : { ...rest, signingToken };
