import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import { notFound, refuse } from "./access.ts";
import { listed } from "./lists.ts";
import { mayRead, named } from "./moved.ts";
import type { Server } from "./server.ts";
import type { Delivery } from "./state.ts";

const tokenBody = z.object({
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.string()).optional(),
});

/** What only the App itself may ask (signed in by JWT), and its installations. */
export function appRoutes({ state, shapes, access, caller, deliver }: Server): readonly FakeRoute[] {
  const asApp =
    (answer: (request: FakeRequest) => FakeReply) =>
    (request: FakeRequest): FakeReply =>
      caller(request)?.kind === "app"
        ? answer(request)
        : refuse(401, "A JSON web token could not be decoded");

  const app = () => ({
    id: state.app.id,
    slug: state.app.slug,
    name: "Ask OpenHands",
    html_url: `${state.base}/apps/${state.app.slug}`,
    owner: shapes.user(state.app.user),
    permissions: state.app.permissions,
    events: state.app.events,
  });
  const owner = () => state.repositories[0]?.owner ?? state.app.user;
  const installation = (id = state.installation.id, account = owner()) => ({
    id,
    account: shapes.user(account),
    app_id: state.app.id,
    app_slug: state.app.slug,
    repository_selection: "all",
    permissions: state.app.permissions,
    events: state.app.events,
    html_url: `${state.base}/settings/installations/${id}`,
    suspended_at: state.installation.suspended ? "2026-05-01T10:00:00Z" : null,
  });
  const others = () =>
    state.repositories.flatMap((one) =>
      one.installation === undefined ? [] : installation(one.installation, one.owner),
    );
  const ours = (request: FakeRequest) =>
    [installation(), ...others()].find(({ id }) => Number(request.params["id"]) === id);
  const config = () => ({ url: state.hook.url, content_type: "json", insecure_ssl: "0", secret: "********" });
  const summary = (one: Delivery) => ({
    id: one.id,
    guid: one.guid,
    delivered_at: one.at,
    redelivery: false,
    duration: 0.1,
    status: one.status < 300 ? "OK" : "Invalid HTTP Response",
    status_code: one.status,
    event: one.event,
    action: one.action,
    installation_id: state.installation.id,
    repository_id: null,
  });
  const deliveryOf = (request: FakeRequest): Delivery | undefined =>
    state.deliveries.find((one) => one.id === Number(request.params["id"]));

  return [
    ["GET", "/api/v3/app", asApp(() => ({ json: app() }))],
    [
      "GET",
      "/api/v3/app/installations",
      asApp((request) => listed(request, state.base, [installation(), ...others()])),
    ],
    [
      "GET",
      "/api/v3/app/installations/:id",
      asApp((request) => {
        const found = ours(request);
        return found ? { json: found } : notFound;
      }),
    ],
    [
      "GET",
      "/api/v3/repos/:owner/:repo/installation",
      asApp((request) => {
        const known = named(state, `${request.params["owner"]}/${request.params["repo"]}`);
        if (known === undefined) return notFound;
        return {
          json:
            known.installation === undefined ? installation() : installation(known.installation, known.owner),
        };
      }),
    ],
    [
      "POST",
      "/api/v3/app/installations/:id/access_tokens",
      asApp((request) => {
        const found = ours(request);
        if (found === undefined) return notFound;
        if (state.installation.suspended) return refuse(403, "This installation has been suspended");
        const body = tokenBody.parse(request.json ?? {});
        const permissions = body.permissions ?? state.app.permissions;
        const excess = Object.entries(permissions).some(
          ([name, level]) => state.app.permissions[name] !== level && state.app.permissions[name] !== "write",
        );
        if (excess) return refuse(422, "The permissions requested are not granted to this installation.");
        const token = `ghs_${randomBytes(18).toString("hex")}`;
        access.tokens.set(token, {
          kind: "installation",
          id: found.id,
          user: state.app.user,
          permissions,
          ...(body.repository_ids ? { repositories: body.repository_ids } : {}),
        });
        return {
          status: 201,
          json: {
            token,
            expires_at: new Date(Date.now() + 3_600_000).toISOString(),
            permissions,
            repository_selection: body.repository_ids ? "selected" : "all",
          },
        };
      }),
    ],
    [
      "GET",
      "/api/v3/installation/repositories",
      (request) => {
        const who = caller(request);
        if (who?.kind !== "installation")
          return refuse(403, "Resource not accessible by personal access token");
        const seen = state.repositories.filter((one) => mayRead(state, one, who));
        return listed(
          request,
          state.base,
          seen.map((one) => shapes.repository(one)),
          (repositories) => ({ total_count: seen.length, repositories }),
        );
      },
    ],
    ["GET", "/api/v3/app/hook/config", asApp(() => ({ json: config() }))],
    [
      "PATCH",
      "/api/v3/app/hook/config",
      asApp((request) => {
        state.hook.url = String(request.body["url"] ?? state.hook.url);
        state.hook.secret = String(request.body["secret"] ?? state.hook.secret);
        return { json: config() };
      }),
    ],
    [
      "GET",
      "/api/v3/app/hook/deliveries",
      asApp((request) => {
        const size = Number(request.query.get("per_page") ?? 30);
        const from = Number(request.query.get("cursor") ?? 0);
        const more = from + size < state.deliveries.length;
        const headers = more
          ? {
              link: `<${state.base}/api/v3/app/hook/deliveries?per_page=${size}&cursor=${from + size}>; rel="next"`,
            }
          : {};
        return { json: state.deliveries.slice(from, from + size).map(summary), headers };
      }),
    ],
    [
      "GET",
      "/api/v3/app/hook/deliveries/:id",
      asApp((request) => {
        const one = deliveryOf(request);
        return one
          ? {
              json: {
                ...summary(one),
                url: state.hook.url,
                request: { headers: one.headers, payload: one.payload },
                response: { headers: {}, payload: "" },
              },
            }
          : notFound;
      }),
    ],
    [
      "POST",
      "/api/v3/app/hook/deliveries/:id/attempts",
      asApp((request) => {
        const one = deliveryOf(request);
        if (!one) return notFound;
        deliver.again(one);
        return { status: 202, json: {} };
      }),
    ],
  ];
}
