import { contract, type Shape } from "@ask-openhands/core/api/contract.ts";
import type { RouteFacts } from "@ask-openhands/core/api/route.ts";
import { type RouteName, routes } from "@ask-openhands/core/api/routes.ts";
import { problemSchema } from "@ask-openhands/core/api/schemas/common.ts";
import { deviceErrorSchema } from "@ask-openhands/core/api/schemas/device.ts";
import * as z from "zod";

type Json = Record<string, unknown>;

const describe = (schema: z.ZodType, io: "input" | "output"): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json;
  return rest;
};

const parametersOf = (facts: RouteFacts, shape: Shape): Json[] => {
  const path = [...facts.path.matchAll(/:([a-z]+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string", maxLength: 300 },
  }));
  if (shape.query === undefined) return path;
  const schema = describe(shape.query, "input");
  const required = (schema["required"] ?? []) as readonly string[];
  const query = Object.entries((schema["properties"] ?? {}) as Record<string, Json>).map(([name, part]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema: part,
  }));
  return [...path, ...query];
};

const problemAnswer = {
  description: "A problem, with one sentence for a person.",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

const answersOf = (facts: RouteFacts, shape: Shape): Json => {
  const status = String(facts.status ?? 200);
  const deviceError =
    facts.special === "form"
      ? {
          "400": {
            description: "RFC 8628 section 3.5.",
            content: {
              "application/json": { schema: describe(deviceErrorSchema, "output") },
              ...problemAnswer.content,
            },
          },
        }
      : {};
  if (facts.status === 204) return { [status]: { description: "Done." }, default: problemAnswer };
  const content =
    facts.special === "events"
      ? { "text/event-stream": { schema: { type: "string" } } }
      : { "application/json": { schema: describe(shape.reply, "output") } };
  return { [status]: { description: facts.says, content }, ...deviceError, default: problemAnswer };
};

const securityOf = (facts: RouteFacts): Json[] => {
  if (facts.may === "anyone") return [];
  return facts.session === true ? [{ session: [] }] : [{ session: [] }, { token: [] }];
};

const bodyOf = (facts: RouteFacts, shape: Shape): Json => {
  if (shape.body === undefined) return {};
  const schema = describe(shape.body, "input");
  const form = facts.special === "form" ? { "application/x-www-form-urlencoded": { schema } } : {};
  return { requestBody: { required: true, content: { "application/json": { schema }, ...form } } };
};

const operationOf = (name: RouteName): Json => {
  const facts: RouteFacts = routes[name];
  const shape: Shape = contract[name];
  return {
    operationId: name,
    summary: facts.says,
    "x-access": facts.may,
    security: securityOf(facts),
    parameters: parametersOf(facts, shape),
    ...bodyOf(facts, shape),
    responses: answersOf(facts, shape),
  };
};

/** The API as OpenAPI 3.1, made from the same tables that serve it. */
export const openApiDocument = ({
  publicUrl,
  version,
}: {
  readonly publicUrl: string;
  readonly version: string;
}): Json => {
  const paths: Record<string, Json> = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const facts: RouteFacts = routes[name];
    const path = facts.path.replaceAll(/:([a-z]+)/g, "{$1}");
    paths[path] = { ...paths[path], [facts.method.toLowerCase()]: operationOf(name) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Ask OpenHands", version, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: `${publicUrl}/api/v1` }],
    paths,
    components: {
      schemas: { Problem: describe(problemSchema, "output") },
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: publicUrl.startsWith("https://") ? "__Host-session" : "session",
          description: "Browser session; changes also need the header X-CSRF-Token.",
        },
        token: {
          type: "http",
          scheme: "bearer",
          description: "Personal API token, or the token of a paired device.",
        },
      },
    },
  };
};
