import { describe, expect, it } from "vitest";
import { makeMessage } from "../contracts/platform-tools.ts";
import { signedWith } from "../fakes/bitbucket/start.ts";
import { addToken, seed, webhookSecret } from "../fakes/bitbucket/world.ts";
import { onBehalf } from "../support/on-behalf.ts";
import { benchOf, createScenes } from "./bitbucket-bench.ts";

const scene = createScenes("dc");

describe("whom Bitbucket Data Center's deliveries are believed", () => {
  it("answers the test button, which does not sign, and hears nothing in it", async () => {
    const { bench, id, world, spot, one } = await scene();
    const headers = { "x-event-key": "diagnostics:ping" };
    const ping = { method: "POST", path: `/webhooks/bitbucket-dc/${id}`, headers } as const;
    expect(await bench.receive({ ...ping, bytes: Buffer.from('{"test": true}') })).toMatchObject({
      status: 200,
      body: "pong",
    });
    const signed = signedWith({ ...ping, bytes: Buffer.from('{"test": true}') }, webhookSecret);
    expect(await bench.receive(signed)).toMatchObject({ status: 200, body: "pong" });
    expect(await bench.receive(signedWith(signed, "another-secret-that-is-wrong"))).toMatchObject({
      status: 401,
    });
    await world.comment(world.people.stranger, spot, "@openhands let me in");
    const { bytes } = one();
    expect(await bench.receive({ ...ping, bytes })).toMatchObject({ body: "pong" });
    expect(bench.heard).toEqual([]);
  });

  it("leaves out a signed delivery that speaks of another server than the connection's", async () => {
    const { bench, world, spot, one } = await scene();
    await world.comment(world.people.writer, spot, "@openhands please");
    const sent = one();
    const text = new TextDecoder()
      .decode(sent.bytes)
      .replaceAll(world.fake.base, "https://git.elsewhere.example");
    expect(
      await bench.receive(signedWith({ ...sent, bytes: Buffer.from(text) }, webhookSecret)),
    ).toMatchObject({
      status: 200,
      body: "ignored",
    });
    expect(bench.heard).toEqual([]);
    expect(bench.log.lines.some(({ message }) => message.includes("another server"))).toBe(true);
    expect(await bench.receive(sent)).toMatchObject({ body: "stored" });
  });

  it("believes an address only with its own connection's secret", async () => {
    const { world, spot, one } = await scene();
    const [first] = world.connections;
    if (!first) throw new Error("no connection");
    const second = {
      connection: { ...first.connection, id: "second" },
      secrets: { ...first.secrets, webhookSecret: "the-secret-of-the-second-connection" },
    };
    const bench = benchOf("dc", [first, second]);
    await world.comment(world.people.writer, spot, "@openhands please");
    const sent = one();
    expect(await bench.receive({ ...sent, path: "/webhooks/bitbucket-dc/second" })).toMatchObject({
      status: 401,
    });
    expect(await bench.receive({ ...sent, path: "/webhooks/bitbucket-dc" })).toMatchObject({ status: 200 });
    expect(bench.heard[0]?.place.connection).toBe(first.connection.id);
  });

  it("hears an inline comment without its place when it cannot be read back, and reads it for the agent", async () => {
    const { world, bench, spot, one } = await scene();
    await world.inline?.(world.people.writer, spot, "@openhands why this", { path: "src/cart.ts", line: 2 });
    world.fail({ method: "GET", path: /comments\/\d+$/, status: 404 });
    expect(await bench.receive(one())).toMatchObject({ body: "stored" });
    const [mention] = bench.heard;
    if (!mention) throw new Error("not heard");
    expect(mention.way).toBe("comment");
    const { parts } = await bench.platform.thread(mention);
    expect(parts?.[0]?.spot).toMatchObject({ path: "src/cart.ts", line: 2 });
    expect(parts?.[0]?.spot?.diffHunk).toContain("+const total");
  });
});

describe("what we say on Bitbucket Data Center", () => {
  it("is edited with the newest version: a stale one is read again and tried once more", async () => {
    const { world, bench, spot, ask } = await scene();
    const { place, reply } = await ask();
    const posted = await bench.platform.post(place, makeMessage("r1.abc"), { reply });
    const comment = world.project.pulls[0]?.comments.find(({ id }) => String(id) === posted.id);
    if (!comment) throw new Error("no post");
    comment.version = 7;
    const edited = await bench.platform.editPost(place, posted, makeMessage("r1.abc", "Done."));
    expect(world.said(spot).at(-1)?.text).toContain("Done.");
    expect(edited.memo?.["version"]).toBe("8");
    world.fail({ method: "PUT", status: 409, times: 2 });
    await expect(bench.platform.editPost(place, edited, makeMessage("r1.abc", "x"))).rejects.toMatchObject({
      status: 409,
    });
  });

  it("works in a personal repository, below a context path and without one", async () => {
    for (const context of ["", "/git/bitbucket"]) {
      const { world, bench, spot, ask } = await scene({ context, repository: "~wanda/notes" });
      const mention = await ask();
      expect(mention.place).toMatchObject({ host: world.host, repository: "~wanda/notes", url: spot.url });
      expect(spot.url).toBe(`${world.fake.base}/users/wanda/repos/notes/pull-requests/1`);
      expect(await bench.platform.mayAsk(mention.author, mention.place)).toEqual({ may: true });
      await bench.platform.post(mention.place, makeMessage("r1.abc"), { reply: mention.reply });
      expect(world.said(spot)).toHaveLength(2);
      expect((await bench.platform.placeAt?.(spot.url, onBehalf()))?.key).toBe(mention.place.key);
      expect((await bench.platform.thread(mention)).repository).toMatchObject({
        name: "~wanda/notes",
        cloneUrl: `${world.fake.base}/scm/~wanda/notes.git`,
        defaultBranch: "main",
      });
    }
  });

  it("is said by the asker where there is no bot's token, and is still known as ours", async () => {
    const linked: Record<string, string> = {};
    const { world, bench, spot, one } = await scene({
      linked,
      connections(made) {
        const [first] = made.connections;
        if (!first) throw new Error("no connection");
        const link = {
          ...first.connection,
          kind: "oauth",
          settings: { baseUrl: made.fake.base, clientId: "app" },
        };
        const own = seed(made.fake, "oauth", "", { client: link.id });
        return [
          { connection: link, secrets: { clientSecret: "secret-of-the-application", webhookSecret } },
          {
            connection: { ...own.connection, id: "wandas", owner: { kind: "person", id: "wanda" } },
            secrets: { accessToken: addToken(made.fake, made.users.writer, "oauth") },
          },
        ];
      },
    });
    await world.comment(world.people.writer, spot, "@openhands please");
    await bench.receive(one());
    const [mention] = bench.heard;
    if (!mention) throw new Error("not heard");
    const { place, reply, author } = mention;
    await expect(bench.platform.mayAsk(author, place)).rejects.toMatchObject({
      hint: expect.stringContaining("the asker connects their own account"),
    });
    linked[world.people.writer.id] = "wanda";
    expect(await bench.platform.mayAsk(author, place)).toEqual({ may: true });
    const posted = await bench.platform.post(place, makeMessage("r1.abc", "Say @openhands stop."), { reply });
    expect(world.said(spot).at(-1)?.author.id).toBe(world.people.writer.id);
    await bench.receive(one());
    expect(bench.heard.at(-1)?.author.kind).toBe("self");
    expect((await bench.platform.findPost(place, "r1.abc", { reply }))?.id).toBe(posted.id);
    await bench.platform.editPost(place, posted, makeMessage("r1.abc", "Done."));
    expect(world.said(spot).at(-1)?.text).toContain("Done.");
    await world.comment(world.people.writer, spot, "@openhands and another thing");
    world.deliveries().map((sent) => bench.receive(sent));
    await expect.poll(() => bench.heard.at(-1)?.author.kind).toBe("person");
  });
});

describe("a connection to Bitbucket Data Center", () => {
  it("tells whose it is and which rights it has; without a repository to write to it is not good", async () => {
    const { bench, id } = await scene();
    expect(await bench.platform.inspect(id)).toMatchObject({
      ok: true,
      account: { id: "105", name: "OpenHands" },
      tokenKind: "HTTP access token",
      scopes: [{ state: "present" }, { state: "present" }, { state: "present" }],
    });
    const lesser = await scene({ right: "read" });
    expect(await lesser.bench.platform.inspect(lesser.id)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("REPO_WRITE"),
      scopes: [{ state: "present" }, { state: "missing" }, { state: "missing" }],
    });
  });

  it("only goes to its own host, whatever address is typed beside it", async () => {
    const { world, bench, id } = await scene();
    await bench.renew(id, { settings: { baseUrl: "https://git.elsewhere.example" } });
    expect(await bench.platform.inspect(id)).toMatchObject({
      ok: false,
      problem: `Tests do not ask ${world.host}.`,
    });
    await bench.renew(id, { settings: { baseUrl: ` ${world.fake.base}/ ` } });
    expect(await bench.platform.inspect(id)).toMatchObject({ ok: true });
  });

  it("is told apart from nobody: an answer for everybody is no proof of credentials", async () => {
    const { world, bench, id } = await scene();
    world.fail({
      path: /application-properties$/,
      json: { version: "9.2.0" },
      headers: { "x-ausername": "anonymous" },
    });
    expect(await bench.platform.inspect(id)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("does not accept our credentials"),
    });
  });

  it("gives the agent its server and the login that git sends", async () => {
    const { world, bench, ask } = await scene();
    const { place } = await ask();
    const repository = await bench.platform.findRepository?.(world.host, "ACME/shop", onBehalf());
    if (!repository) throw new Error("no repository");
    expect(await bench.platform.agentToken?.(repository, onBehalf(), place)).toMatchObject({
      name: "BITBUCKET_DATA_CENTER_TOKEN",
      gitUser: "openhands",
      also: {
        BITBUCKET_DATA_CENTER_HOST: world.host,
        BITBUCKET_DATA_CENTER_REST_URL: `${world.fake.base}/rest/api/latest`,
      },
    });
  });

  it("knows where people sign in and whose sign-in it was", async () => {
    const { world, bench, id } = await scene();
    const client = bench.connection(id);
    const { oauth } = bench.platform;
    if (!client || !oauth) throw new Error("no way to sign in");
    expect(oauth.server(client).authorize).toBe(`${world.fake.base}/rest/oauth2/latest/authorize`);
    expect(oauth.scopes(client, "work")).toEqual(["REPO_ADMIN"]);
    const token = addToken(world.fake, world.users.reader, "oauth");
    expect(await oauth.account(client, token)).toEqual({ id: "102", name: "rolf" });
    await expect(oauth.account(client, "no-such-token")).rejects.toMatchObject({ kind: "bad-credentials" });
  });
});
