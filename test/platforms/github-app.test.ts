import { createGitHub } from "@ask-openhands/bot/platforms/github/index.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import { startGitHubWorld } from "../contracts/subjects/github.ts";
import { onBehalf } from "../support/on-behalf.ts";

type World = Awaited<ReturnType<typeof startGitHubWorld>>;
const app = "github-app";

let world: World;
let bench: PlatformBench;
beforeEach(async () => {
  world = await startGitHubWorld();
  bench = createPlatformBench(createGitHub, world.connections.slice(0, 1));
});
afterEach(async () => {
  const { violations, unrouted } = world.requests;
  await world.close();
  expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
});

const failureOf = (promise: Promise<unknown> | undefined): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => "no failure",
    (error: unknown) => error,
  );

describe("the token that the agent gets from the App", () => {
  const facts = () => ({ platform: "github", host: world.host, name: "acme/shop", url: "", cloneUrl: "" });
  const place = () =>
    ({
      platform: "github",
      host: world.host,
      key: "",
      kind: "issue",
      url: "",
      label: "",
      address: {},
    }) as const;
  const asked = () =>
    world.github.http.callsTo("/api/v3/app/installations/:id/access_tokens", "POST").at(-1)?.json;

  it("is for one repository, with fixed rights that leave workflows and issues alone", async () => {
    const token = await bench.platform.agentToken?.(facts(), onBehalf(), place());
    expect(token).toMatchObject({ name: "GITHUB_TOKEN", gitUser: "x-access-token" });
    expect(token?.value).toMatch(/^ghs_/);
    expect(asked()).toEqual({
      repository_ids: [world.github.state.repositories[0]?.id],
      permissions: {
        metadata: "read",
        contents: "write",
        issues: "read",
        pull_requests: "write",
        actions: "read",
        checks: "read",
        statuses: "read",
      },
    });
  });

  it("is to be renewed well before its hour ends", async () => {
    const token = await bench.platform.agentToken?.(facts(), onBehalf(), place());
    const left = (token?.renewAfter ?? 0) - Date.now();
    expect(left).toBeGreaterThan(30 * 60_000);
    expect(left).toBeLessThanOrEqual(50 * 60_000);
  });

  it("never has more than the installation was given", async () => {
    world.github.state.app.permissions = {
      metadata: "read",
      contents: "write",
      pull_requests: "read",
      issues: "write",
    };
    await bench.platform.agentToken?.(facts(), onBehalf(), place());
    expect(asked()).toMatchObject({ permissions: { metadata: "read", contents: "write", issues: "read" } });
    expect(JSON.stringify(asked())).not.toContain("pull_requests");
  });

  it("names the server where it is not github.com", async () => {
    const token = await bench.platform.agentToken?.(facts(), onBehalf(), place());
    expect(token?.also).toMatchObject({ GH_HOST: world.host });
  });
});

describe("the status of the App", () => {
  it("names rights and events that are missing, and where to add them", async () => {
    world.github.state.app.permissions = {
      metadata: "read",
      contents: "read",
      issues: "write",
      pull_requests: "write",
    };
    world.github.state.app.events = ["issues", "issue_comment"];
    const status = await bench.platform.inspect(app);
    expect(status.ok).toBe(false);
    expect(status.scopes).toContainEqual({
      name: "contents: write",
      state: "missing",
      for: expect.any(String),
    });
    expect(status.problem).toMatch(/lacks contents: write, event pull_request, /);
    expect(status.cure).toContain("/apps/ask-openhands");
  });

  it("lists the installations, with what their owners have not accepted, and finds one by its id", async () => {
    const list = await bench.platform.installations?.list(app);
    expect(list).toEqual([
      {
        id: "42",
        account: "acme",
        accountUrl: expect.stringContaining("/acme"),
        configureUrl: expect.stringContaining("/settings/installations/42"),
        repositories: "all",
        missing: [],
        suspended: false,
      },
    ]);
    world.github.state.app.permissions = { metadata: "read", contents: "write", issues: "write" };
    expect((await bench.platform.installations?.add(app, "42"))?.missing).toContain("pull_requests: write");
    expect(await failureOf(bench.platform.installations?.add(app, "43"))).toMatchObject({
      kind: "not-found",
      hint: "43 is not an installation of this App.",
    });
    expect(await failureOf(bench.platform.installations?.add(app, "../app"))).toMatchObject({
      kind: "bad-input",
    });
    expect(await bench.platform.installations?.installUrl(app)).toContain(
      "/apps/ask-openhands/installations/new",
    );
  });

  it("says what is wrong with a key that is none", async () => {
    await bench.renew(app, {
      secrets: { privateKey: "-----BEGIN RSA PRIVATE KEY-----\nno\n-----END RSA PRIVATE KEY-----" },
    });
    const status = await bench.platform.inspect(app);
    expect(status).toMatchObject({
      ok: false,
      problem: 'The private key of the GitHub App "app" is not a PEM key. Paste the whole .pem file.',
    });
  });

  it("works with a key whose line breaks are written out, as in environment files", async () => {
    const key = bench.secret(app, "privateKey") ?? "";
    await bench.renew(app, { secrets: { privateKey: key.replaceAll("\n", "\\n") } });
    expect((await bench.platform.inspect(app)).ok).toBe(true);
  });
});

describe("trouble with the App", () => {
  const ask = async () => {
    const spot = await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    await world.comment(world.people.writer, spot, "@openhands fix");
    for (const sent of world.deliveries()) await bench.receive(sent);
    const mention = bench.heard.at(-1);
    if (!mention) throw new Error("nothing was heard");
    return mention;
  };

  it("is told in words when the installation is suspended", async () => {
    const mention = await ask();
    world.github.state.installation.suspended = true;
    const failure = await failureOf(bench.platform.mayAsk(mention.author, mention.place));
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ kind: "not-allowed", hint: expect.stringContaining("is suspended") });
  });

  it("is told in words when the App was taken away from the repository", async () => {
    const mention = await ask();
    world.fail({
      method: "POST",
      path: "/api/v3/app/installations/:id/access_tokens",
      status: 404,
      json: { message: "Not Found" },
    });
    expect(await failureOf(bench.platform.mayAsk(mention.author, mention.place))).toMatchObject({
      kind: "not-allowed",
      hint: expect.stringContaining("no longer installed"),
    });
  });

  it.each([
    [
      "single sign-on",
      { status: 403, headers: { "x-github-sso": "required; url=https://ghe.example/orgs/acme/sso?token=1" } },
      /single sign-on.*https:\/\/ghe\.example\/orgs\/acme\/sso/,
    ],
    [
      "a policy of the organisation",
      { status: 403, json: { message: "`acme` forbids access via a personal access token (classic)" } },
      /does not allow this kind of token/,
    ],
    [
      "a missing permission",
      {
        status: 403,
        json: { message: "Resource not accessible by integration" },
        headers: { "x-accepted-github-permissions": "issues=write" },
      },
      /lack a permission.*issues=write/,
    ],
    [
      "a wrong clock",
      { status: 401, json: { message: "'Expiration time' claim ('exp') is too far in the future" } },
      /clock of this machine is wrong/,
    ],
  ])("%s comes with its cure", async (_, fault, sentence) => {
    const mention = await ask();
    world.fail({ ...fault, times: Number.POSITIVE_INFINITY });
    expect(await failureOf(bench.platform.mayAsk(mention.author, mention.place))).toMatchObject({
      hint: expect.stringMatching(sentence),
    });
  });

  it("of a secondary limit waits, though GitHub names no time", async () => {
    const mention = await ask();
    world.fail({
      status: 403,
      json: { message: "You have exceeded a secondary rate limit." },
      times: Number.POSITIVE_INFINITY,
    });
    const failure = await failureOf(bench.platform.mayAsk(mention.author, mention.place));
    expect(failure).toMatchObject({ kind: "rate-limited", retryAt: expect.any(Number) });
  });
});

describe("the App's webhook", () => {
  it("is seen to deliver elsewhere, is pointed here, and tells failed deliveries", async () => {
    world.github.state.hook.url = "https://smee.example/abc";
    const hooks = bench.platform.hooks;
    expect(await hooks?.list(app)).toMatchObject([
      { type: "app", state: "missing", error: "GitHub delivers to https://smee.example/abc instead." },
    ]);
    expect(await hooks?.repair(app, "app")).toMatchObject({ state: "installed" });
    expect(world.github.state.hook).toMatchObject({
      url: "http://bot.example/webhooks/github",
      secret: bench.secret(app, "webhookSecret"),
    });
    world.loseDeliveries(true);
    await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    expect(await hooks?.list(app)).toMatchObject([
      { state: "failed", error: expect.stringContaining("502"), lastDelivery: expect.any(String) },
    ]);
    expect(await failureOf(hooks?.remove(app, "app"))).toMatchObject({ kind: "bad-input" });
  });

  it("does not speak for another server, though the secret is right", async () => {
    const spot = await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    world.deliveries();
    await world.comment(world.people.writer, spot, "@openhands fix");
    const sent = world.deliveries().at(-1);
    if (!sent || !world.signedWith) throw new Error("nothing was delivered");
    const elsewhere = Buffer.from(
      Buffer.from(sent.bytes).toString("utf8").replaceAll(world.host, "github.com"),
    );
    const forged = world.signedWith({ ...sent, bytes: elsewhere }, bench.secret(app, "webhookSecret") ?? "");
    expect(await bench.receive(forged)).toMatchObject({ status: 200, body: "ignored" });
    expect(bench.heard).toEqual([]);
  });

  it("is told apart from another server's that was given the same secret", async () => {
    const second = await startGitHubWorld();
    try {
      const theirs = second.connections[0];
      if (!theirs) throw new Error("no App");
      const secret = bench.secret(app, "webhookSecret") ?? "";
      const both = createPlatformBench(createGitHub, [
        ...world.connections.slice(0, 1),
        {
          connection: { ...theirs.connection, id: "second" },
          secrets: { ...theirs.secrets, webhookSecret: secret },
        },
      ]);
      const spot = await second.open(second.people.writer, "issue", { title: "Crash", text: "" });
      second.deliveries();
      await second.comment(second.people.writer, spot, "@openhands fix");
      const sent = second.deliveries().at(-1);
      if (!sent || !second.signedWith) throw new Error("nothing was delivered");
      await both.receive(second.signedWith(sent, secret));
      expect(both.heard).toMatchObject([{ place: { host: second.host, connection: "second" } }]);
    } finally {
      await second.close();
    }
  });
});
