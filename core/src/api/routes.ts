import type { RouteFacts } from "./route.ts";
import { connectionRoutes } from "./routes/connection-routes.ts";
import { runRoutes } from "./routes/run-routes.ts";
import { sessionRoutes } from "./routes/session-routes.ts";
import { workspaceRoutes } from "./routes/workspace-routes.ts";

/** Every route of `/api/v1`. Plain data: the bot serves and guards from it, the client calls by it, the OpenAPI document lists it. */
export const routes = {
  ...sessionRoutes,
  ...workspaceRoutes,
  ...connectionRoutes,
  ...runRoutes,
  getDocument: {
    method: "GET",
    path: "/openapi.json",
    may: "anyone",
    special: "document",
    says: "This API as OpenAPI 3.1.",
  },
} as const satisfies Readonly<Record<string, RouteFacts>>;

export type RouteName = keyof typeof routes;
