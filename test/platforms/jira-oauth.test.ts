import { quietDeps } from "@ask-openhands/bot/cli/quiet-deps.ts";
import { jiraCloudOAuth } from "@ask-openhands/bot/platforms/jira-cloud/oauth.ts";
import { jiraDcOAuth } from "@ask-openhands/bot/platforms/jira-dc/oauth.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeServer, startFake } from "../fakes/http.ts";
import { makeSettings } from "../support/make-settings.ts";

let server: FakeServer;
let sites: readonly { readonly url: string }[];

beforeEach(async () => {
  sites = [{ url: "https://other.atlassian.net" }, { url: "https://acme.atlassian.net" }];
  server = await startFake({
    before: ({ headers }) =>
      headers["authorization"] === "Bearer good-token"
        ? undefined
        : { status: 401, json: { code: 401, message: "Unauthorized" } },
    routes: [
      ["GET", "/oauth/token/accessible-resources", () => ({ json: sites })],
      ["GET", "/me", () => ({ json: { account_id: "5b10ac8d82e05b22cc7d4ef5", name: "Ada Lovelace" } })],
      [
        "GET",
        "/jira/rest/api/2/myself",
        () => ({ json: { key: "JIRAUSER10100", name: "ada", displayName: "Ada Lovelace" } }),
      ],
    ],
  });
});
afterEach(() => server.close());

const deps = () => ({ ...quietDeps(makeSettings()), fetch });
const client = (settings: Readonly<Record<string, string>>): Connection => ({
  id: "c",
  platform: "jira-cloud",
  host: "acme.atlassian.net",
  owner: { kind: "workspace", id: "main" },
  kind: "scoped-token",
  name: "Jira",
  settings,
  secretNames: [],
  active: true,
  createdAt: "2026-01-01T00:00:00.000Z",
});

describe("proving a Jira Cloud account", () => {
  it("gives the account id when the site is among those that the person opened", async () => {
    const way = jiraCloudOAuth(deps());
    expect(await way.account(client({ gateway: server.url }), "good-token")).toEqual({
      id: "5b10ac8d82e05b22cc7d4ef5",
      name: "5b10ac8d82e05b22cc7d4ef5",
      displayName: "Ada Lovelace",
    });
    expect(way.server(client({}))).toEqual({
      authorize: "https://auth.atlassian.com/authorize",
      token: "https://auth.atlassian.com/oauth/token",
    });
    expect(way.signsIn).toBe(false);
  });

  it("is refused without access to the site, also to one whose name only begins alike", async () => {
    sites = [{ url: "https://acme.atlassian.net.evil.test" }, { url: "nonsense" }];
    await expect(
      jiraCloudOAuth(deps()).account(client({ gateway: server.url }), "good-token"),
    ).rejects.toMatchObject({
      kind: "not-allowed",
      hint: expect.stringContaining("no access to acme.atlassian.net"),
    });
  });

  it("is refused with a token that Atlassian does not know, which is not repeated", async () => {
    await expect(
      jiraCloudOAuth(deps()).account(client({ gateway: server.url }), "canary-token"),
    ).rejects.toMatchObject({ kind: "bad-credentials", hint: expect.not.stringContaining("canary") });
  });
});

describe("proving a Jira Data Center account", () => {
  it("gives the user's key, as comments have it, below the context path", async () => {
    const way = jiraDcOAuth(deps());
    const connection = client({ baseUrl: `${server.url}/jira` });
    expect(await way.account(connection, "good-token")).toEqual({
      id: "JIRAUSER10100",
      name: "ada",
      displayName: "Ada Lovelace",
    });
    expect(way.server(connection).authorize).toBe(`${server.url}/jira/rest/oauth2/latest/authorize`);
  });
});
