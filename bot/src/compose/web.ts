import { Hono } from "hono";
import type { ApiDeps } from "../api/call.ts";
import { createApi } from "../api/create-api.ts";
import { forgetExpired } from "../people/forget.ts";
import { createPage } from "./page.ts";

export interface Web {
  readonly app: Hono;
  close(): void;
}

const hour = 3_600_000;

/** Everything that the bot serves besides webhooks: operations, API, page. */
export const createWeb = (deps: ApiDeps, operations: Hono, pageFolder: string): Web => {
  const api = createApi(deps);
  const page = createPage(pageFolder);
  const app = new Hono();
  const isApi = (path: string): boolean => /^\/(api|oauth|manifest)(\/|$)/.test(path);
  const isOperation = (path: string): boolean => /^\/(health|ready|metrics)$/.test(path);
  app.all("*", (context) => {
    const { path } = context.req;
    // Each part gets the bindings too, for the address of the caller.
    if (isApi(path)) return api.app.fetch(context.req.raw, context.env as object);
    if (isOperation(path)) return operations.fetch(context.req.raw, context.env);
    return page.fetch(context.req.raw, context.env);
  });
  const tidying = setInterval(() => {
    forgetExpired(deps.people.directory, deps.now()).catch((cause: unknown) =>
      deps.log.warn({ error: String(cause) }, "Expired links and sessions could not be removed"),
    );
  }, hour).unref();
  return {
    app,
    close: () => {
      clearInterval(tidying);
      api.close();
    },
  };
};
