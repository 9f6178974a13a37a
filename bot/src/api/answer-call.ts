import { contract, type Shape } from "@ask-openhands/core/api/contract.ts";
import type { RouteFacts } from "@ask-openhands/core/api/route.ts";
import { type RouteName, routes } from "@ask-openhands/core/api/routes.ts";
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { judgeAccess } from "./access.ts";
import { authenticate, sessionCookie } from "./authenticate.ts";
import type { Actor, ApiDeps, Call, Handler } from "./call.ts";
import { createClientAddress } from "./client-address.ts";
import { cookieJar } from "./cookies.ts";
import type { Limits } from "./limits.ts";
import { asProblem, problem, problemOfIssues } from "./problem.ts";
import { readBody } from "./read-json.ts";
import { allowedOrigin, checkSameSite } from "./same-site.ts";
import { writeProblem } from "./write-problem.ts";

type ApiContext = Context<{ Bindings: Partial<HttpBindings> }>;

export interface AnswerCall {
  <Name extends RouteName>(
    c: ApiContext,
    name: Name,
    facts: RouteFacts,
    handler: Handler<Name>,
  ): Promise<Response>;
  preflight(c: ApiContext): Response;
}

const methods = "GET, POST, PATCH, PUT, DELETE";

/** Everything that is the same for every route: who, from where, may they, is it well-formed, and how the answer is written. */
export const createAnswerCall = (deps: ApiDeps, limits: Limits): AnswerCall => {
  const { people, publicUrl, now, log } = deps;
  const clientAddress = createClientAddress(deps.trustedProxies);

  const readParams = (c: ApiContext): Record<string, string> => {
    const params = c.req.param() as Record<string, string>;
    for (const value of Object.values(params))
      if (value.length > 300 || /[\p{Cc}]/u.test(value)) throw problem(404, "There is nothing with this id.");
    return params;
  };

  const readQuery = (c: ApiContext, shape: Shape): unknown => {
    if (shape.query === undefined) return undefined;
    const parsed = shape.query.safeParse(c.req.query());
    if (!parsed.success) throw problemOfIssues(parsed.error, "query");
    return parsed.data;
  };

  const write = (facts: RouteFacts, shape: Shape, reply: unknown): Response => {
    if (reply instanceof Response) return reply;
    if (facts.status === 204) return new Response(null, { status: 204 });
    // Only what the schema names leaves the house.
    const value = shape.reply.parse(reply);
    return new Response(JSON.stringify(value), {
      status: facts.status ?? 200,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
    });
  };

  const identify = async (
    authorization: string | undefined,
    cookie: string | undefined,
    address: string,
  ): Promise<Actor | undefined> => {
    try {
      return authenticate(people, authorization, cookie, now());
    } catch (cause) {
      // Who tries tokens is counted like everybody who is not signed in.
      await limits.call(address);
      throw cause;
    }
  };

  const answer = async <Name extends RouteName>(
    c: ApiContext,
    name: Name,
    facts: RouteFacts,
    handler: Handler<Name>,
  ): Promise<Response> => {
    const header = (key: string): string | undefined => c.req.header(key);
    const shape: Shape = contract[name];
    const cookies = cookieJar(c, publicUrl);
    const address = clientAddress(c.env?.incoming?.socket.remoteAddress, header("x-forwarded-for"));
    const cookie = cookies.get(sessionCookie(publicUrl));
    const actor =
      facts.special === "form" ? undefined : await identify(header("authorization"), cookie, address);
    // People behind one address do not wait for each other.
    await limits.call(actor?.personId ?? address);
    const params = readParams(c);
    // Somebody else's site must not even learn whether the session may do it.
    checkSameSite(people, { route: facts, actor, publicUrl, header, cookie });
    await judgeAccess(deps, facts, actor, params);
    const query = readQuery(c, shape);
    const body = await readBody(c.req.raw, facts, shape);
    const call = {
      name,
      params,
      query,
      body,
      actor,
      cookies,
      address,
      origin: header("origin"),
      signal: c.req.raw.signal,
    } as Call<Name>;
    return write(facts, shape, await handler(call));
  };

  const setCommon = (c: ApiContext, facts: RouteFacts | undefined, response: Response): Response => {
    const headers = new Headers(response.headers);
    for (const cookie of c.res.headers.getSetCookie()) headers.append("set-cookie", cookie);
    headers.set("x-content-type-options", "nosniff");
    headers.append("vary", "origin");
    const origin = facts === undefined ? undefined : allowedOrigin(people, facts, c.req.header("origin"));
    if (origin !== undefined) headers.set("access-control-allow-origin", origin);
    return new Response(response.body, { status: response.status, headers });
  };

  const safely = async <Name extends RouteName>(
    c: ApiContext,
    name: Name,
    facts: RouteFacts,
    handler: Handler<Name>,
  ): Promise<Response> => {
    try {
      return setCommon(c, facts, await answer(c, name, facts, handler));
    } catch (cause) {
      const known = asProblem(cause, now(), deps.redact);
      if (known === undefined)
        log.error(
          {
            route: name,
            error: cause instanceof Error ? `${cause.name}: ${cause.message}` : "unknown",
            stack: cause instanceof Error ? cause.stack : undefined,
          },
          "A route of the API failed",
        );
      return setCommon(
        c,
        facts,
        writeProblem(known ?? problem(500, "Something went wrong here. It is in the log; try again.")),
      );
    }
  };

  const preflight = (c: ApiContext): Response => {
    const isPairing = /\/device\/(authorize|token)$/.test(c.req.path);
    const origin = allowedOrigin(
      people,
      isPairing ? routes.authorizeDevice : routes.getMe,
      c.req.header("origin"),
    );
    if (origin === undefined) return writeProblem(problem(403, "Pages of other sites cannot call this API."));
    const headers = {
      "access-control-allow-origin": origin,
      "access-control-allow-methods": methods,
      "access-control-allow-headers": "authorization, content-type",
      "access-control-max-age": "600",
      vary: "origin",
    };
    return new Response(null, { status: 204, headers });
  };

  return Object.assign(safely, { preflight });
};
