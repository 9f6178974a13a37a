import type { RouteFacts } from "@ask-openhands/core/api/route.ts";
import { type RouteName, routes } from "@ask-openhands/core/api/routes.ts";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { createAnswerCall } from "./answer-call.ts";
import { createBrowserRoutes } from "./browser-routes.ts";
import type { ApiDeps, Handlers } from "./call.ts";
import { createConnectionHandlers } from "./handlers/connections.ts";
import { createHookHandlers } from "./handlers/hooks.ts";
import { createManifestHandlers } from "./handlers/manifests.ts";
import { createMeHandlers } from "./handlers/me.ts";
import { createMemberHandlers } from "./handlers/members.ts";
import { createPlaceHandlers } from "./handlers/places.ts";
import { createRunHandlers } from "./handlers/runs.ts";
import { createSecretHandlers } from "./handlers/secrets.ts";
import { createSessionHandlers } from "./handlers/session.ts";
import { createSiteHandlers } from "./handlers/sites.ts";
import { createWorkspaceHandlers } from "./handlers/workspaces.ts";
import { createLimits, type Limits } from "./limits.ts";
import { createOAuthFlow } from "./oauth-flow.ts";
import { openApiDocument } from "./open-api-document.ts";
import { problem } from "./problem.ts";
import { createRunWatch } from "./run-watch.ts";
import { writeProblem } from "./write-problem.ts";

export interface Api {
  /** `/api/v1/*`, `/oauth/callback/*` and `/manifest/callback`. */
  readonly app: Hono<{ Bindings: Partial<HttpBindings> }>;
  /** Ends the streams of those who watch. */
  close(): void;
}

export const apiPrefix = "/api/v1";

/** The REST API. Every route, its access and its schemas come from `core/api`. */
export const createApi = (deps: ApiDeps, limits: Limits = createLimits()): Api => {
  const watch = createRunWatch(deps);
  const oauth = createOAuthFlow(deps);
  const handlers: Handlers = {
    ...createSessionHandlers(deps, limits, oauth),
    ...createMeHandlers(deps, limits),
    ...createWorkspaceHandlers(deps),
    ...createMemberHandlers(deps),
    ...createConnectionHandlers(deps),
    ...createManifestHandlers(deps),
    ...createSiteHandlers(deps),
    ...createHookHandlers(deps),
    ...createSecretHandlers(deps),
    ...createRunHandlers(deps, watch),
    ...createPlaceHandlers(deps),
    getDocument: () => openApiDocument({ publicUrl: deps.publicUrl, version: deps.version }),
  };

  const app = new Hono<{ Bindings: Partial<HttpBindings> }>();
  const answerCall = createAnswerCall(deps, limits);
  const serve = <Name extends RouteName>(name: Name): void => {
    const facts: RouteFacts = routes[name];
    app.on(facts.method, `${apiPrefix}${facts.path}`, (c) => answerCall(c, name, facts, handlers[name]));
  };
  for (const name of Object.keys(routes) as RouteName[]) serve(name);
  app.options(`${apiPrefix}/*`, (c) => answerCall.preflight(c));
  app.all(`${apiPrefix}/*`, (c) => {
    const path = c.req.path.slice(apiPrefix.length);
    return writeProblem(
      problem(404, `There is no ${c.req.method} ${path.slice(0, 200)}. See ${apiPrefix}/openapi.json.`),
    );
  });
  app.route("/", createBrowserRoutes(deps, oauth, limits));
  return { app, close: watch.close };
};
