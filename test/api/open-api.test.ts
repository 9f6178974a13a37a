import { routes } from "@ask-openhands/core/api/routes.ts";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";
import type { Browser } from "./browser.ts";
import { seed, seededParams, seedRun } from "./seed.ts";

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: object } } };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: { readonly Problem: object } };
}

let world: ApiWorld;
let document: Document;
let owner: Browser;

beforeAll(async () => {
  world = await createApiWorld();
  await seed(world);
  await seedRun(world);
  owner = await world.signedIn("owner", "owner");
  document = (await owner.request("GET", "/api/v1/openapi.json")).json as Document;
});
afterAll(() => world.end());

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

/** The path with ids, each of them given or one that exists. */
const fill = (path: string, id: (name: string) => string): string =>
  `/api/v1${path.replaceAll(/\{([a-z]+)\}/g, (_all, name: string) => encodeURIComponent(id(name)))}`;

const seededId = (name: string): string => (seededParams as Readonly<Record<string, string>>)[name] ?? "x";

const isSentence = /^\S[^\n]*[.!?]$/;
const insides = /\bat .*:\d+:\d+|node_modules|SQLITE|Error:|\/work\/|undefined|\[object|ZodError/;

const expectProblem = (answered: Awaited<ReturnType<Browser["request"]>>, what: string): void => {
  expect(answered.status, `${what}: ${answered.text}`).toBeGreaterThanOrEqual(400);
  expect(answered.status, `${what}: ${answered.text}`).toBeLessThan(500);
  expect(answered.headers.get("content-type"), what).toBe("application/problem+json");
  expect(ajv.validate(document.components.schemas.Problem, answered.json), JSON.stringify(ajv.errors)).toBe(
    true,
  );
  const { detail, status } = answered.json as { readonly detail: string; readonly status: number };
  expect(status).toBe(answered.status);
  expect(detail, what).toMatch(isSentence);
  expect(answered.text, what).not.toMatch(insides);
};

/** RFC 8628 answers its own errors in its own form. */
const isDevice = (path: string): boolean => path.startsWith("/device/") && !path.includes("pairings");

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1 and names every route", async () => {
    expect(document.openapi).toBe("3.1.0");
    const config = await createConfig({
      rules: {
        struct: "error",
        "no-unresolved-refs": "error",
        "path-declaration-must-exist": "error",
        "path-parameters-defined": "error",
        "no-identical-paths": "error",
        "operation-operationId-unique": "error",
        "operation-summary": "error",
        "security-defined": "error",
        "no-schema-type-mismatch": "error",
      },
    });
    const problems = await lintFromString({ source: JSON.stringify(document), config });
    expect(problems.map(({ message, location }) => `${message} ${location[0]?.pointer}`)).toEqual([]);
    expect(
      operations()
        .map(({ operation }) => operation.operationId)
        .sort(),
    ).toEqual(Object.keys(routes).sort());
  });

  it("has schemas that compile", () => {
    for (const { operation } of operations()) {
      const schema = operation.requestBody?.content["application/json"].schema;
      if (schema !== undefined) expect(() => ajv.compile(schema), operation.operationId).not.toThrow();
    }
  });
});

describe("every route", () => {
  it("answers a wrong body with a problem and one sentence", { timeout: 120_000 }, async () => {
    const withBody = operations().filter(
      ({ operation, path }) => operation.requestBody !== undefined && !isDevice(path),
    );
    expect(withBody.length).toBeGreaterThan(20);
    for (const { path, method, operation } of withBody) {
      const accepts = ajv.compile(operation.requestBody?.content["application/json"].schema ?? {});
      await fc.assert(
        fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (value) => {
          // What the schema allows is not wrong; whether it can be done is another question.
          fc.pre(!accepts(value));
          expectProblem(
            await owner.request(method, fill(path, seededId), JSON.stringify(value)),
            `${operation.operationId} ${JSON.stringify(value)}`,
          );
        }),
        { numRuns: 25 },
      );
    }
  });

  it("answers a body that is no JSON, no UTF-8, too large or of another type with a problem", async () => {
    for (const { path, method, operation } of operations().filter(
      (one) => one.operation.requestBody !== undefined,
    )) {
      const send = (body: string, headers: Record<string, string> = {}) =>
        owner.request(method, fill(path, seededId), body, headers);
      for (const body of ["", "{", "nul", '{"a":1}}', "[".repeat(20_000), `{"__proto__":{"polluted":true}}`])
        expectProblem(await send(body), `${operation.operationId} ${body.slice(0, 20)}`);
      expectProblem(
        await send(JSON.stringify({ text: "x".repeat(600_000) })),
        `${operation.operationId} large`,
      );
      for (const type of ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
        expectProblem(await send("{}", { "content-type": type }), `${operation.operationId} ${type}`);
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("answers ids that name nothing with a problem", { timeout: 60_000 }, async () => {
    const withId = operations().filter(
      ({ path, operation }) => path.includes("{") && operation.operationId !== "watchRuns",
    );
    const strange = [
      "nothing",
      "__proto__",
      "..%2f..%2fetc",
      "a/../../b",
      "' OR 1=1 --",
      "\u0000",
      "ü".repeat(200),
      "%",
      "x".repeat(400),
      "constructor",
      "main ",
    ];
    for (const { path, method, operation } of withId) {
      // `platform` is a name, not an id: an unknown one is a site that is not set up.
      const names = [...path.matchAll(/\{([a-z]+)\}/g)]
        .map(([, name]) => name ?? "")
        .filter((name) => name !== "platform");
      for (const [index, id] of strange.entries()) {
        const wrong = names[index % names.length];
        const answered = await owner.request(
          method,
          fill(path, (name) => (name === wrong ? id : seededId(name))),
          method === "GET" || method === "DELETE" ? undefined : {},
        );
        expectProblem(answered, `${operation.operationId} ${wrong}=${id}`);
      }
    }
  });

  it("answers a wrong query with a problem", async () => {
    for (const { path, method, operation } of operations().filter((one) =>
      one.operation.parameters.some((parameter) => parameter.in === "query"),
    )) {
      for (const query of [
        "?limit=-1&url=nowhere&state=x&connection=%00&name=",
        "?nothing=1",
        "?limit=1e9&cursor=%F0%9F&key=",
      ])
        expectProblem(
          await owner.request(method, `${fill(path, seededId)}${query}`),
          `${operation.operationId}${query}`,
        );
    }
  });

  it("answers methods and paths that do not exist with a problem", async () => {
    for (const [method, path] of [
      ["PUT", "/me"],
      ["GET", "/nothing"],
      ["DELETE", "/"],
      ["POST", "/workspaces/main/settings/x"],
      ["GET", "/openapi.json/.."],
    ] as const)
      expectProblem(await owner.request(method, `/api/v1${path}`), `${method} ${path}`);
  });
});
