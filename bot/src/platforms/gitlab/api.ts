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
import * as z from "zod";
import type { GitLabKind } from "./place.ts";
import { createRequester, type Line } from "./requester.ts";
import type { Project, Resources } from "./resources.ts";

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

export function createGitLabApi(line: Line) {
  const { answer, http } = createRequester(line);
  /** gitbeaker takes long to load and 7 MB: only a bot that asks a GitLab pays. */
  let resources: Promise<Resources> | undefined;
  const load = (): Promise<Resources> => {
    resources ??= import("./resources.ts").then(({ createResources }) =>
      createResources(line.baseUrl, answer),
    );
    return resources;
  };
  const ask = async <T>(schema: z.ZodType<T>, call: (resources: Resources) => Promise<unknown>): Promise<T> =>
    checked(schema, call(await load()));
  const hookPath = (owner: HookOwner, hook: string): string =>
    `${line.baseUrl}/api/v4/${owner.type}s/${owner.id}/hooks/${hook}`;

  return {
    http,
    user: () => ask(gitlabUser, ({ users }) => users.showCurrentUser()),
    tokenSelf: () => ask(gitlabTokenSelf, ({ tokens }) => tokens.show()),
    oauthInfo: () => http.json(gitlabOAuthInfo, { path: "/oauth/token/info" }),

    project: (id: Project) => ask(gitlabProject, ({ projects }) => projects.show(id)),
    /** Newest activity first. */
    projects: (
      filter: { search?: string; minAccessLevel: number },
      most: number,
    ): Promise<readonly GitLabProject[]> =>
      ask(z.array(gitlabProject), ({ projects }) =>
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
      ask(z.array(gitlabGroup), ({ groups }) => groups.all({ minAccessLevel, ...hundred, maxPages: 5 })),
    /** Membership counted with what comes from groups and invited groups. */
    member: (project: Project, user: string) =>
      ask(gitlabMember, ({ members }) => members.show(project, Number(user), { includeInherited: true })),

    issuable: (kind: GitLabKind, project: Project, iid: number): Promise<GitLabIssuable> =>
      ask(gitlabIssuable, ({ issues, mergeRequests }) =>
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
      return ask(z.array(gitlabIssuable), ({ issues, mergeRequests }) =>
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
      ask(z.array(gitlabNote), ({ talks }) =>
        talks[kind].notes.all(project, iid, { sort: "desc", orderBy, ...hundred, maxPages }),
      ),
    discussions: (kind: GitLabKind, project: Project, iid: number): Promise<readonly GitLabDiscussion[]> =>
      ask(z.array(gitlabDiscussion), ({ talks }) =>
        talks[kind].discussions.all(project, iid, { ...hundred, maxPages: 20 }),
      ),
    labelEvents: (kind: GitLabKind, project: Project, iid: number) =>
      ask(z.array(gitlabLabelEvent), ({ talks }) =>
        talks[kind].labelEvents.all(project, iid, { ...hundred, maxPages: 10 }),
      ),
    compare: (project: Project, from: string, to: string) =>
      ask(gitlabCompare, ({ repositories }) => repositories.compare(project, from, to)),

    addNote: (
      kind: GitLabKind,
      project: Project,
      iid: number,
      body: string,
      internal: boolean,
    ): Promise<GitLabNote> =>
      ask(gitlabNote, ({ talks }) =>
        talks[kind].notes.create(project, iid, body, internal ? { internal } : {}),
      ),
    replyTo: (
      kind: GitLabKind,
      project: Project,
      iid: number,
      discussion: string,
      body: string,
    ): Promise<GitLabNote> =>
      ask(gitlabNote, ({ talks }) => talks[kind].discussions.addNote(project, iid, discussion, body)),
    editNote: (
      kind: GitLabKind,
      project: Project,
      iid: number,
      note: string,
      body: string,
    ): Promise<GitLabNote> =>
      ask(gitlabNote, ({ talks }) => talks[kind].notes.edit(project, iid, Number(note), { body })),
    award: async (
      kind: GitLabKind,
      project: Project,
      iid: number,
      note: string | undefined,
      name: string,
    ): Promise<void> => {
      const talk = (await load()).talks[kind];
      await (note === undefined
        ? talk.emoji.award(project, iid, name)
        : talk.noteEmoji.award(project, iid, Number(note), name));
    },

    hooks: (owner: HookOwner): Promise<readonly GitLabHook[]> =>
      ask(z.array(gitlabHook), ({ hooks }) => hooks[owner.type].all(owner.id, { ...hundred })),
    addHook: (owner: HookOwner, url: string, settings: HookSettings): Promise<GitLabHook> =>
      ask(gitlabHook, ({ hooks }) => hooks[owner.type].add(owner.id, url, defined(settings))),
    editHook: (owner: HookOwner, hook: string, url: string, settings: HookSettings): Promise<GitLabHook> =>
      ask(gitlabHook, ({ hooks }) => hooks[owner.type].edit(owner.id, Number(hook), url, defined(settings))),
    removeHook: async (owner: HookOwner, hook: string): Promise<void> => {
      await (await load()).hooks[owner.type].remove(owner.id, Number(hook));
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
