import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { adoptManifest } from "./adopt-manifest.ts";
import { sessionCookie } from "./authenticate.ts";
import type { ApiDeps } from "./call.ts";
import { createClientAddress } from "./client-address.ts";
import { cookieJar } from "./cookies.ts";
import { manifestCallback } from "./handlers/manifests.ts";
import type { Limits } from "./limits.ts";
import type { OAuthFlow } from "./oauth-flow.ts";
import { asProblem, type ProblemAnswer, problem } from "./problem.ts";

interface Bindings {
  readonly Bindings: Partial<HttpBindings>;
}

/** Nothing of these answers may be kept, framed, or told to the next page. */
const headers = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
};

const page = (publicUrl: string, { problem: told }: ProblemAnswer) => html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${told.title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}</style></head>
<body><main><h1>${told.title}</h1><p>${told.detail}</p>${told.cure === undefined ? "" : html`<p>${told.cure}</p>`}<p><a href="${publicUrl}/">Back to Ask OpenHands</a></p></main></body>
</html>`;

/** Where other servers send the browser back to. They answer people, so problems are small pages. */
export const createBrowserRoutes = (deps: ApiDeps, oauth: OAuthFlow, limits: Limits): Hono<Bindings> => {
  const app = new Hono<Bindings>();
  const clientAddress = createClientAddress(deps.trustedProxies);

  const answer = async (c: Context<Bindings>, finish: () => Promise<string>): Promise<Response> => {
    try {
      await limits.guess(
        clientAddress(c.env?.incoming?.socket.remoteAddress, c.req.header("x-forwarded-for")),
      );
      const path = await finish();
      for (const [name, value] of Object.entries(headers)) c.header(name, value);
      return c.redirect(path.startsWith("/") ? `${deps.publicUrl}${path}` : path, 303);
    } catch (cause) {
      const known = asProblem(cause, deps.now(), deps.redact);
      if (known === undefined)
        deps.log.error(
          {
            route: c.req.routePath,
            error: cause instanceof Error ? `${cause.name}: ${cause.message}` : "unknown",
          },
          "A callback failed",
        );
      const told = known ?? problem(500, "Something went wrong here. It is in the log; try again.");
      const response = await c.html(page(deps.publicUrl, told), told.problem.status as 400);
      for (const [name, value] of Object.entries({ ...headers, ...told.headers }))
        response.headers.set(name, value);
      return response;
    }
  };

  const urlOf = (c: { readonly req: { readonly url: string } }): URL => new URL(c.req.url);

  app.get("/oauth/callback/:platform/:host", (c) => {
    const cookies = cookieJar(c, deps.publicUrl);
    const { platform, host } = c.req.param();
    return answer(c, () =>
      oauth.finish({
        url: urlOf(c),
        platform,
        host,
        cookies,
        session: cookies.get(sessionCookie(deps.publicUrl)),
      }),
    );
  });
  app.get(new URL(manifestCallback("http://bot")).pathname, (c) => {
    const session = cookieJar(c, deps.publicUrl).get(sessionCookie(deps.publicUrl));
    return answer(c, () => adoptManifest(deps, urlOf(c).searchParams, session));
  });
  return app;
};
