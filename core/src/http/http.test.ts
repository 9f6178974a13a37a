import { describe, expect, it } from "vitest";
import * as z from "zod";
import { Failure } from "../failure.ts";
import { createHttp, type HttpSettings } from "./http.ts";
import { nextByLink, nextByToken, nextByUrl } from "./pages.ts";

const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });

/** Answers one after the other; the last one again and again. */
const scripted = (
  answers: readonly (() => Response | Promise<Response>)[],
  more: Partial<HttpSettings> = {},
) => {
  const urls: string[] = [];
  const waits: number[] = [];
  const fake: typeof fetch = async (input) => {
    urls.push(String(input));
    const answer = answers[Math.min(urls.length, answers.length) - 1];
    if (answer === undefined) throw new TypeError("nothing scripted");
    return answer();
  };
  const http = createHttp({
    fetch: fake,
    baseUrl: "https://api.example.com/base",
    name: "Example",
    headers: { authorization: "Bearer s3cret-value" },
    now: () => 1_000_000,
    random: () => 0.5,
    sleep: async (milliseconds) => void waits.push(milliseconds),
    ...more,
  });
  return { http, urls, waits };
};

const failure = async (promise: Promise<unknown>): Promise<Failure> => {
  const caught = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (caught instanceof Failure) return caught;
  throw new Error(`expected a Failure, got ${String(caught)}`);
};

const Thing = z.object({ id: z.number() });

describe("the JSON client", () => {
  it("joins paths to a base address that has a path, and repeats list parameters", async () => {
    const { http, urls } = scripted([() => json({ id: 1 })]);
    await http.json(Thing, { path: "/things", query: { ids: ["a", "b"], page: 2, none: undefined } });
    expect(urls).toEqual(["https://api.example.com/base/things?ids=a&ids=b&page=2"]);
  });

  it.each([408, 425, 429, 500, 502, 503, 504])(
    "tries %i again when repeating does no harm",
    async (status) => {
      const { http, urls, waits } = scripted([() => json({}, status), () => json({ id: 7 })]);
      expect(await http.json(Thing, { path: "/things" })).toEqual({ id: 7 });
      expect([urls.length, waits]).toEqual([2, [250]]);
    },
  );

  it.each([400, 401, 403, 404, 409, 410, 422])("never tries %i again", async (status) => {
    const { http, urls } = scripted([() => json({}, status)]);
    expect((await failure(http.json(Thing, { path: "/things" }))).status).toBe(status);
    expect(urls).toHaveLength(1);
  });

  it("does not repeat a POST, unless the caller says that it may", async () => {
    const once = scripted([() => json({}, 503)]);
    await failure(once.http.json(Thing, { method: "POST", path: "/things", json: {} }));
    expect(once.urls).toHaveLength(1);
    const again = scripted([() => json({}, 503), () => json({ id: 1 })]);
    await again.http.json(Thing, { method: "POST", path: "/things", json: {}, idempotent: true });
    expect(again.urls).toHaveLength(2);
  });

  it("waits as long as it is asked to, and hands longer waits to the caller", async () => {
    const short = scripted([() => json({}, 429, { "retry-after": "3" }), () => json({ id: 1 })]);
    await short.http.json(Thing, { path: "/x" });
    expect(short.waits[0]).toBeGreaterThanOrEqual(3_000);
    const long = scripted([() => json({}, 429, { "retry-after": "60" })]);
    const told = await failure(long.http.json(Thing, { path: "/x" }));
    expect([told.kind, told.retryAt, long.urls.length]).toEqual(["rate-limited", 1_060_000, 1]);
  });

  it("takes a used-up limit told by 403 for what it is", async () => {
    const { http } = scripted([
      () => json({}, 403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "90" }),
    ]);
    expect(await failure(http.json(Thing, { path: "/x" }))).toMatchObject({
      kind: "rate-limited",
      retryAt: 1_090_000,
    });
  });

  it("tries a lost connection again and says in words what was wrong", async () => {
    const { http, urls } = scripted([
      () => {
        throw new TypeError("fetch failed", {
          cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
        });
      },
    ]);
    const told = await failure(http.json(Thing, { path: "/x" }));
    expect([told.kind, told.hint, urls.length]).toEqual([
      "unavailable",
      "Example cannot be reached at api.example.com: nothing listens there.",
      3,
    ]);
  });

  it("does not try an untrusted certificate again", async () => {
    const { http, urls } = scripted([
      () => {
        throw new TypeError("fetch failed", {
          cause: Object.assign(new Error("x"), { code: "SELF_SIGNED_CERT_IN_CHAIN" }),
        });
      },
    ]);
    expect((await failure(http.json(Thing, { path: "/x" }))).kind).toBe("bad-settings");
    expect(urls).toHaveLength(1);
  });

  it("takes a web page with status 200 for what it is", async () => {
    const { http } = scripted([
      () => new Response("<html></html>", { headers: { "content-type": "text/html" } }),
    ]);
    const told = await failure(http.json(Thing, { path: "/x" }));
    expect([told.kind, told.hint.includes("web page instead of data")]).toEqual(["unexpected-reply", true]);
  });

  it("says which field does not fit, never its value", async () => {
    const { http } = scripted([() => json({ id: "hunter2" })]);
    const told = await failure(http.json(Thing, { path: "/x" }));
    expect(told.hint).toContain("id:");
    expect(told.hint).not.toContain("hunter2");
  });

  it("quotes the other side's reason without the secrets it was sent", async () => {
    const { http } = scripted([
      () => json({ detail: [{ loc: ["body", "x"], msg: "token s3cret-value is bad" }] }, 422),
    ]);
    const told = await failure(http.json(Thing, { path: "/x" }));
    expect(told.hint).toContain('"body.x: token *** is bad"');
    expect(told.hint).not.toContain("s3cret");
  });

  it("refuses an address that is none", () => {
    expect(() => createHttp({ fetch, baseUrl: "javascript:alert(1)", name: "X" })).toThrow(Failure);
    expect(() => createHttp({ fetch, baseUrl: "host without scheme", name: "X" })).toThrow(
      "is not a web address",
    );
  });

  it("refuses a base address with a password, without repeating it", () => {
    const make = () => createHttp({ fetch, baseUrl: "https://mira:hunter2@git.example.com", name: "Forge" });
    expect(make).toThrow("holds a user name or a password");
    expect(make).not.toThrow("hunter2");
  });
});

describe("pages", () => {
  const List = z.object({
    items: z.array(z.number()),
    next: z.string().nullish(),
    next_page_id: z.string().nullish(),
  });
  const all = async (pages: AsyncIterable<z.infer<typeof List>>): Promise<number[]> => {
    const items: number[] = [];
    for await (const page of pages) items.push(...page.items);
    return items;
  };

  it("follow Link headers, addresses in the body, and tokens", async () => {
    const link = scripted([
      () =>
        json({ items: [1] }, 200, {
          link: '<https://api.example.com/base/x?page=2>; rel="next", <https://api.example.com/x>; rel="last"',
        }),
      () => json({ items: [2] }),
    ]);
    expect(await all(link.http.pages(List, { path: "/x", query: { page: 1 } }, nextByLink))).toEqual([1, 2]);
    const url = scripted([
      () => json({ items: [1], next: "https://api.example.com/base/x?page=2" }),
      () => json({ items: [2] }),
    ]);
    expect(await all(url.http.pages(List, { path: "/x" }, nextByUrl("next")))).toEqual([1, 2]);
    const token = scripted([
      () => json({ items: [1], next_page_id: "t" }),
      () => json({ items: [2], next_page_id: null }),
    ]);
    expect(
      await all(
        token.http.pages(List, { path: "/x", query: { limit: 5 } }, nextByToken("next_page_id", "page_id")),
      ),
    ).toEqual([1, 2]);
    expect(token.urls[1]).toBe("https://api.example.com/base/x?limit=5&page_id=t");
  });

  it("never leave the server they began on", async () => {
    const { http, urls } = scripted([() => json({ items: [1], next: "https://evil.example/steal" })]);
    expect((await failure(all(http.pages(List, { path: "/x" }, nextByUrl("next"))))).hint).toContain(
      "evil.example",
    );
    expect(urls).toHaveLength(1);
  });

  it("end when a server sends us in a circle, and at the limit", async () => {
    const circle = scripted([() => json({ items: [1], next_page_id: "same" })]);
    expect(
      await all(circle.http.pages(List, { path: "/x" }, nextByToken("next_page_id", "page_id"))),
    ).toEqual([1, 1]);
    let n = 0;
    const endless = scripted([() => json({ items: [1], next_page_id: String(n++) })]);
    expect(
      await all(endless.http.pages(List, { path: "/x" }, nextByToken("next_page_id", "page_id"), 4)),
    ).toHaveLength(4);
  });
});
