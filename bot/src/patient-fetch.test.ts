import { beforeEach, describe, expect, it } from "vitest";
import { createPatientFetch, createWatchedFetch } from "./patient-fetch.ts";

describe("patient fetch", () => {
  let clock: number;
  let asked: string[];
  let answer: () => Response;
  let patient: typeof fetch;
  beforeEach(() => {
    clock = 1_000_000;
    asked = [];
    answer = () => new Response("ok");
    patient = createPatientFetch(
      async (input) => {
        asked.push(String(input));
        return answer();
      },
      () => clock,
      () => clock,
    );
  });
  const as = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

  it.each([403, 429, 503])(
    "sends nothing for an account before the time that a %i named, and says how long that is",
    async (status) => {
      answer = () => new Response(null, { status, headers: { "retry-after": "2" } });
      await patient("https://forge.test/a", as("one"));
      answer = () => new Response("ok");
      clock += 1_500;
      const held = await patient("https://forge.test/b", as("one"));
      expect([held.status, held.headers.get("retry-after")]).toEqual([429, "0.5"]);
      clock += 500;
      expect((await patient("https://forge.test/b", as("one"))).status).toBe(200);
      expect(asked).toEqual(["https://forge.test/a", "https://forge.test/b"]);
    },
  );

  it("holds nobody else back: neither another account nor another server", async () => {
    answer = () => new Response(null, { status: 429, headers: { "retry-after": "60" } });
    await patient("https://forge.test/a", as("one"));
    answer = () => new Response("ok");
    expect((await patient("https://forge.test/a", as("two"))).status).toBe(200);
    expect((await patient("https://other.test/a", as("one"))).status).toBe(200);
  });

  it.each(["graphql", undefined])(
    "holds back only what was counted when a limit is used up without Retry-After (resource in the answer: %s)",
    async (resource) => {
      const headers = {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "3000",
        ...(resource === undefined ? {} : { "x-ratelimit-resource": resource }),
      };
      answer = () => new Response(null, { status: 403, headers });
      await patient("https://forge.test/graphql", as("one"));
      answer = () => new Response("ok");
      expect((await patient("https://forge.test/graphql", as("one"))).status).toBe(429);
      for (const path of ["repos/a/b/issues/1/comments", "search/issues", "search/code"])
        expect((await patient(`https://forge.test/${path}`, as("one"))).status, path).toBe(200);
    },
  );

  it("takes a refusal without a time for what it is", async () => {
    answer = () => new Response(null, { status: 403 });
    await patient("https://forge.test/a", as("one"));
    await patient("https://forge.test/a", as("one"));
    expect(asked).toHaveLength(2);
  });

  it("is told of by the watched one: refusals with a time, by host", async () => {
    const refused: string[] = [];
    const watched = createWatchedFetch(
      async () => answer(),
      () => clock,
      (host) => void refused.push(host),
    );
    await watched("https://forge.test/a");
    answer = () => new Response(null, { status: 403 });
    await watched("https://forge.test/a");
    expect(refused).toEqual([]);
    answer = () => new Response(null, { status: 429, headers: { "retry-after": "1" } });
    await watched(new URL("https://forge.test/a"));
    expect(refused).toEqual(["forge.test"]);
  });
});
