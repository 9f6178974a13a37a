import { createGitHub } from "@ask-openhands/bot/platforms/github/index.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import type { SeededConnection } from "../contracts/platform-subject.ts";
import { startGitHubWorld } from "../contracts/subjects/github.ts";
import { onBehalf } from "../support/on-behalf.ts";

type World = Awaited<ReturnType<typeof startGitHubWorld>>;
const token = "github-token";

let world: World;
let bench: PlatformBench;
beforeEach(async () => {
  world = await startGitHubWorld();
  bench = createPlatformBench(createGitHub, world.connections.slice(1));
});
afterEach(async () => {
  const { violations, unrouted } = world.requests;
  await world.close();
  expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
});

const user = (login: string) => {
  const found = world.github.state.users.find((one) => one.login === login);
  if (!found) throw new Error(`no ${login}`);
  return found;
};
const setToken = async (more: { readonly scopes?: string; readonly grants?: readonly string[] }) => {
  const value = `github_pat_${Math.random().toString(36).slice(2)}${"0".repeat(20)}`;
  world.github.access.tokens.set(value, { kind: "token", user: user("openhands-machine"), ...more });
  await bench.renew(token, { secrets: { token: value } });
};

describe("the status of a token", () => {
  it("of the classic kind tells scopes and the day it ends", async () => {
    expect(await bench.platform.inspect(token)).toMatchObject({
      ok: true,
      tokenKind: "classic personal access token",
      account: { name: "openhands-machine" },
      expiresAt: "2027-01-31T12:00:00.000Z",
    });
    await setToken({ scopes: "public_repo, read:org" });
    expect(await bench.platform.inspect(token)).toMatchObject({
      ok: false,
      problem: "The token lacks repo.",
    });
  });

  it("of the fine-grained kind tells what GitHub lets it do, without leaving a trace", async () => {
    await setToken({ grants: ["contents: write", "issues: write", "pull_requests: write"] });
    const full = await bench.platform.inspect(token);
    expect(full).toMatchObject({ ok: true, tokenKind: "fine-grained personal access token" });
    expect(full.scopes.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "metadata: read present",
      "contents: write present",
      "issues: write present",
      "pull_requests: write present",
    ]);
    await setToken({ grants: ["issues: write"] });
    expect(await bench.platform.inspect(token)).toMatchObject({
      ok: false,
      problem: "The token lacks contents: write.",
    });
    const repository = world.github.state.repositories[0];
    expect([...(repository?.branches.keys() ?? [])]).toEqual(["main", "feature"]);
    expect(world.github.state.issues).toEqual([]);
  });
});

describe("webhooks of a token", () => {
  it("get a secret made for them, and each delivery is checked with it", async () => {
    expect(bench.secret(token, "webhookSecret")).toBeUndefined();
    await bench.platform.hooks?.install(token, "acme/shop");
    expect(bench.secret(token, "webhookSecret")).toMatch(/^[0-9a-f]{64}$/);
    const spot = await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    await world.comment(world.people.writer, spot, "@openhands fix");
    const own = world.deliveries().filter(({ path }) => path.endsWith(`/${token}`));
    expect(own.length).toBeGreaterThan(0);
    for (const sent of own) expect((await bench.receive(sent)).status).toBe(200);
    expect(bench.heard.at(-1)?.text).toBe("@openhands fix");
  });

  it("that were switched off or changed by hand are seen and mended in place", async () => {
    const hooks = bench.platform.hooks;
    await hooks?.install(token, "acme/shop");
    const hook = world.github.state.repositories[0]?.hooks[0];
    if (!hook || !hooks) throw new Error("no hook");
    const state = async () =>
      (await hooks.list(token)).map((one) => `${one.state} ${one.error ?? ""}`.trim());
    hook.active = false;
    expect(await state()).toEqual(["disabled"]);
    await hooks.repair(token, "acme/shop");
    hook.events = ["issues"];
    expect(await state()).toEqual([
      "failed It does not send issue_comment, pull_request, pull_request_review, pull_request_review_comment.",
    ]);
    await hooks.repair(token, "acme/shop");
    hook.last = { code: 401, status: "failed", message: "Unauthorized" };
    expect(await state()).toEqual(["failed The last delivery was answered with 401 (Unauthorized)."]);
    hook.url = "http://bot.example/webhooks/github/an-older-connection";
    expect((await state())[0]).toMatch(/^failed It delivers to /);
    expect(await hooks.repair(token, "acme/shop")).toMatchObject({ state: "installed" });
    expect(world.github.state.repositories[0]?.hooks).toHaveLength(1);
  });

  it("need admin rights: who has none is told, and a token for this one time helps", async () => {
    world.github.state.repositories[0]?.roles.set(user("openhands-machine").id, "write");
    const hooks = bench.platform.hooks;
    expect(await hooks?.list(token)).toMatchObject([
      { state: "missing", missingRight: "admin on the repository" },
    ]);
    await expect(hooks?.install(token, "acme/shop")).rejects.toMatchObject({ kind: "not-found" });
    world.github.access.tokens.set("ghp_one-time", { kind: "token", user: user("acme"), scopes: "repo" });
    expect(await hooks?.install(token, "acme/shop", "ghp_one-time")).toMatchObject({ state: "installed" });
    expect(JSON.stringify(bench.connection(token))).not.toContain("ghp_one-time");
  });
});

describe("a person's own account", () => {
  const personal = (
    kind: string,
    settings: Readonly<Record<string, string>>,
    secrets: Readonly<Record<string, string>>,
  ): SeededConnection => {
    const first = world.connections[0];
    if (!first) throw new Error("no connection");
    const connection: Connection = {
      ...first.connection,
      id: "mine",
      kind,
      owner: { kind: "person", id: "person-1" },
      settings: { ...first.connection.settings, ...settings },
    };
    return { connection, secrets };
  };
  const facts = () => ({ platform: "github", host: world.host, name: "acme/shop", url: "", cloneUrl: "" });

  it("decides whether its owner may write, and gives the agent its token", async () => {
    world.github.access.tokens.set("ghp_mara", { kind: "token", user: user("mara"), scopes: "repo" });
    world.github.access.tokens.set("ghp_ravi", { kind: "token", user: user("ravi"), scopes: "repo" });
    const mine = createPlatformBench(createGitHub, [
      ...world.connections,
      personal("token", {}, { token: "ghp_mara" }),
    ]);
    const hers = onBehalf("person-1");
    expect(await mine.platform.mayWrite?.(facts(), hers)).toEqual({ may: true });
    expect(await mine.platform.mayWrite?.(facts(), onBehalf("person-2"))).toMatchObject({
      may: "after-linking",
    });
    const place = {
      platform: "github",
      host: world.host,
      key: "",
      kind: "issue",
      url: "",
      label: "",
      address: {},
    } as const;
    expect(await mine.platform.agentToken?.(facts(), hers, place)).toMatchObject({
      value: "ghp_mara",
      own: true,
    });
    await mine.renew("mine", { secrets: { token: "ghp_ravi" } });
    expect(await mine.platform.mayWrite?.(facts(), hers)).toMatchObject({ may: false });
  });

  it("that signed in renews its token once, and says when GitHub no longer accepts it", async () => {
    const { signIn } = world.github;
    const app = world.connections[0];
    if (!app) throw new Error("no App");
    signIn.refreshTokens.set("ghr_first", user("mara"));
    const client = {
      connection: { ...app.connection, settings: { ...app.connection.settings, clientId: signIn.clientId } },
      secrets: { ...app.secrets, clientSecret: signIn.clientSecret },
    };
    const signedIn = personal(
      "user",
      { client: app.connection.id, expiresAt: "2026-01-01T00:00:00Z" },
      { accessToken: "ghu_old", refreshToken: "ghr_first" },
    );
    const mine = createPlatformBench(createGitHub, [client, signedIn]);
    const may = () => mine.platform.mayWrite?.(facts(), onBehalf("person-1"));
    expect(await Promise.all([may(), may(), may()])).toEqual([{ may: true }, { may: true }, { may: true }]);
    expect(world.github.http.callsTo("/login/oauth/access_token")).toHaveLength(1);
    expect(mine.secret("mine", "accessToken")).toMatch(/^ghu_/);
    await mine.renew("mine", {
      settings: { expiresAt: "2026-01-01T00:00:00Z" },
      secrets: { refreshToken: "ghr_used-up" },
    });
    await expect(may()).rejects.toMatchObject({
      kind: "bad-credentials",
      hint: expect.stringContaining("Connect the account again"),
    });
  });
});

describe("signing in and making the App", () => {
  it("knows where OAuth lives, and whose a token is", async () => {
    const way = bench.platform.oauth;
    const connection = bench.connection(token);
    if (!way || !connection) throw new Error("no way in");
    expect(way.server({ ...connection, host: "github.com", settings: {} })).toEqual({
      authorize: "https://github.com/login/oauth/authorize",
      token: "https://github.com/login/oauth/access_token",
    });
    world.github.access.tokens.set("ghu_mara", { kind: "token", user: user("mara") });
    expect(await way.account(connection, "ghu_mara")).toEqual({ id: String(user("mara").id), name: "mara" });
    await expect(way.account(connection, "ghu_nobody")).rejects.toMatchObject({ kind: "bad-credentials" });
  });

  it("sends the manifest to the person or the organisation, and takes the App over with its one-time code", async () => {
    // GitHub is reached by https; the fake speaks plain HTTP.
    const plain: typeof fetch = (input, init) =>
      fetch(String(input instanceof Request ? input.url : input).replace(/^https:/, "http:"), init);
    const { manifest } = createPlatformBench(createGitHub, [], { fetch: plain }).platform;
    const wanted = {
      host: world.host,
      name: "Ask OpenHands of a company with a long name",
      publicUrl: "https://bot.example",
      redirectUrl: "https://bot.example/manifest/callback",
      callbackUrls: ["https://bot.example/cb"],
      state: "s&1",
    };
    const form = manifest?.prepare({ ...wanted, organization: "acme" });
    expect(form?.action).toBe(`https://${world.host}/organizations/acme/settings/apps/new?state=s%261`);
    expect(manifest?.prepare(wanted).action).toBe(`https://${world.host}/settings/apps/new?state=s%261`);
    expect(JSON.parse(form?.fields["manifest"] ?? "")).toMatchObject({
      name: expect.stringMatching(/^.{34}$/),
      hook_attributes: { url: "https://bot.example/webhooks/github" },
      default_permissions: { contents: "write", issues: "write", pull_requests: "write" },
      default_events: expect.arrayContaining(["issue_comment", "pull_request_review"]),
    });
    world.github.signIn.manifestCodes.add("code-1");
    const app = await manifest?.adopt?.({ host: world.host, code: "code-1" });
    expect(app).toMatchObject({
      kind: "app",
      settings: { appId: "77" },
      secrets: { privateKey: expect.stringContaining("PRIVATE KEY"), webhookSecret: expect.any(String) },
    });
    expect(app?.nextUrl).toContain("/apps/ask-openhands/installations/new");
    await expect(manifest?.adopt?.({ host: world.host, code: "code-1" })).rejects.toMatchObject({
      kind: "not-found",
    });
  });
});
