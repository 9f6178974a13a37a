import { randomUUID } from "node:crypto";
import type { Sent } from "../../contracts/platform-subject.ts";
import { createDeliveries, type Deliveries } from "../deliveries.ts";
import { type FakeServer, startFake } from "../http.ts";
import { openApi } from "../openapi.ts";
import { accountRoutes } from "./account-routes.ts";
import { createActs, type GitLabActs } from "./acts.ts";
import { createEvents, type GitLabEvent, headersOf, sign } from "./events.ts";
import { hookRoutes } from "./hook-routes.ts";
import { createState, type FakeProject, type FakeUser, type GitLabState } from "./state.ts";
import { talkRoutes } from "./talk-routes.ts";

export interface FakeGitLabSettings {
  /** Context path: `/gitlab`. */
  readonly prefix?: string | undefined;
  /** Group webhooks exist. */
  readonly premium?: boolean | undefined;
  /** Release that can sign its deliveries. */
  readonly signs?: boolean | undefined;
}

export interface FakeGitLab {
  /** With context path. */
  readonly url: string;
  /** As `Place.host`. */
  readonly host: string;
  readonly server: FakeServer;
  readonly state: GitLabState;
  readonly acts: GitLabActs;
  readonly deliveries: Deliveries<GitLabEvent>;
  addUser(username: string, more?: { readonly bot?: boolean; readonly name?: string }): FakeUser;
  addProject(
    path: string,
    more?: { readonly personal?: boolean; readonly visibility?: "private" | "public" },
  ): FakeProject;
  /** A token as `glpat-…` for this account. */
  addToken(user: FakeUser, scopes?: readonly string[]): string;
  close(): Promise<void>;
}

/** The same delivery signed anew with another secret: as signature where it carries one, else as the plain token. */
export const signedWith = (sent: Sent, secret: string): Sent => {
  const { "webhook-id": id, "webhook-timestamp": seconds } = sent.headers;
  if (id === undefined || seconds === undefined)
    return { ...sent, headers: { ...sent.headers, "x-gitlab-token": secret } };
  return {
    ...sent,
    headers: { ...sent.headers, "webhook-signature": sign(secret, id, seconds, sent.bytes) },
  };
};

/** A GitLab server on loopback: projects, people, issues, merge requests, discussions, webhooks and their deliveries. */
export const startFakeGitLab = async (settings: FakeGitLabSettings = {}): Promise<FakeGitLab> => {
  const prefix = settings.prefix ?? "";
  let base = "";
  const state = createState({
    base: () => base,
    premium: settings.premium ?? true,
    signs: settings.signs ?? true,
  });
  const events = createEvents(state);
  const deliveries = createDeliveries<GitLabEvent>((event) => {
    event.hook.deliveries.push({ response_status: "200", created_at: state.now(), trigger: event.name });
    const { pathname } = new URL(event.hook.url);
    return {
      method: "POST",
      path: pathname,
      headers: headersOf(event, new URL(base).origin),
      bytes: Buffer.from(event.body),
    };
  });
  const acts = createActs(state, events, deliveries);
  const api = `${prefix}/api/v4`;
  const server = await startFake({
    routes: [
      ...accountRoutes(state, prefix, api),
      ...hookRoutes(state, api),
      ...talkRoutes(state, acts, api),
    ],
    openApi: [openApi("gitlab/openapi/openapi_v3.trimmed.json", { prefix })],
  });
  base = `${server.url}${prefix}`;

  return {
    url: base,
    host: new URL(base).host + prefix,
    server,
    state,
    acts,
    deliveries,
    addUser(username, more = {}) {
      const user: FakeUser = {
        id: state.next(),
        username,
        name: more.name ?? username,
        bot: more.bot ?? false,
        state: "active",
      };
      state.users.push(user);
      return user;
    },
    addProject(path, more = {}) {
      const namespace = {
        kind: more.personal ? ("user" as const) : ("group" as const),
        path: path.slice(0, path.lastIndexOf("/")),
      };
      const project: FakeProject = {
        id: state.next(),
        path,
        namespace,
        formerPaths: [],
        visibility: more.visibility ?? "private",
        members: new Map(),
        iid: { issue: 0, "pull-request": 0 },
      };
      state.projects.push(project);
      return project;
    },
    addToken(user, scopes = ["api"]) {
      const value = `glpat-${randomUUID()}`;
      state.tokens.set(value, { user, scopes });
      return value;
    },
    close: () => server.close(),
  };
};
