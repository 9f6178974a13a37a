import { generateKeyPairSync } from "node:crypto";
import { type FakeServer, startFake } from "../http.ts";
import { openApi } from "../openapi.ts";
import type { FakeReply, FakeRequest } from "../routes.ts";
import { type Access, type Caller, createAccess, refuse } from "./access.ts";
import { appRoutes } from "./app-routes.ts";
import { type Changes, createChanges } from "./changes.ts";
import { createDeliver, type Deliver } from "./deliver.ts";
import { graphqlRoutes } from "./graphql-routes.ts";
import { issueRoutes } from "./issue-routes.ts";
import { byNumber, mayRead, named, redirectOf } from "./moved.ts";
import { repositoryRoutes } from "./repository-routes.ts";
import { createShapes, type Shapes } from "./shapes.ts";
import { createSignIn, type SignIn, signInPaths, signInRoutes } from "./sign-in-routes.ts";
import { createState, type Repository, type Role, type State, type User } from "./state.ts";

/** What the routes work with. */
export interface Server {
  readonly state: State;
  readonly shapes: Shapes;
  readonly changes: Changes;
  readonly deliver: Deliver;
  readonly access: Access;
  caller(request: FakeRequest): Caller | undefined;
  /** The repository in the path, when the caller may see it. */
  repositoryOf(request: FakeRequest, who: Caller | undefined): Repository | undefined;
}

export interface FakeGitHub extends Server {
  readonly http: FakeServer;
  readonly signIn: SignIn;
  /** Private key of the App. */
  readonly privateKey: string;
  addUser(login: string, type?: User["type"]): User;
  addRepository(
    owner: User,
    name: string,
    roles: readonly (readonly [User, Role])[],
    settings?: { readonly private?: boolean },
  ): Repository;
}

/** Suspending blocks an App's access at once, tokens that it has included. https://docs.github.com/apps/maintaining-github-apps/suspending-a-github-app-installation */
const suspendedAt = ({ state, caller }: Server, request: FakeRequest): FakeReply | undefined => {
  const who = caller(request);
  return who?.kind === "installation" && who.id === state.installation.id && state.installation.suspended
    ? refuse(403, "This installation has been suspended")
    : undefined;
};

// Making a key takes a second: one for all fakes of a process.
const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

/** A GitHub Enterprise Server on loopback: state, REST under `/api/v3`, App sign-in, signed deliveries. */
export async function startFakeGitHub(): Promise<FakeGitHub> {
  const state = createState();
  const shapes = createShapes(state);
  const deliver = createDeliver(state, shapes);
  const access = createAccess(state, keys.publicKey);
  const server: Server = {
    state,
    shapes,
    deliver,
    access,
    changes: createChanges(state, shapes, deliver),
    caller: access.callerOf,
    repositoryOf(request, who) {
      const { owner, repo } = request.params;
      const found = named(state, `${owner}/${repo}`);
      return found && who && mayRead(state, found, who) ? found : undefined;
    },
  };
  const signIn = createSignIn();
  const http = await startFake({
    routes: [
      ...byNumber(server, [...issueRoutes(server), ...repositoryRoutes(server)]),
      ...graphqlRoutes(server),
      ...appRoutes(server),
      ...signInRoutes({ ...server, signIn }, keys.privateKey),
    ],
    before: (request) =>
      access.callerOf(request) || signInPaths.test(request.path) || request.path.startsWith("/private/")
        ? (suspendedAt(server, request) ?? redirectOf(server, request))
        : refuse(401, "Bad credentials"),
    openApi: [openApi("github/openapi/api.github.com.trimmed.json", { prefix: "/api/v3" })],
  });
  state.base = http.url;

  return {
    ...server,
    signIn,
    http,
    privateKey: keys.privateKey,
    addUser(login, type = "User") {
      const user: User = { id: state.nextId(), login, type };
      state.users.push(user);
      return user;
    },
    addRepository(owner, name, roles, settings = {}) {
      const repository: Repository = {
        id: state.nextId(),
        owner,
        name,
        private: settings.private ?? false,
        roles: new Map(roles.map(([user, role]) => [user.id, role])),
        branches: new Map([["main", "a".repeat(40)]]),
        files: new Map(),
        hooks: [],
      };
      state.repositories.push(repository);
      return repository;
    },
  };
}
