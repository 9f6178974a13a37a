import { Failure } from "@ask-openhands/core/failure.ts";
import { createHttp, type HttpSettings } from "@ask-openhands/core/http/http.ts";
import { afterEach, expect, it } from "vitest";
import * as z from "zod";
import { type FakeServer, startFake } from "../fakes/http.ts";
import type { FakeReply } from "../fakes/routes.ts";

const running: FakeServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((fake) => fake.close()));
});

const serve = async (answer: (path: string) => FakeReply, more: Partial<HttpSettings> = {}) => {
  const fake = await startFake({ routes: [["*", "/*", (request) => answer(request.path)]] });
  running.push(fake);
  const http = createHttp({
    fetch,
    baseUrl: fake.url,
    name: "The server",
    headers: { "x-key": "very-secret" },
    sleep: async () => undefined,
    ...more,
  });
  return { fake, http };
};

const failure = (promise: Promise<unknown>): Promise<Failure> =>
  promise.then(
    () => expect.fail("should have failed"),
    (error: unknown) => (error instanceof Failure ? error : expect.fail(String(error))),
  );

const Anything = z.unknown();

it("follows a redirect on the same origin", async () => {
  const { http } = await serve((path) =>
    path === "/new" ? { json: { ok: true } } : { status: 301, headers: { location: "/new" } },
  );
  expect(await http.json(Anything, { path: "/old" })).toEqual({ ok: true });
});

it("sends no credentials to another origin by a redirect", async () => {
  const { fake: thief } = await serve(() => ({ json: {} }));
  const { http } = await serve(() => ({ status: 302, headers: { location: `${thief.url}/steal` } }));
  expect((await failure(http.json(Anything, { path: "/x" }))).kind).toBe("unexpected-reply");
  expect(thief.calls).toHaveLength(0);
});

it("does not turn a redirected POST into a GET", async () => {
  const { http, fake } = await serve(() => ({ status: 302, headers: { location: "/other" } }));
  await failure(http.json(Anything, { method: "POST", path: "/x", json: {} }));
  expect(fake.calls.map((call) => call.method)).toEqual(["POST"]);
});

it("gives up a circle of redirects", async () => {
  const { http, fake } = await serve(() => ({ status: 302, headers: { location: "/x" } }));
  expect((await failure(http.json(Anything, { path: "/x" }))).hint).toContain("keeps redirecting");
  expect(fake.calls.length).toBeLessThan(6);
});

it("stops reading a body at the limit", async () => {
  const { http } = await serve(() => ({ bytes: new Uint8Array(2_000_000) }), { maxBytes: 1_000 });
  expect((await failure(http.bytes({ path: "/x" }))).hint).toContain("1000 bytes");
});

it("gives up a server that does not answer in time", async () => {
  const { http, fake } = await serve(() => ({ json: {} }), {
    timeout: 50,
    retry: { attempts: 1, base: 1, cap: 1 },
  });
  fake.fail({ hang: true });
  expect(await failure(http.json(Anything, { path: "/x" }))).toMatchObject({ kind: "unavailable" });
});

it("passes an abort on as it is", async () => {
  const { http, fake } = await serve(() => ({ json: {} }));
  fake.fail({ hang: true });
  const reason = new Error("enough");
  await expect(http.json(Anything, { path: "/x", signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

it("tries a dropped connection again", async () => {
  const { http, fake } = await serve(() => ({ json: { ok: true } }));
  fake.fail({ drop: true });
  expect(await http.json(Anything, { path: "/x" })).toEqual({ ok: true });
  expect(fake.calls.map((call) => call.status)).toEqual([0, 200]);
});
