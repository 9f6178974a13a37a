import { describe, expect, it } from "vitest";
import { type Acts, createHearing, type Sender } from "./hear.ts";
import type { operations } from "./operations.ts";
import { Trouble } from "./trouble.ts";

const own = { id: "own-id", origin: "chrome-extension://own-id/" };
const here = "https://github.com/acme/shop/issues/1";
const page: Sender = { id: "own-id", url: here, origin: "https://github.com", frameId: 0, tab: { id: 7 } };
const popup: Sender = {
  id: "own-id",
  url: "chrome-extension://own-id/popup.html",
  origin: "chrome-extension://own-id",
};

const hearing = () => {
  const done: string[] = [];
  const acts = new Proxy(
    {},
    { get: (_acts, name) => async () => done.push(String(name)) },
  ) as unknown as Acts;
  const hear = createHearing({ acts, own, runsOn: async (url) => new URL(url).hostname === "github.com" });
  return { done, hear };
};

const status = { operation: "place-status" satisfies keyof typeof operations, input: { url: here } };
const overview = { operation: "overview" satisfies keyof typeof operations, input: {} };

describe("a message to the background", () => {
  it("is answered when our script in a page asks about its own site", async () => {
    const { hear, done } = hearing();
    expect(await hear(status, page)).toMatchObject({ ok: true });
    expect(done).toEqual(["place-status"]);
  });

  it("is answered when it comes from a page of our own", async () => {
    const { hear, done } = hearing();
    expect(await hear(overview, popup)).toMatchObject({ ok: true });
    expect(
      await hear({ operation: "place-status", input: { url: "https://gitlab.com/a/b/-/issues/1" } }, popup),
    ).toMatchObject({ ok: true });
    expect(done).toHaveLength(2);
  });

  it.each<[string, unknown, Sender]>([
    ["another extension", overview, { ...popup, id: "other-id" }],
    ["nobody", overview, {}],
    ["our script, for an operation of our pages", overview, page],
    [
      "our script, about another site",
      { ...status, input: { url: "https://gitlab.com/a/b/-/issues/1" } },
      page,
    ],
    [
      "our script on a site that we do not run on",
      { ...status, input: { url: "https://evil.example/a" } },
      { ...page, url: "https://evil.example/a" },
    ],
    ["a frame inside a page", status, { ...page, frameId: 3 }],
    ["a file", status, { ...page, url: "file:///tmp/x.html" }],
    [
      "an address that only begins like ours",
      overview,
      { ...popup, url: "https://chrome-extension.example/own-id/popup.html" },
    ],
    ["our page's address from another origin", overview, { ...popup, origin: "https://evil.example" }],
  ])("is refused from %s", async (_who, message, sender) => {
    const { hear, done } = hearing();
    expect(await hear(message, sender)).toMatchObject({ ok: false });
    expect(done).toEqual([]);
  });

  it.each([
    null,
    1,
    "overview",
    [],
    { operation: "fetch", input: { url: here } },
    { operation: "__proto__", input: {} },
    { ...overview, more: 1 },
    { operation: "overview", input: { more: 1 } },
  ])("is refused in the wrong shape: %j", async (message) => {
    const { hear, done } = hearing();
    expect(await hear(message, popup)).toMatchObject({ ok: false });
    expect(done).toEqual([]);
  });

  it("tells trouble as a sentence and nothing of what broke", async () => {
    const broken = (cause: unknown) =>
      createHearing({
        acts: { overview: () => Promise.reject(cause) } as unknown as Acts,
        own,
        runsOn: async () => true,
      })(overview, popup);
    expect(await broken(new Trouble("It is like this.", "Do that."))).toEqual({
      ok: false,
      detail: "It is like this.",
      cure: "Do that.",
    });
    expect(JSON.stringify(await broken(new Error("secret token at https://x/?t=1")))).not.toContain(
      "token at",
    );
  });
});
