import { afterEach, describe, expect, it } from "vitest";
import { type FakeServer, startFake } from "./http.ts";
import { openApi } from "./openapi.ts";
import { sharedPath } from "./shared-dir.ts";

const running: FakeServer[] = [];
const start = async (settings: Parameters<typeof startFake>[0]): Promise<FakeServer> => {
  const fake = await startFake(settings);
  running.push(fake);
  return fake;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((fake) => fake.close()));
});

const counting = async () => {
  const state = { made: 0 };
  const fake = await start({
    routes: [
      ["POST", "/things", () => ({ status: 201, json: { id: ++state.made } })],
      [
        "GET",
        "/projects/:id/files/*",
        (request) => ({ json: { ...request.params, page: request.query.get("page") } }),
      ],
    ],
  });
  return { fake, state };
};

describe("a fake server", () => {
  it("decodes one path segment per name and the rest as written", async () => {
    const { fake } = await counting();
    const answer = await fetch(`${fake.url}/projects/group%2Fname/files/a/b.ts?page=2`);
    expect(await answer.json()).toEqual({ id: "group/name", rest: "a/b.ts", page: "2" });
  });

  it("answers 404 to what no route knows and remembers it", async () => {
    const { fake } = await counting();
    expect((await fetch(`${fake.url}/nothing`)).status).toBe(404);
    expect(fake.unrouted).toEqual(["GET /nothing"]);
  });

  it("spoils only the requests that a fault names, as often as it says", async () => {
    const { fake, state } = await counting();
    fake.fail({ method: "POST", path: "/things", status: 429, retryAfter: 7, times: 2, after: 1 });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1)
      statuses.push((await fetch(`${fake.url}/things`, { method: "POST" })).status);
    expect(statuses).toEqual([201, 429, 429, 201]);
    expect(state.made).toBe(2);
  });

  it("can lose the answer of a request that took effect", async () => {
    const { fake, state } = await counting();
    fake.fail({ dropAfterEffect: true });
    await expect(fetch(`${fake.url}/things`, { method: "POST" })).rejects.toThrow();
    expect(state.made).toBe(1);
    expect(fake.callsTo("/things", "POST").map((call) => call.status)).toEqual([0]);
  });

  it("can answer a page instead of data", async () => {
    const { fake, state } = await counting();
    fake.fail({ html: true });
    const answer = await fetch(`${fake.url}/things`, { method: "POST" });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(state.made).toBe(0);
  });

  it("shows its own mistakes as violations", async () => {
    const fake = await start({
      routes: [
        [
          "GET",
          "/x",
          () => {
            throw new Error("oops");
          },
        ],
      ],
    });
    expect((await fetch(`${fake.url}/x`)).status).toBe(500);
    expect(fake.violations[0]).toContain("oops");
  });
});

describe.skipIf(sharedPath("contracts") === undefined)(
  "requests checked against OpenAPI documents (needs SHARED_DIR)",
  () => {
    const send = (url: string, body?: unknown): Promise<Response> =>
      fetch(
        url,
        body === undefined
          ? {}
          : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
      );

    const checking = (...documents: Parameters<typeof openApi>[]): Promise<FakeServer> =>
      start({
        routes: [],
        otherwise: () => ({ json: {} }),
        openApi: documents.map((one) => openApi(...one)),
      });

    it("passes a right body and names what is wrong with a wrong one (OpenAPI 3.0)", async () => {
      const fake = await checking(["github/openapi/api.github.com.trimmed.json"]);
      await send(`${fake.url}/repos/o/r/issues/1/comments`, { body: "x" });
      expect([fake.checked, fake.violations]).toEqual([1, []]);
      await send(`${fake.url}/repos/o/r/issues/1/comments`, { text: "x" });
      expect(fake.violations.join()).toContain("must have required property 'body'");
    });

    it("checks query parameters by name and type (OpenAPI 3.1)", async () => {
      const fake = await checking(["openhands/openhands-cloud.json"]);
      await send(`${fake.url}/api/v1/app-conversations?ids=a&ids=b`);
      expect(fake.violations).toEqual([]);
      await send(`${fake.url}/api/v1/app-conversations?id=a`);
      expect(fake.violations.join()).toContain("query id is unknown");
    });

    it("checks form fields, in JSON or form (Swagger 2)", async () => {
      const fake = await checking([
        "slack/openapi/slack_web_openapi_v2.json",
        { prefix: "/api", ignore: ["token"] },
      ]);
      await send(`${fake.url}/api/chat.postMessage`, { channel: "C1", text: "x" });
      expect([fake.checked, fake.violations]).toEqual([1, []]);
      await send(`${fake.url}/api/chat.postMessage`, { text: "x" });
      expect(fake.violations.join()).toContain("field channel is missing");
    });
  },
);
