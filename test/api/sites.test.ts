import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeMention, makePlace } from "../support/make-mention.ts";
import { type ApiWorld, createApiWorld } from "./api-world.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.end());

const main = { workspace: "main" };
const tracker = { ...main, platform: "tracker" };
const site = {
  platform: "tracker",
  kind: "site",
  settings: { site: "https://acme.tracker.test" },
  secrets: { token: "good-token-ada" },
};

/** Somebody writes the code as a comment there. */
const comment = (
  connection: string,
  text: string,
  author: { readonly id: string; readonly name: string; readonly host?: string },
) =>
  world.intake.accept({
    heard: "mention",
    mention: makeMention(author.id, {
      text,
      place: makePlace(1, { platform: "tracker", host: "acme.tracker.test", connection }),
      author: {
        platform: "tracker",
        host: author.host ?? "acme.tracker.test",
        id: author.id,
        name: author.name,
        kind: "person",
      },
    }),
  });

describe("a site that one person sets up and others link to", () => {
  it("goes the whole way: set up, link, unlink, switch off, no switching on by others, on again by its creator", async () => {
    const [creator, second] = [
      await world.signedIn("creator", "maintainer"),
      await world.signedIn("second", "maintainer"),
    ];
    expect(await creator.call("findSite", { params: tracker, query: { name: "acme" } })).toMatchObject({
      state: "unknown",
      host: "acme.tracker.test",
    });
    const { id } = await creator.call("createConnection", { params: main, body: site });
    const params = { connection: id };

    // The second person finds it, cannot edit it or make it twice, and links by a comment.
    expect(
      await second.call("findSite", { params: tracker, query: { name: "https://acme.tracker.test/" } }),
    ).toMatchObject({ state: "active", connection: { id, may: { edit: false, link: true } } });
    expect(await second.problem("createConnection", { params: main, body: site })).toMatchObject({
      status: 409,
      detail: expect.stringContaining("set up already by creator"),
    });
    expect(await second.problem("changeConnection", { params, body: { name: "Mine" } })).toMatchObject({
      status: 403,
      detail: expect.stringContaining("Only creator can change"),
    });
    expect(await second.problem("deleteConnection", { params })).toMatchObject({ status: 403 });
    const answer = await second.call("linkToConnection", { params });
    if (answer.linked) throw new Error("linked without a proof");
    expect(answer.code).toMatch(/^@openhands link-[a-z0-9]{16}$/);
    expect(await comment(id, answer.code ?? "", { id: "acc-2", name: "Second Person" })).toMatchObject({
      accepted: "ignored",
    });
    expect(await second.call("findSite", { params: tracker, query: { name: "acme" } })).toMatchObject({
      state: "linked",
      connection: { linkedAs: { name: "Second Person" } },
    });

    // Unlinking takes back one's own link only.
    expect(await second.call("unlinkFromConnection", { params, body: {} })).toMatchObject({
      unlinked: "own-link",
      connection: { active: true },
    });
    expect(await second.problem("unlinkFromConnection", { params, body: {} })).toMatchObject({ status: 404 });

    // The creator's unlinking switches it off for everybody, and only the creator switches it on.
    expect(await creator.call("unlinkFromConnection", { params, body: {} })).toMatchObject({
      unlinked: "workspace-off",
      connection: { active: false },
    });
    expect(await second.call("findSite", { params: tracker, query: { name: "acme" } })).toMatchObject({
      state: "inactive",
      message: expect.stringContaining("Only creator can switch it on"),
    });
    expect(await second.problem("linkToConnection", { params })).toMatchObject({ status: 409 });
    expect(await second.problem("changeConnection", { params, body: { active: true } })).toMatchObject({
      status: 403,
    });
    expect(world.people.connections.list("tracker")).toEqual([]);
    expect(await creator.call("changeConnection", { params, body: { active: true } })).toMatchObject({
      active: true,
    });
  });

  it("takes a code from its own server only, once, and not after a quarter of an hour", async () => {
    const [creator, second] = [
      await world.signedIn("creator", "maintainer"),
      await world.signedIn("second", "member"),
    ];
    const { id } = await creator.call("createConnection", { params: main, body: site });
    const ask = async (): Promise<string> => {
      const answer = await second.call("linkToConnection", { params: { connection: id } });
      return answer.linked ? "" : (answer.code ?? "");
    };
    const first = await ask();
    await comment(id, first, { id: "evil", name: "eve", host: "evil.tracker.test" });
    expect((await second.call("getMe", {})).links).toEqual([]);
    await comment(id, first, { id: "acc-2", name: "second" });
    await comment(id, first, { id: "acc-3", name: "third" });
    expect((await second.call("getMe", {})).links.map(({ accountId }) => accountId)).toEqual(["acc-2"]);
    await second.call("unlinkFromConnection", { params: { connection: id }, body: {} });
    const late = await ask();
    world.clock.at += 16 * 60_000;
    await comment(id, late, { id: "acc-2", name: "second" });
    expect((await second.call("getMe", {})).links).toEqual([]);
  });
});

describe("a code host that a workspace is connected to", () => {
  it("can be linked to by every member from its page, where asks from a chat send them; a person's own cannot", async () => {
    const maintainer = await world.signedIn("maintainer", "maintainer");
    const token = { platform: "forge", kind: "token", secrets: { token: "good-token-ada" } };
    const { id } = await maintainer.call("createConnection", { params: main, body: token });
    const member = await world.signedIn("member", "member");
    const mayLink = async (): Promise<readonly (readonly [string, boolean])[]> =>
      (await member.call("listConnections", { params: main })).items.map(
        (one) => [one.id, one.may.link] as const,
      );
    expect(await mayLink()).toEqual([[id, true]]);
    const answer = await member.call("linkToConnection", { params: { connection: id } });
    expect(answer).toMatchObject({ linked: false, code: expect.stringMatching(/link-/) });

    const own = { ...token, secrets: { token: "good-token-bob" } };
    const mine = await member.call("createMyConnection", { body: own });
    expect(mine.may.link).toBe(false);
    // A token of one's own proves the account, so there is nothing left to link.
    expect(await mayLink()).toEqual([[id, false]]);
  });
});

describe("a link that a platform's message gave", () => {
  const mention = (platform: string) =>
    makeMention(1, {
      place: makePlace(1, { platform, host: "acme.tracker.test" }),
      author: { platform, host: "acme.tracker.test", id: "acc-9", name: "nine", kind: "person" },
    });
  const tokenOf = (url: string): string => url.split("#")[1] ?? "";

  it("said in public, needs another proof", async () => {
    const browser = await world.signedIn("ada", "member");
    const token = tokenOf(world.people.policy.linkFor(mention("tracker")));
    expect(await world.browser().call("describeLink", { body: { token } })).toMatchObject({
      purpose: "link-account",
      account: { name: "nine", host: "acme.tracker.test" },
    });
    expect(await browser.call("linkAccount", { body: { token } })).toMatchObject({
      linked: false,
      code: expect.stringMatching(/link-/),
    });
    expect((await browser.call("getMe", {})).links).toEqual([]);
  });

  it("said to one person alone, links once and wakes what waits for it", async () => {
    const linked: string[] = [];
    world.people.policy.onLinked(({ id }) => linked.push(id));
    const { author } = mention("tracker");
    const token = world.people.linkTokens.make(author, true);
    const [ada, bob] = [await world.signedIn("ada", "member"), await world.signedIn("bob", "member")];
    expect(await ada.call("linkAccount", { body: { token } })).toMatchObject({
      linked: true,
      link: { accountId: "acc-9", proof: "message" },
    });
    expect(linked).toEqual(["acc-9"]);
    expect(await bob.problem("linkAccount", { body: { token } })).toMatchObject({ status: 404 });
    expect(await ada.call("linkAccount", { body: { token } })).toMatchObject({ linked: true });
  });

  it("is refused when it was changed, is a day old, or is nonsense", async () => {
    const browser = await world.signedIn("ada", "member");
    const { author } = mention("tracker");
    const token = world.people.linkTokens.make(author, true);
    const [body = "", signature = ""] = token.split(".");
    const forged = Buffer.from(Buffer.from(body, "base64url").toString().replace("acc-9", "acc-1")).toString(
      "base64url",
    );
    for (const wrong of [
      `${forged}.${signature}`,
      `${body}.${"A".repeat(43)}`,
      body,
      `${token}.x`,
      "x".repeat(60),
    ]) {
      expect(await browser.problem("linkAccount", { body: { token: wrong } }), wrong).toMatchObject({
        status: 404,
      });
    }
    world.clock.at += 24 * 3_600_000 + 1;
    const later = await world.signedIn("ada", "member");
    expect(await later.problem("linkAccount", { body: { token } })).toMatchObject({ status: 404 });
  });
});

describe("members", () => {
  it("of the rank of owner are made and unmade by owners, and one always stays", async () => {
    const [owner, maintainer] = [
      await world.signedIn("olga", "owner"),
      await world.signedIn("max", "maintainer"),
    ];
    await world.signedIn("mia", "member");
    const of = (person: string) => ({ ...main, person: `person-${person}` });
    expect(
      await maintainer.problem("changeMember", { params: of("mia"), body: { role: "owner" } }),
    ).toMatchObject({ status: 403 });
    expect(
      await maintainer.problem("changeMember", { params: of("olga"), body: { role: "member" } }),
    ).toMatchObject({ status: 403 });
    expect(await maintainer.problem("removeMember", { params: of("olga") })).toMatchObject({ status: 403 });
    expect(
      await owner.problem("changeMember", { params: of("olga"), body: { role: "member" } }),
    ).toMatchObject({ status: 409 });
    expect(await owner.problem("removeMember", { params: of("olga") })).toMatchObject({ status: 409 });
    expect(await owner.problem("deleteMe", {})).toMatchObject({ status: 409 });
    await owner.call("changeMember", { params: of("max"), body: { role: "owner" } });
    await owner.call("deleteMe", {});
    expect(
      (await maintainer.call("listMembers", { params: main })).items.map(({ person, role }) => [
        person.name,
        role,
      ]),
    ).toEqual([
      ["max", "owner"],
      ["mia", "member"],
    ]);
    expect(await owner.call("getSession", {})).toMatchObject({ signedIn: false });
  });

  it("who are removed from their last workspace have no connection at work any more", async () => {
    const [owner, mia] = [await world.signedIn("olga", "owner"), await world.signedIn("mia", "member")];
    const secrets = { token: "good-token-bob" };
    const own = { platform: "forge", kind: "token", secrets };
    await owner.call("createConnection", {
      params: main,
      body: { ...own, secrets: { token: "good-token-ada" } },
    });
    const { id } = await mia.call("createMyConnection", { body: own });
    const { connections } = world.people;
    await world.signedIn("mia", "member", "second");
    await owner.call("removeMember", { params: { ...main, person: mia.personId } });
    expect(connections.get(id)?.active).toBe(true);
    await world.people.directory.write([{ remove: "members", id: `second.${mia.personId}` }]);
    await world.signedIn("mia", "member");
    await owner.call("removeMember", { params: { ...main, person: mia.personId } });
    expect(connections.get(id)?.active).toBe(false);
  });

  it("who leave take their own things with them, and nothing of the workspace", async () => {
    const [, mia] = [await world.signedIn("olga", "owner"), await world.signedIn("mia", "member")];
    await mia.call("createMyConnection", {
      body: { platform: "forge", kind: "token", secrets: { token: "good-token-bob" } },
    });
    await mia.call("createMySecret", { body: { name: "GITHUB_TOKEN", value: "a-narrow-token" } });
    expect(world.people.connections.override("GITHUB_TOKEN", mia.personId)).toBe("a-narrow-token");
    await mia.call("createToken", { body: { name: "script", access: "read" } });
    await mia.call("deleteMe", {});
    const { directory } = world.people;
    for (const name of ["connections", "secrets", "tokens", "links", "sessions"] as const)
      expect(JSON.stringify(directory.list(name)), name).not.toContain(mia.personId);
    expect(directory.get("people", mia.personId)).toBeUndefined();
  });
});
