import { memberId } from "@ask-openhands/bot/people/members.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";
import type { Browser } from "./browser.ts";
import { follow } from "./follow.ts";
import { type FakeOAuth, forgeApplication, startFakeOAuth } from "./oauth-server.ts";

let oauth: FakeOAuth;
let world: ApiWorld;
let way: string;

beforeEach(async () => {
  oauth = await startFakeOAuth();
  world = await createApiWorld({ oauth: oauth.way });
  const owner = await world.signedIn("olga", "owner");
  const made = await owner.call("createConnection", {
    params: { workspace: "main" },
    body: forgeApplication,
  });
  way = made.id;
});
afterEach(async () => {
  await world.end();
  await oauth.close();
});

const ada = { id: "acc-ada", name: "ada" };

const begin = async (
  browser: Browser,
  purpose: "sign-in" | "link" | "connect",
  more: object = {},
): Promise<string> => (await browser.call("startOAuth", { body: { purpose, way, ...more } })).url;

describe("OAuth", () => {
  it("is offered, with state and PKCE, back to an address of this server alone", async () => {
    const browser = world.browser();
    expect((await browser.call("getSession", {})).ways).toEqual([
      { id: way, platform: "forge", name: "Forge", host: "forge.test" },
    ]);
    const { searchParams } = new URL(await begin(browser, "sign-in"));
    expect(Buffer.from(searchParams.get("state") ?? "", "base64url").length).toBeGreaterThanOrEqual(16);
    expect(searchParams.get("code_challenge_method")).toBe("S256");
    expect(searchParams.get("redirect_uri")).toBe("https://bot.test/oauth/callback/forge/forge.test");
    expect(searchParams.get("scope")).toBe("read_user");
  });

  it("signs in a person whose account is linked, with a new session", async () => {
    await world.people.links.add({ platform: "forge", host: "forge.test", ...ada }, "person-olga", "token");
    const browser = world.browser();
    const back = await follow(
      browser,
      oauth.approve(await begin(browser, "sign-in", { returnTo: "/activity" }), ada),
    );
    expect(back).toMatchObject({ status: 303, location: "https://bot.test/activity" });
    expect(await browser.call("getSession", {})).toMatchObject({ signedIn: true, person: { name: "olga" } });
    expect(browser.cookie("__Host-oauth")).toBeUndefined();
  });

  it("signs nobody in as the person of a link that only a message proved", async () => {
    const account = { platform: "forge", host: "forge.test", ...ada };
    await world.people.links.add(account, "person-olga", "message", "main");
    const browser = world.browser();
    const refused = await follow(browser, oauth.approve(await begin(browser, "sign-in"), ada));
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("linked by a message");
    expect(await browser.call("getSession", {})).toMatchObject({ signedIn: false });
  });

  it("makes a person for an unknown account with an invitation only", async () => {
    const stranger = world.browser();
    const refused = await follow(stranger, oauth.approve(await begin(stranger, "sign-in"), ada));
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("not linked to anybody here");
    const owner = await world.signedIn("olga", "owner");
    const { url } = await owner.call("createInvitation", {
      params: { workspace: "main" },
      body: { role: "member" },
    });
    const invited = world.browser();
    await follow(
      invited,
      oauth.approve(await begin(invited, "sign-in", { invitation: url.split("#")[1] }), ada),
    );
    expect(await invited.call("getMe", {})).toMatchObject({
      name: "ada",
      workspaces: [{ role: "member" }],
      links: [{ accountId: "acc-ada", proof: "oauth" }],
    });
  });

  it("lets somebody who is known here into the workspace that invited them", async () => {
    const owner = await world.signedIn("olga", "owner");
    const invite = async () => {
      const { url } = await owner.call("createInvitation", {
        params: { workspace: "main" },
        body: { role: "member" },
      });
      return { invitation: url.split("#")[1] };
    };
    const browser = world.browser();
    await follow(browser, oauth.approve(await begin(browser, "sign-in", await invite()), ada));
    const { id } = await browser.call("getMe", {});
    await world.people.directory.write([{ remove: "members", id: memberId("main", id) }]);
    const again = world.browser();
    await follow(again, oauth.approve(await begin(again, "sign-in", await invite()), ada));
    expect(await again.call("getMe", {})).toMatchObject({ id, workspaces: [{ role: "member" }] });
    const spent = world.people.directory.list("invitations").map(({ value }) => value.acceptedBy);
    expect(spent).toEqual([id, id]);
  });

  it("keeps a person's own token sealed, and makes one connection however often it is done", async () => {
    const member = await world.signedIn("mia", "member");
    for (let times = 0; times < 2; times += 1)
      expect(await follow(member, oauth.approve(await begin(member, "connect"), ada))).toMatchObject({
        status: 303,
        location: "https://bot.test/",
      });
    const { items } = await member.call("listMyConnections", {});
    expect(items).toMatchObject([
      {
        kind: "own",
        host: "forge.test",
        settings: { client: way, expiresAt: expect.any(String) },
        secrets: [{ name: "accessToken" }, { name: "refreshToken" }],
        linkedAs: { name: "ada" },
      },
    ]);
    const [connection] = world.people.connections.ofPerson(member.personId, "forge", "forge.test");
    if (connection === undefined) throw new Error("no connection");
    expect(world.people.connections.secret(connection, "accessToken")).toMatch(/^canary-access-token-/);
    expect(JSON.stringify(world.people.directory.list("connections"))).not.toContain("canary");
    expect(JSON.stringify(world.people.directory.list("oneTime"))).not.toContain("canary");
  });

  it("makes tokens through a workspace's application for its own members only", async () => {
    const stranger = await world.signedIn("eve");
    expect(await stranger.problem("startOAuth", { body: { purpose: "connect", way } })).toMatchObject({
      status: 404,
    });
  });

  it("uses up a one-time link when the account is the one it names", async () => {
    const member = await world.signedIn("mia", "member");
    const token = world.people.linkTokens.make({ platform: "forge", host: "forge.test", ...ada }, false);
    const wrong = await follow(
      member,
      oauth.approve(await begin(member, "link", { linkToken: token }), { id: "acc-eve", name: "eve" }),
    );
    expect(wrong).toMatchObject({ status: 403 });
    expect((await member.call("getMe", {})).links).toEqual([]);
    await follow(member, oauth.approve(await begin(member, "link", { linkToken: token }), ada));
    expect((await member.call("getMe", {})).links).toMatchObject([{ accountId: "acc-ada" }]);
    expect(await world.browser().problem("describeLink", { body: { token } })).toMatchObject({ status: 404 });
  });

  it.each<
    readonly [
      string,
      (browser: Browser, back: URL) => Promise<{ readonly browser: Browser; readonly back: URL }>,
    ]
  >([
    ["another browser", async (_browser, back) => ({ browser: world.browser(), back })],
    [
      "another browser with an OAuth cookie of its own",
      async (_browser, back) => {
        const other = world.browser();
        await begin(other, "sign-in");
        return { browser: other, back };
      },
    ],
    [
      "no state",
      async (browser, back) => {
        back.searchParams.delete("state");
        return { browser, back };
      },
    ],
    [
      "a made-up state",
      async (browser, back) => {
        back.searchParams.set("state", "A".repeat(43));
        return { browser, back };
      },
    ],
    [
      "a state that was used",
      async (browser, back) => {
        await follow(browser, back);
        await browser.refresh();
        await begin(browser, "sign-in");
        return { browser, back };
      },
    ],
    [
      "a state of eleven minutes",
      async (browser, back) => {
        world.clock.at += 11 * 60_000;
        return { browser, back };
      },
    ],
    [
      "the address of another server",
      async (browser, back) => ({ browser, back: new URL(back.href.replace("/forge.test", "/evil.test")) }),
    ],
    [
      "the address of another platform",
      async (browser, back) => ({ browser, back: new URL(back.href.replace("/forge/", "/tracker/")) }),
    ],
    [
      "no code",
      async (browser, back) => {
        back.searchParams.delete("code");
        back.searchParams.set("error", "access_denied");
        return { browser, back };
      },
    ],
    [
      "a code of somebody else",
      async (browser, back) => {
        const thief = world.browser();
        const stolen = oauth.approve(await begin(thief, "sign-in"), ada);
        back.searchParams.set("code", stolen.searchParams.get("code") ?? "");
        return { browser, back };
      },
    ],
    [
      "a made-up code",
      async (browser, back) => {
        back.searchParams.set("code", "nonsense");
        return { browser, back };
      },
    ],
  ])("refuses %s with 400 and a page that says so", async (_what, twist) => {
    await world.people.links.add({ platform: "forge", host: "forge.test", ...ada }, "person-olga", "token");
    const browser = world.browser();
    const twisted = await twist(browser, oauth.approve(await begin(browser, "sign-in"), ada));
    const answered = await follow(twisted.browser, twisted.back);
    expect(answered.status, answered.text).toBe(400);
    expect(answered.text).toContain("Back to Ask OpenHands");
    expect(answered.text).not.toMatch(/canary|nonsense|Error:/);
    expect(await twisted.browser.call("getSession", {})).toMatchObject({
      signedIn: _what === "a state that was used",
    });
  });

  it("refuses to link for somebody who signed out, or in as another, meanwhile", async () => {
    const mia = await world.signedIn("mia", "member");
    const back = oauth.approve(await begin(mia, "link"), ada);
    await world.people.sessions.end(
      (await import("@ask-openhands/bot/people/tokens.ts")).hashToken(mia.cookie("__Host-session") ?? ""),
    );
    expect(await follow(mia, back)).toMatchObject({ status: 400 });
    const other = oauth.approve(await begin(await world.signedIn("mia", "member"), "link"), ada);
    const bob = await world.signedIn("bob", "member");
    expect(await follow(bob, other)).toMatchObject({ status: 400 });
  });

  it.each([
    "//evil.test",
    "/\\evil.test",
    "https:evil.test",
    "/%2f%2fevil.test",
    "javascript:alert(1)",
    "/a//evil",
    "/..//evil",
    "https://bot.test.evil.test/",
  ])("goes to the start page instead of %s", async (returnTo) => {
    await world.people.links.add({ platform: "forge", host: "forge.test", ...ada }, "person-olga", "token");
    const browser = world.browser();
    expect(
      await follow(browser, oauth.approve(await begin(browser, "sign-in", { returnTo }), ada)),
    ).toMatchObject({ status: 303, location: "https://bot.test/" });
  });
});
