import { describe, expect, it } from "vitest";
import { makeMessage } from "../contracts/platform-tools.ts";
import { addToken, seed } from "../fakes/bitbucket/world.ts";
import { onBehalf } from "../support/on-behalf.ts";
import { benchOf, createScenes } from "./bitbucket-bench.ts";

const scene = createScenes("cloud");

describe("a description on Bitbucket Cloud", () => {
  it("asks when an edit newly calls us, in the words and name of who edited it", async () => {
    const { world, bench, spot, one } = await scene();
    await world.editDescription?.(world.people.reader, spot, "It crashes. @openhands find out why");
    expect(await bench.receive(one())).toMatchObject({ body: "stored" });
    expect(bench.heard[0]).toMatchObject({
      way: "description",
      change: "edited",
      text: "It crashes. @openhands find out why",
      before: "It crashes when empty.",
      author: { id: world.people.reader.id },
    });
  });

  it("asks nothing when only the title or the commits changed under it", async () => {
    const { world, bench, spot, one } = await scene();
    await world.editDescription?.(world.people.writer, spot, "@openhands find out why");
    await bench.receive(one());
    await world.touch?.(world.people.reader, spot);
    expect(await bench.receive(one())).toMatchObject({ status: 200, body: "ignored" });
    expect(bench.heard).toHaveLength(1);
  });

  it("is delivered again when Bitbucket does not tell how it was before", async () => {
    const { world, bench, spot, one } = await scene();
    await world.editDescription?.(world.people.writer, spot, "@openhands find out why");
    const sent = one();
    world.fail({ path: /activity$/, status: 403, times: 1 });
    expect(await bench.receive(sent)).toMatchObject({ status: 503 });
    expect(await bench.receive(sent)).toMatchObject({ status: 200, body: "stored" });
  });
});

describe("credentials of Bitbucket Cloud", () => {
  it.each([
    ["by its beginning", { email: "openhands@example.com" }, "ATBB0123456789abcdef0123"],
    ["by the user name beside it", { email: "openhands-bot" }, "0123456789abcdefABCD"],
  ])("that are an app password are recognised %s and sent nowhere", async (_, settings, token) => {
    const { world } = await scene();
    const old = seed(world.fake, "token", token, settings);
    const bench = benchOf("cloud", [old]);
    expect(await bench.platform.inspect(old.connection.id)).toMatchObject({
      ok: false,
      tokenKind: "app password",
      problem: expect.stringContaining("ended app passwords in June 2026"),
      cure: expect.stringContaining("API token"),
    });
    expect(world.requestsWith(token)).toBe(0);
  });

  it("that are an access token go alone, and learn who they are from their first post", async () => {
    const { world, id, spot, one } = await scene();
    const token = addToken(world.fake, world.users.self, "access-token", false);
    const seeded = seed(world.fake, "access-token", token, { workspace: "acme" });
    const connection = { ...seeded.connection, id };
    const bench = benchOf("cloud", [{ ...seeded, connection }]);
    expect(await bench.platform.inspect(id)).toMatchObject({ ok: true, tokenKind: "access token" });

    await world.comment(world.people.writer, spot, "@openhands please");
    await bench.receive(one());
    const mention = bench.heard[0];
    if (!mention) throw new Error("not heard");
    const { place, reply } = mention;
    const posted = await bench.platform.post(place, makeMessage("r1.abc", "Say @openhands stop."), { reply });
    expect(bench.connection(id)?.settings["accountId"]).toBe(world.people.self.id);
    await bench.receive(one());
    expect(bench.heard.at(-1)?.author.kind).toBe("self");
    expect((await bench.platform.findPost(place, "r1.abc", { reply }))?.id).toBe(posted.id);
    await world.comment(world.people.self, spot, "@openhands without a marker");
    await bench.receive(one());
    expect(bench.heard.at(-1)?.author.kind).toBe("self");
  });

  it("can be kept to the repositories that are named, without asking for a list", async () => {
    const { world, bench, id, ask } = await scene();
    await bench.renew(id, { settings: { workspace: "acme", repositories: "acme/shop, acme/none" } });
    expect(await bench.platform.searchRepositories?.(world.host, "acme/sh", onBehalf())).toHaveLength(1);
    expect((await bench.platform.inspect(id)).notes).toContain("It does not see acme/none.");
    await ask();
    expect(await bench.missed(Date.now() - 60_000)).toHaveLength(2);
    expect(await bench.platform.hooks?.list(id)).toMatchObject([{ name: "acme" }, { name: "acme/shop" }]);
    expect(world.fake.server.callsTo("/2.0/repositories/:workspace")).toEqual([]);
  });

  it("of a person ask with the same account that we post with; only marked posts are ours", async () => {
    const { world, bench, id, spot, one, ask } = await scene();
    await bench.renew(id, { settings: { account: "person" } });
    const { place, reply } = await ask(world.people.self, "@openhands I share my account with you");
    expect(bench.heard[0]?.author.kind).toBe("person");
    await bench.platform.post(place, makeMessage("r1.abc", "Say @openhands stop."), { reply });
    await bench.receive(one());
    expect(bench.heard.at(-1)?.author.kind).toBe("self");
    await world.comment(world.people.writer, spot, `@{${world.people.self.name}} is not called by that`);
    await bench.receive(one());
    expect(bench.heard.at(-1)?.text).not.toContain("@openhands");
  });

  it("have their scopes read from Bitbucket's answers where it names them", async () => {
    const { world, bench, id } = await scene();
    world.fail({
      path: /\/user$/,
      json: { uuid: world.people.self.id, display_name: "OpenHands" },
      headers: {
        "x-oauth-scopes": "read:user:bitbucket, write:repository:bitbucket, read:pullrequest:bitbucket",
      },
    });
    const status = await bench.platform.inspect(id);
    expect(status.ok).toBe(false);
    expect(status.problem).toContain("pull requests (write)");
    expect(status.scopes.map(({ state }) => state)).toEqual(["present", "present", "missing", "missing"]);
  });

  it("give the agent the token alone for git, with the e-mail address for REST beside it", async () => {
    const { world, bench, id, ask } = await scene();
    const { place } = await ask();
    const repository = await bench.platform.findRepository?.(world.host, "acme/shop", onBehalf());
    if (!repository) throw new Error("no repository");
    const agentToken = () => bench.platform.agentToken?.(repository, onBehalf(), place);
    expect(await agentToken()).toMatchObject({
      name: "BITBUCKET_TOKEN",
      value: bench.secret(id, "token"),
      gitUser: "x-bitbucket-api-token-auth",
      also: { BITBUCKET_USERNAME: "openhands@example.com" },
    });
    await bench.renew(id, { secrets: { agentToken: "a-narrower-token-for-the-agent" } });
    expect((await agentToken())?.value).toBe("a-narrower-token-for-the-agent");
    bench.override("BITBUCKET_TOKEN", "typed-in-by-the-person");
    expect((await agentToken())?.value).toBe("typed-in-by-the-person");
  });
});

describe("asking on Bitbucket Cloud", () => {
  it("goes by the asker's own token where ours may not see rights", async () => {
    const linked: Record<string, string> = {};
    const { world, bench, ask } = await scene({
      right: "write",
      linked,
      connections(made) {
        const own = (user: "writer" | "reader") => {
          const token = addToken(made.fake, made.users[user], "token");
          const { connection, secrets } = seed(made.fake, "token", token, { account: "person" });
          return {
            connection: { ...connection, id: user, owner: { kind: "person", id: user } as const },
            secrets,
          };
        };
        return [...made.connections, own("writer"), own("reader")];
      },
    });
    const { author, place } = await ask();
    const judge = (user: { id: string; name: string }) =>
      bench.platform.mayAsk({ ...author, id: user.id, name: user.name }, place);
    expect(await judge(world.people.writer)).toMatchObject({
      may: "after-linking",
      why: expect.stringContaining("administrator of the repository"),
    });
    linked[world.people.writer.id] = "writer";
    linked[world.people.reader.id] = "reader";
    expect(await judge(world.people.writer)).toEqual({ may: true });
    expect(await judge(world.people.reader)).toMatchObject({ may: false });
  });

  it("never goes by a server of the asker's own choice", async () => {
    const { world, bench, ask } = await scene({
      right: "write",
      linked: { "{bf34a99b-8a11-452c-8fbc-000000000003}": "sam" },
      connections(made) {
        const token = addToken(made.fake, made.users.stranger, "token");
        const { connection, secrets } = seed(made.fake, "token", token, { apiUrl: `${made.fake.base}/evil` });
        const own = { ...connection, id: "sams", owner: { kind: "person", id: "sam" } as const };
        return [...made.connections, { connection: own, secrets }];
      },
    });
    const { author, place } = await ask();
    const judged = await bench.platform.mayAsk({ ...author, id: world.people.stranger.id }, place);
    expect(judged).toMatchObject({ may: "after-linking" });
    expect(world.fake.server.calls.filter(({ path }) => path.startsWith("/evil"))).toEqual([]);
  });

  it("is answered as the asker, not as whoever else has a connection, where only people have connections", async () => {
    const { world, spot, ask } = await scene();
    const { place, reply } = await ask();
    const own = (["self", "writer"] as const).map((name) => {
      const { connection, secrets } = seed(
        world.fake,
        "token",
        addToken(world.fake, world.users[name], "token"),
      );
      const settings = { ...connection.settings, apiUrl: `${world.fake.base}/2.0` };
      const id = name === "self" ? connection.id : "wandas";
      const owner = { kind: "person", id: name } as const;
      return { connection: { ...connection, id, settings, owner }, secrets };
    });
    const bench = benchOf("cloud", own, { [world.people.self.id]: "self" });
    await expect(bench.platform.post(place, makeMessage("r1.abc"), { reply })).rejects.toMatchObject({
      hint: expect.stringContaining("the asker connects their own account"),
    });
    expect(world.said(spot)).toHaveLength(1);
  });

  it("is never lost for its size: what Bitbucket does not deliver is found by polling", async () => {
    const { world, bench, spot } = await scene();
    await world.comment(world.people.writer, spot, `@openhands mend this\n${"long ".repeat(60_000)}`);
    expect(world.deliveries()).toEqual([]);
    const found = await bench.missed(Date.now() - 60_000);
    const comments = found.filter(({ way }) => way === "comment");
    expect(comments.map(({ text }) => text.slice(0, 20))).toEqual(["@openhands mend this"]);
  });
});

describe("what we say on Bitbucket Cloud", () => {
  it("mentions people by account id and hides the marker without HTML", async () => {
    const { world, bench, spot, ask } = await scene();
    const { author, place, reply } = await ask();
    await bench.platform.post(place, makeMessage("r1.abc", "Done.", { notify: [author] }), { reply });
    const text = world.said(spot).at(-1)?.text ?? "";
    expect(text).toContain(`@{${world.people.writer.name}}`);
    expect(text).toContain("[//]: # (ask-openhands:r1.abc)");
    expect(text).not.toContain("<!--");
  });

  it("stands by itself when the comment to answer was deleted meanwhile", async () => {
    const { world, bench, spot, ask } = await scene();
    const { place, reply } = await ask();
    const asked = world.said(spot)[0];
    if (asked) await world.removeComment?.(world.people.writer, asked);
    await bench.platform.post(place, makeMessage("r1.abc"), { reply });
    expect(world.said(spot).map(({ thread }) => thread)).toEqual([undefined]);
  });

  it("is found again among more comments than a page has", async () => {
    const { world, bench, spot, ask } = await scene();
    const { place, reply } = await ask();
    const posted = await bench.platform.post(place, makeMessage("r1.abc"), { reply });
    for (let count = 0; count < 130; count += 1)
      await world.comment(world.people.reader, spot, `No ${count}`);
    expect((await bench.platform.findPost(place, "r1.abc", { reply }))?.id).toBe(posted.id);
  });
});
