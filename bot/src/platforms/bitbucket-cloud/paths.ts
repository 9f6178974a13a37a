/**
 * The operations of Bitbucket Cloud's REST API that we use, in the form openapi-fetch takes types in. Written by hand: types generated from the whole
 * document (193 paths) have tens of thousands of lines. Answers are `unknown` here and checked by `core/wire/bitbucket-cloud.ts`; requests are
 * checked against the document itself in tests. https://developer.atlassian.com/cloud/bitbucket/rest/
 */

interface Answer {
  readonly responses: { readonly 200: { readonly content: { readonly "application/json": unknown } } };
}

interface Body<T> {
  readonly requestBody: { readonly content: { readonly "application/json": T } };
}

/** `q`, `sort` and `pagelen` are described once for all lists. https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering */
interface List {
  readonly parameters: {
    readonly query?: {
      readonly q?: string;
      readonly sort?: string;
      readonly pagelen?: number;
      readonly role?: "member" | "contributor" | "admin";
      readonly state?: readonly string[];
      readonly administrator?: boolean;
    };
  };
}

interface In<Names extends string> {
  readonly parameters: { readonly path: Readonly<Record<Names, string>> };
}

type InRepository = In<"workspace" | "repo_slug">;
type InPullRequest = In<"workspace" | "repo_slug" | "pull_request_id">;
type InComment = In<"workspace" | "repo_slug" | "pull_request_id" | "comment_id">;

export interface CommentBody {
  readonly content: { readonly raw: string };
  readonly parent?: { readonly id: number };
}

export interface HookBody {
  readonly description: string;
  readonly url: string;
  readonly active: boolean;
  readonly secret: string;
  readonly events: readonly string[];
}

export interface CloudPaths {
  "/user": { get: Answer };
  "/user/workspaces": { get: Answer & List };
  "/user/workspaces/{workspace}/permissions/repositories": { get: Answer & List & In<"workspace"> };
  "/workspaces/{workspace}/permissions/repositories/{repo_slug}": { get: Answer & List & InRepository };
  "/workspaces/{workspace}/hooks": {
    get: Answer & List & In<"workspace">;
    post: Answer & In<"workspace"> & Body<HookBody>;
  };
  "/workspaces/{workspace}/hooks/{uid}": {
    put: Answer & In<"workspace" | "uid"> & Body<HookBody>;
    delete: Answer & In<"workspace" | "uid">;
  };
  "/repositories/{workspace}": { get: Answer & List & In<"workspace"> };
  "/repositories/{workspace}/{repo_slug}": { get: Answer & InRepository };
  "/repositories/{workspace}/{repo_slug}/hooks": {
    get: Answer & List & InRepository;
    post: Answer & InRepository & Body<HookBody>;
  };
  "/repositories/{workspace}/{repo_slug}/hooks/{uid}": {
    put: Answer & In<"workspace" | "repo_slug" | "uid"> & Body<HookBody>;
    delete: Answer & In<"workspace" | "repo_slug" | "uid">;
  };
  "/repositories/{workspace}/{repo_slug}/pullrequests": { get: Answer & List & InRepository };
  "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}": { get: Answer & InPullRequest };
  "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/activity": {
    get: Answer & List & InPullRequest;
  };
  "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments": {
    get: Answer & List & InPullRequest;
    post: Answer & InPullRequest & Body<CommentBody>;
  };
  "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments/{comment_id}": {
    put: Answer & InComment & Body<CommentBody>;
  };
}
