import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAuthor, makeMention, makePlace } from "../support/make-mention.ts";
import { type ApiWorld, createApiWorld } from "./api-world.ts";
import { forgeApplication, startFakeOAuth } from "./oauth-server.ts";
import { seed, seededRun, seedRun } from "./seed.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld({ resolve: async () => ["93.184.216.34"] });
});
afterEach(() => world.end());

const token = { platform: "forge", kind: "token", secrets: { token: "good-token-ada" } };
/** The account that `good-token-bob` is of. */
const account = makeAuthor({ id: "2", name: "bob" });
const saysTaken = "linked to another person here";
const holder = (): string | undefined => world.people.connections.personOf("forge", "forge.test", "2");

/** A maintainer of another workspace, a member of the first: what comes through their own connection says what they like. */
const setUp = async () => {
  const at = "2026-03-01T00:00:00.000Z";
  await world.people.directory.write([{ put: "workspaces", id: "b", value: { name: "B", createdAt: at } }]);
  const owner = await world.signedIn("olga", "owner");
  await world.signedIn("mallory", "owner", "b");
  const mallory = await world.signedIn("mallory", "member");
  const own = await mallory.call("createConnection", { params: { workspace: "b" }, body: token });
  const shared = await owner.call("createConnection", { params: { workspace: "main" }, body: token });
  const say = (connection: string, text: string) =>
    world.intake.accept({
      heard: "mention",
      mention: makeMention(9, { text, place: makePlace(1, { connection }), author: account }),
    });
  return { owner, mallory, say, own: own.id, shared: shared.id };
};

describe("an account that is linked to somebody", () => {
  it("is taken from them by no comment, whoever vouches for it, and by no token", async () => {
    const { mallory, say, own, shared } = await setUp();
    await world.signedIn("vic", "member");
    await world.people.links.add(account, "person-vic", "oauth");
    for (const connection of [own, shared]) {
      const answer = await mallory.call("linkToConnection", { params: { connection } });
      expect(await say(connection, (answer.linked ? "" : answer.code) ?? "")).toMatchObject({
        accepted: "ignored",
        why: expect.stringContaining(saysTaken),
      });
      expect(holder()).toBe("person-vic");
    }
    const body = { ...token, secrets: { token: "good-token-bob" } };
    expect(await mallory.problem("createMyConnection", { body })).toMatchObject({
      status: 403,
      detail: expect.stringContaining(saysTaken),
    });
    expect((await mallory.call("listMyConnections", {})).items).toEqual([]);
    expect(holder()).toBe("person-vic");
  });

  it("by a message that another workspace heard, is that person there alone, until it is proven to be somebody's", async () => {
    const { mallory, say, own, shared } = await setUp();
    const prove = async (connection: string) => {
      const answer = await mallory.call("linkToConnection", { params: { connection } });
      await say(connection, (answer.linked ? "" : answer.code) ?? "");
    };
    const { personOf, accountsOf } = world.people.connections;
    const inWorkspace = (workspace: string) => [
      personOf("forge", "forge.test", "2", workspace),
      accountsOf(mallory.personId, "forge", "forge.test", workspace).length,
    ];
    await prove(own);
    expect(inWorkspace("b")).toEqual([mallory.personId, 1]);
    expect(inWorkspace("main")).toEqual([undefined, 0]);
    const heard = (connection: string) =>
      makeMention(1, { author: account, place: makePlace(1, { connection }) });
    const about = { host: "forge.test", name: "acme/site" };
    expect(world.people.policy.judge(heard(own), about)).toMatchObject({ personId: mallory.personId });
    expect(world.people.policy.judge(heard(shared), about)).toEqual({
      allowed: true,
      workspaceId: "main",
      opened: false,
    });
    // A second workspace that hears it believes it too; a proof that counts everywhere goes before both.
    await prove(shared);
    expect([inWorkspace("b"), inWorkspace("main")]).toEqual([
      [mallory.personId, 1],
      [mallory.personId, 1],
    ]);
    await world.signedIn("vic", "member");
    await world.people.links.add(account, "person-vic", "oauth");
    expect(inWorkspace("main")).toEqual(["person-vic", 0]);
    await prove(shared);
    expect(holder()).toBe("person-vic");
  });

  it("only in the word of another workspace stops nothing here", async () => {
    const { mallory, say, own } = await setUp();
    await seed(world);
    const ask = { key: "forge:forge.test:comment:1", author: account, request: "fix it", at: "", reply: {} };
    await seedRun(world, { state: "working", asks: [ask] });
    const answer = await mallory.call("linkToConnection", { params: { connection: own } });
    await say(own, (answer.linked ? "" : answer.code) ?? "");
    expect(holder()).toBe(mallory.personId);
    const params = { run: seededRun };
    const { may, asker } = await mallory.call("getRun", { params });
    expect([may, asker.name, asker.personId]).toEqual([
      { stop: false, retry: false, say: false },
      "bob",
      undefined,
    ]);
    expect(await mallory.problem("stopRun", { params })).toMatchObject({ status: 403 });
  });

  it("is free again once they unlinked it, or are in no workspace any more", async () => {
    const { owner, mallory, say, shared } = await setUp();
    const vic = await world.signedIn("vic", "member");
    const prove = async () => {
      const answer = await mallory.call("linkToConnection", { params: { connection: shared } });
      await say(shared, (answer.linked ? "" : answer.code) ?? "");
    };
    const link = await world.people.links.add(account, vic.personId, "oauth");
    await vic.call("unlinkAccount", { params: { link } });
    await prove();
    expect(holder()).toBe(mallory.personId);
    await mallory.call("unlinkAccount", { params: { link } });
    await world.people.links.add(account, vic.personId, "oauth");
    await owner.call("removeMember", { params: { workspace: "main", person: vic.personId } });
    await prove();
    expect(holder()).toBe(mallory.personId);
  });
});

it("a code that was heard by a workspace which its person is no member of links nothing", async () => {
  const { owner, say, own, shared } = await setUp();
  const answer = await owner.call("linkToConnection", { params: { connection: shared } });
  const code = (answer.linked ? "" : answer.code) ?? "";
  await say(own, code);
  expect(holder()).toBeUndefined();
  await say(shared, code);
  expect(holder()).toBe(owner.personId);
});

describe("an account that a maintainer's own address tells of", () => {
  const settings = { apiUrl: "https://evil.test/api" };

  it("is proven by no token", async () => {
    const { mallory } = await setUp();
    await mallory.call("createConnection", { params: { workspace: "b" }, body: { ...token, settings } });
    const max = await world.signedIn("max", "maintainer");
    await max.call("createMyConnection", {
      body: { ...token, settings, secrets: { token: "good-token-bob" } },
    });
    expect((await max.call("getMe", {})).links).toEqual([]);
  });

  it("is proven by no application, which is not offered either, unless the operator named that host", async () => {
    const oauth = await startFakeOAuth();
    for (const allowed of [false, true]) {
      await world.end();
      world = await createApiWorld({
        oauth: oauth.way,
        resolve: async () => ["93.184.216.34"],
        environment: allowed ? { ALLOWED_HOSTS: "evil.test" } : {},
      });
      const max = await world.signedIn("max", "maintainer");
      const made = await max.call("createConnection", {
        params: { workspace: "main" },
        body: { ...forgeApplication, settings: { ...forgeApplication.settings, ...settings } },
      });
      const { ways } = await world.browser().call("getSession", {});
      expect(ways.map(({ id }) => id)).toEqual(allowed ? [made.id] : []);
      for (const purpose of ["sign-in", "link", "connect"] as const) {
        const started = await max.request("POST", "/api/v1/session/oauth", { purpose, way: made.id });
        expect(started.status, purpose).toBe(allowed ? 200 : 403);
      }
    }
    await oauth.close();
  });
});

it("a workspace's token is that of the maintainer who entered it last, whoever made the connection", async () => {
  const owner = await world.signedIn("olga", "owner");
  const max = await world.signedIn("max", "maintainer");
  const { id } = await owner.call("createConnection", { params: { workspace: "main" }, body: token });
  const broughtBy = ({ personId }: { readonly personId: string }) =>
    world.people.connections.broughtBy(personId, "main", "forge", "forge.test").map((one) => one.id);
  const change = (body: { readonly name?: string; readonly secrets?: Record<string, string> }) =>
    max.call("changeConnection", { params: { connection: id }, body });
  await change({ name: "Renamed" });
  await change({ secrets: { webhookSecret: "a-webhook-secret-of-the-workspace" } });
  expect([broughtBy(owner), broughtBy(max)]).toEqual([[id], []]);
  await world.people.connections.renew(id, { secrets: { agentToken: "a-narrower-token" } });
  await change({ secrets: { token: "good-token-bob" } });
  expect([broughtBy(owner), broughtBy(max)]).toEqual([[], []]);
  await change({ secrets: { token: "good-token-bob", agentToken: "a-narrower-token" } });
  expect([broughtBy(owner), broughtBy(max)]).toEqual([[], [id]]);
});
