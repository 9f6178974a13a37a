import { describe, expect, it } from "vitest";
import { type TypedToken, tokenKinds } from "./probe.ts";

interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server that knows these paths; everything asked of it is kept. */
const check = async (id: string, typed: TypedToken, replies: Readonly<Record<string, Reply>>) => {
  const asked: { readonly url: string; readonly authorization: string | null }[] = [];
  const fetch = async (input: unknown, init?: RequestInit): Promise<Response> => {
    const url = String(input);
    asked.push({ url, authorization: new Headers(init?.headers).get("authorization") });
    const reply = replies[url];
    if (reply === undefined) throw new TypeError("no answer");
    return new Response(JSON.stringify(reply.body ?? {}), {
      status: reply.status ?? 200,
      headers: reply.headers ?? {},
    });
  };
  const kind = tokenKinds.find((known) => known.id === id);
  if (kind === undefined) throw new Error(id);
  return {
    asked,
    status: await kind.probe({ fetch: fetch as typeof globalThis.fetch, now: () => new Date(0) }, typed),
  };
};

describe("a token is checked with its own server", () => {
  it("GitHub: account, granted scope and end", async () => {
    const { status, asked } = await check(
      "github",
      { host: "github.com", token: "ghp_x" },
      {
        "https://api.github.com/user": {
          body: { id: 7, login: "kim" },
          headers: {
            "x-oauth-scopes": "gist, repo",
            "github-authentication-token-expiration": "2027-01-31 12:00:00 UTC",
          },
        },
      },
    );
    expect(status).toMatchObject({
      ok: true,
      account: { id: "7", name: "kim" },
      expiresAt: "2027-01-31T12:00:00.000Z",
      scopes: [{ name: "repo", state: "present" }],
    });
    expect(asked).toEqual([{ url: "https://api.github.com/user", authorization: "Bearer ghp_x" }]);
  });

  it("GitHub: a missing scope is named; a fine-grained token's permissions are unknown", async () => {
    const classic = await check(
      "github",
      { host: "ghe.example.com", token: "ghp_x" },
      {
        "https://ghe.example.com/api/v3/user": {
          body: { login: "kim" },
          headers: { "x-oauth-scopes": "gist" },
        },
      },
    );
    expect(classic.status).toMatchObject({ ok: false, problem: "Missing: repo." });
    const fine = await check(
      "github",
      { host: "github.com", token: "github_pat_x" },
      { "https://api.github.com/user": { body: { login: "kim" } } },
    );
    expect(fine.status.ok).toBe(true);
    expect(fine.status.scopes.map(({ state }) => state)).toEqual(["unknown", "unknown"]);
  });

  it("GitLab: `api` includes reading and writing repositories", async () => {
    const { status } = await check(
      "gitlab",
      { host: "gitlab.com", token: "glpat-x" },
      {
        "https://gitlab.com/api/v4/user": { body: { id: 1, username: "kim" } },
        "https://gitlab.com/api/v4/personal_access_tokens/self": {
          body: { scopes: ["api"], expires_at: "2027-02-01" },
        },
      },
    );
    expect(status.ok).toBe(true);
    expect(status.scopes.map(({ state }) => state)).toEqual(["present", "present", "present"]);
    expect(status.expiresAt).toBe("2027-02-01T00:00:00.000Z");
  });

  it("Bitbucket Cloud: an API token goes with its e-mail, an access token alone", async () => {
    const replies = {
      "https://api.bitbucket.org/2.0/user": {
        body: { account_id: "a", nickname: "kim" },
        headers: { "x-oauth-scopes": "read:user:bitbucket, read:repository:bitbucket" },
      },
    };
    const withEmail = await check(
      "bitbucket-cloud",
      { host: "bitbucket.org", email: "kim@example.com", token: "t" },
      replies,
    );
    expect(withEmail.asked[0]?.authorization).toBe(`Basic ${btoa("kim@example.com:t")}`);
    expect(withEmail.status).toMatchObject({
      ok: false,
      problem: "Missing: write:repository:bitbucket, write:pullrequest:bitbucket.",
    });
    const alone = await check("bitbucket-cloud", { host: "bitbucket.org", token: "t" }, replies);
    expect(alone.asked[0]?.authorization).toBe("Bearer t");
  });

  it("Jira Cloud: a token with scopes is asked about at the gateway, because the site refuses it", async () => {
    const { status, asked } = await check(
      "jira-cloud",
      { host: "acme.atlassian.net", email: "kim@example.com", token: "t" },
      {
        "https://acme.atlassian.net/rest/api/3/myself": { status: 401 },
        "https://acme.atlassian.net/_edge/tenant_info": { body: { cloudId: "c-1" } },
        "https://api.atlassian.com/ex/jira/c-1/rest/api/3/myself": {
          body: { accountId: "a", displayName: "Kim" },
        },
      },
    );
    expect(status).toMatchObject({ ok: true, account: { name: "Kim" }, tokenKind: "API token with scopes" });
    expect(asked).toHaveLength(3);
  });

  it("Data Center: the answer's header names the account of a Bitbucket token", async () => {
    const { status } = await check(
      "bitbucket-dc",
      { host: "git.example.com/bb", token: "t" },
      {
        "https://git.example.com/bb/rest/api/latest/profile/recent/repos?limit=1": {
          headers: { "x-ausername": "kim" },
        },
      },
    );
    expect(status).toMatchObject({ ok: true, account: { name: "kim" } });
  });

  it.each([
    ["of a person", [{ name: "Kim@example.com" }], "kim@example.com"],
    ["of a repository", [], undefined],
  ])("Data Center: a token %s belongs to %j", async (_whose, values, name) => {
    const { status } = await check(
      "bitbucket-dc",
      { host: "git.example.com", token: "t" },
      {
        "https://git.example.com/rest/api/latest/profile/recent/repos?limit=1": {
          headers: { "x-ausername": "kim%40example.com" },
        },
        "https://git.example.com/rest/api/latest/users?filter=kim%40example.com": { body: { values } },
      },
    );
    expect(status.ok).toBe(true);
    expect(status.account?.name).toBe(name);
  });

  it.each([
    [401, /does not accept/],
    [403, /forbids/],
    [404, /no such interface/],
    [429, /wait/],
    [503, /status 503/],
  ])("status %i is told in words", async (status, words) => {
    for (const { id } of tokenKinds) {
      const replies = new Proxy({}, { get: () => ({ status }) }) as Readonly<Record<string, Reply>>;
      const found = await check(
        id,
        { host: "git.example.com", email: "kim@example.com", token: "t" },
        replies,
      );
      expect([id, found.status.ok]).toEqual([id, false]);
      expect(found.status.problem).toMatch(words);
    }
  });

  it("no answer is told in words, and the token is in none of them", async () => {
    const { status } = await check("gitlab", { host: "git.example.com", token: "glpat-canary" }, {});
    expect(status.problem).toMatch(/No answer/);
    expect(JSON.stringify(status)).not.toContain("canary");
  });
});
