import { describe, expect, it } from "vitest";
import type { SeededConnection } from "../contracts/platform-subject.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { connectionId, gitlabConnection } from "../contracts/subjects/gitlab.ts";
import type { FakeGitLabSettings } from "../fakes/gitlab/start.ts";
import { onBehalf } from "../support/on-behalf.ts";
import { createBench, createScenes, type World } from "./gitlab-bench.ts";

const scene = createScenes();
const start = async (settings: FakeGitLabSettings = {}): Promise<World> => (await scene(settings)).world;

describe("what the status panel learns of a GitLab token", () => {
  const inspect = async (change: (world: World, token: string) => string | undefined) => {
    const world = await start();
    const [seeded] = world.connections;
    if (seeded === undefined) throw new Error("no connection");
    const token = change(world, seeded.secrets["token"] ?? "") ?? seeded.secrets["token"] ?? "";
    return createBench([{ ...seeded, secrets: { ...seeded.secrets, token } }]).platform.inspect(connectionId);
  };
  const states = (status: Awaited<ReturnType<typeof inspect>>) =>
    status.scopes.map(({ name, state }) => `${name} ${state}`);

  it("is whose it is, its kind, its scopes and its end", async () => {
    const status = await inspect((world, token) => {
      const facts = world.fake.state.tokens.get(token);
      if (facts) facts.expiresAt = new Date(Date.now() + 5.5 * 86_400_000).toISOString().slice(0, 10);
      return undefined;
    });
    expect(status).toMatchObject({
      ok: true,
      tokenKind: "project access token",
      account: { name: expect.stringMatching(/^project_\d+_bot_ab12$/) },
    });
    expect(states(status)).toEqual([
      "api present",
      "read_user present",
      "read_repository present",
      "write_repository present",
    ]);
    expect(status.expiresAt).toBeDefined();
    expect(status.notes?.[0]).toMatch(/expires in \d days/);
  });

  it("is which scopes are missing, even when the token may not say whose it is", async () => {
    const status = await inspect(({ fake }) => fake.addToken(fake.addUser("only-git"), ["read_repository"]));
    expect(status).toMatchObject({
      ok: false,
      problem: "The token lacks api, read_user, write_repository.",
      cure: expect.stringContaining("write_repository"),
    });
    expect(states(status)).toContain("read_repository present");
    const reader = await inspect(({ fake }) =>
      fake.addToken(fake.addUser("reader"), ["read_api", "read_user"]),
    );
    expect(states(reader)).toEqual([
      "api missing",
      "read_user present",
      "read_repository missing",
      "write_repository missing",
    ]);
  });

  it("is unknown for fine-grained tokens, and a person's own account is pointed out", async () => {
    const status = await inspect(({ fake }) => {
      const token = fake.addToken(fake.addUser("paula"));
      const facts = fake.state.tokens.get(token);
      if (facts) facts.granular = true;
      return token;
    });
    expect(status).toMatchObject({ ok: true, tokenKind: "fine-grained personal access token" });
    expect(states(status)).toContain("api unknown");
    expect(status.notes?.[0]).toContain("person's own account");
  });

  it("is that it was revoked, as part of the answer", async () => {
    const status = await inspect((world, token) => {
      const facts = world.fake.state.tokens.get(token);
      if (facts) facts.revoked = true;
      return undefined;
    });
    expect(status).toMatchObject({
      ok: false,
      problem: expect.stringContaining("does not accept our credentials"),
      cure: expect.stringContaining("new token"),
    });
  });
});

describe("GitLab over OAuth", () => {
  const oauthBench = async (expiresAt: string) => {
    const world = await start();
    const { fake } = world;
    const bot = fake.state.users.find(({ id }) => String(id) === world.people.self.id);
    if (bot === undefined) throw new Error("no bot");
    fake.state.tokens.set("oauth-access-0", { user: bot, scopes: ["api"], oauth: true });
    fake.state.refreshTokens.set("oauth-refresh-0", bot);
    const client = {
      ...gitlabConnection(fake, "app", { clientId: "app" }),
      kind: "oauth",
      secretNames: ["clientSecret"],
    };
    const connection = {
      ...gitlabConnection(fake, "signed-in", { client: "app", expiresAt }),
      kind: "oauth",
      secretNames: ["accessToken", "refreshToken"],
    };
    const bench = createBench([
      { connection: client, secrets: { clientSecret: "app-secret-of-the-fake" } },
      { connection, secrets: { accessToken: "oauth-access-0", refreshToken: "oauth-refresh-0" } },
    ]);
    return { world, bench };
  };
  const later = new Date(Date.now() + 3_600_000).toISOString();

  it("renews a token that ends soon once, however many calls need it, and keeps both new ones", async () => {
    const { world, bench } = await oauthBench(new Date(Date.now() + 10_000).toISOString());
    const look = () => bench.platform.findRepository?.(world.host, "acme/tools/shop", onBehalf());
    const found = await Promise.all([look(), look(), look()]);
    expect(found.every((one) => one?.name === "acme/tools/shop")).toBe(true);
    expect(world.fake.server.callsTo("/oauth/token", "POST")).toHaveLength(1);
    expect(bench.secret("signed-in", "accessToken")).toMatch(/^oauth-access-\d{2,}/);
    expect(bench.secret("signed-in", "refreshToken")).not.toBe("oauth-refresh-0");
    expect(Date.parse(bench.connection("signed-in")?.settings["expiresAt"] ?? "")).toBeGreaterThan(
      Date.now() + 7_000_000,
    );
  });

  it("renews a token that the server refused, and goes on with the call", async () => {
    const { world, bench } = await oauthBench(later);
    world.fake.state.tokens.delete("oauth-access-0");
    expect(await bench.platform.findRepository?.(world.host, "acme/tools/shop", onBehalf())).toMatchObject({
      name: "acme/tools/shop",
    });
    expect(world.fake.server.callsTo("/oauth/token", "POST")).toHaveLength(1);
    expect(await bench.platform.inspect("signed-in")).toMatchObject({ ok: true, tokenKind: "OAuth token" });
  });

  it("says to connect again when the sign-in is over, and posts nothing with it", async () => {
    const { world, bench } = await oauthBench(later);
    world.fake.state.tokens.delete("oauth-access-0");
    world.fake.state.refreshTokens.clear();
    await expect(
      bench.platform.findRepository?.(world.host, "acme/tools/shop", onBehalf()),
    ).rejects.toMatchObject({
      kind: "bad-credentials",
      hint: expect.stringContaining("Connect the account again"),
    });
  });
});

describe("two GitLab servers side by side", () => {
  it("are heard and answered each with its own credentials, one of them below a path", async () => {
    const [first, second] = [await start(), await start({ prefix: "/gitlab" })];
    const other = second.connections.map(
      ({ secrets }): SeededConnection => ({
        connection: gitlabConnection(second.fake, "gitlab-2"),
        secrets: { ...secrets, signingToken: `whsec_${Buffer.alloc(32, 3).toString("base64")}` },
      }),
    );
    const [hook] = second.fake.state.hooks;
    if (hook === undefined) throw new Error("no hook");
    hook.url = "http://bot.example/webhooks/gitlab/gitlab-2";
    hook.settings["signing_token"] = other[0]?.secrets["signingToken"];
    const bench = createBench([...first.connections, ...other]);
    for (const world of [first, second]) {
      const spot = await world.open(world.people.writer, "issue", { title: "t", text: "@openhands fix" });
      for (const sent of world.deliveries()) expect(await bench.receive(sent)).toMatchObject({ status: 200 });
      const mention = bench.heard.at(-1);
      if (mention === undefined) throw new Error("not heard");
      expect(mention.place).toMatchObject({ host: world.host, url: spot.url, repository: "acme/tools/shop" });
      await bench.platform.post(mention.place, makeMessage("m1"), { reply: mention.reply });
      expect(world.said(spot)).toHaveLength(1);
      expect(await bench.platform.placeAt?.(spot.url, onBehalf())).toMatchObject({ key: mention.place.key });
    }
    const [one, two] = [first.connections[0]?.secrets["token"], other[0]?.secrets["token"]];
    expect(second.host.endsWith("/gitlab")).toBe(true);
    expect([first.requestsWith(two ?? "-"), second.requestsWith(one ?? "-")]).toEqual([0, 0]);
    expect(first.requestsWith(one ?? "-")).toBeGreaterThan(0);
    expect(second.requestsWith(two ?? "-")).toBeGreaterThan(0);
  });
});
