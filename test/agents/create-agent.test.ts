import { createAgent } from "@ask-openhands/core/agent/create-agent.ts";
import { openhandsKinds } from "@ask-openhands/core/connection/catalog/openhands.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { expect, it } from "vitest";
import { order } from "../contracts/agent.ts";
import { type FakeServer, startFake } from "../fakes/http.ts";

const connection = (kind: string, settings: Record<string, string>): Connection => ({
  id: "c1",
  platform: "openhands",
  host: "example.com",
  owner: { kind: "workspace", id: "w" },
  kind,
  name: "Ours",
  settings,
  secretNames: [],
  active: true,
  createdAt: "2026-01-01T00:00:00Z",
});

/** Remembers what a back end sends, and lets nothing work. */
const recording = (): Promise<FakeServer> =>
  startFake({ routes: [], otherwise: () => ({ status: 404, json: {} }) });

const headersOf = async (
  kind: string,
  settings: Record<string, string>,
): Promise<Readonly<Record<string, string>>> => {
  const server = await recording();
  const agent = createAgent(connection(kind, { baseUrl: server.url, ...settings }), {
    fetch,
    secret: (name) => `value-of-${name}`,
  });
  await agent.start(order()).catch(() => undefined);
  const headers = server.calls[0]?.headers ?? {};
  await server.close();
  return headers;
};

it("sends a Cloud key as bearer, a self-hosted app server's as session key, an agent server's as session key", async () => {
  expect((await headersOf("cloud", {}))["authorization"]).toBe("Bearer value-of-apiKey");
  const own = await headersOf("cloud", { auth: "session-key" });
  expect([own["x-session-api-key"], own["authorization"]]).toEqual(["value-of-apiKey", undefined]);
  expect((await headersOf("server", { llmModel: "m" }))["x-session-api-key"]).toBe("value-of-sessionKey");
  expect((await headersOf("cloud", { organization: "org-1" }))["x-org-id"]).toBe("org-1");
});

it("knows every kind of the catalog, and names one that it does not know", () => {
  for (const { kind } of openhandsKinds) {
    expect(() =>
      createAgent(connection(kind, { baseUrl: "https://example.com" }), { fetch, secret: () => undefined }),
    ).not.toThrow();
  }
  expect(() => createAgent(connection("hal", {}), { fetch, secret: () => undefined })).toThrow(
    "no kind of OpenHands back end",
  );
});

it("refuses an address that is none with a sentence", () => {
  expect(() =>
    createAgent(connection("server", { baseUrl: "localhost:8000" }), { fetch, secret: () => undefined }),
  ).toThrow("is not a web address");
});
