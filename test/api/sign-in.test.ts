import { createLimits } from "@ask-openhands/bot/api/limits.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.end());

const hour = 3_600_000;

describe("signing in", () => {
  it("makes the first person the owner of the first workspace, once", async () => {
    const token = await world.people.oneTime.make("first-sign-in", {}, hour);
    const browser = world.browser();
    expect(await browser.call("getSession", {})).toMatchObject({ signedIn: false, ready: false });
    expect(await browser.call("describeLink", { body: { token } })).toMatchObject({
      purpose: "first-sign-in",
    });
    const session = await browser.call("signIn", { body: { token, name: "Ada" } });
    expect(session).toMatchObject({ signedIn: true, ready: true, person: { name: "Ada" } });
    expect((await browser.call("getMe", {})).workspaces).toMatchObject([{ id: "main", role: "owner" }]);
    expect(await world.browser().problem("signIn", { body: { token } })).toMatchObject({ status: 404 });
  });

  it("sets a cookie that scripts cannot read, for this host over https only", async () => {
    const token = await world.people.oneTime.make("first-sign-in", {}, hour);
    const answered = await world.browser().request("POST", "/api/v1/session", { token });
    const [cookie = ""] = answered.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-session=[A-Za-z0-9_-]{43};/);
    for (const part of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) expect(cookie).toContain(part);
    expect(cookie).not.toContain("Domain");
    const value = /=([^;]+)/.exec(cookie)?.[1] ?? "";
    expect(JSON.stringify(world.people.directory.list("sessions"))).not.toContain(value);
    expect(answered.text).not.toContain(value);
  });

  it("gives a new session at sign-in and ends the one before", async () => {
    const browser = await world.signedIn("ada", "owner");
    const before = browser.cookie("__Host-session") ?? "";
    const { url } = await browser.call("createInvitation", {
      params: { workspace: "main" },
      body: { role: "member" },
    });
    const bob = world.browser();
    bob.setCookie("__Host-session", before);
    await bob.refresh();
    await bob.call("signIn", { body: { token: url.split("#")[1] ?? "" } });
    expect(bob.cookie("__Host-session")).not.toBe(before);
    expect(await browser.call("getSession", {})).toMatchObject({ signedIn: false });
  });

  it("ends after eight idle hours and after seven days whatever happens", async () => {
    const browser = await world.signedIn("ada", "owner");
    world.clock.at += 7.9 * hour;
    expect(await browser.call("getSession", {})).toMatchObject({ signedIn: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
    world.clock.at += 8.1 * hour;
    expect(await browser.call("getSession", {})).toMatchObject({ signedIn: false });
    const other = await world.signedIn("bob", "member");
    for (let passed = 0; passed < 6.9 * 24; passed += 6) {
      world.clock.at += 6 * hour;
      await other.call("getSession", {});
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    world.clock.at += 6 * hour;
    expect(await other.call("getSession", {})).toMatchObject({ signedIn: false });
  });

  it("is over at sign-out, also for somebody who copied the cookie", async () => {
    const browser = await world.signedIn("ada", "owner");
    const copy = world.browser();
    copy.setCookie("__Host-session", browser.cookie("__Host-session") ?? "");
    await browser.call("signOut", {});
    expect(browser.cookie("__Host-session")).toBeUndefined();
    expect(await copy.call("getSession", {})).toMatchObject({ signedIn: false });
  });

  it("takes an invitation once, of many at the same moment one", async () => {
    const owner = await world.signedIn("ada", "owner");
    const { url } = await owner.call("createInvitation", {
      params: { workspace: "main" },
      body: { role: "maintainer", note: "for Bob" },
    });
    expect(url).toMatch(/^https:\/\/bot\.test\/invitation#/);
    const token = url.split("#")[1] ?? "";
    expect(await world.browser().call("describeLink", { body: { token } })).toMatchObject({
      purpose: "invitation",
      role: "maintainer",
      invitedBy: "ada",
      workspace: { name: "Workspace" },
    });
    expect(await world.browser().problem("signIn", { body: { token } })).toMatchObject({
      status: 400,
      fields: [{ field: "name" }],
    });
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        world.browser().request("POST", "/api/v1/session", { token, name: `Bob ${index}` }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404]);
    expect(JSON.stringify(world.people.directory.list("invitations"))).not.toContain(token);
  });

  it("does not take an invitation that is too old or was taken back", async () => {
    const owner = await world.signedIn("ada", "owner");
    const params = { workspace: "main" };
    const old = await owner.call("createInvitation", { params, body: { role: "member", days: 1 } });
    const back = await owner.call("createInvitation", { params, body: { role: "member", days: 30 } });
    await owner.call("deleteInvitation", { params: { ...params, invitation: back.invitation.id } });
    world.clock.at += 25 * hour;
    for (const { url } of [old, back])
      expect(
        await world.browser().problem("signIn", { body: { token: url.split("#")[1] ?? "", name: "Eve" } }),
      ).toMatchObject({ status: 404 });
  });

  it("answers whoever calls too often with 429, whatever they call", async () => {
    const busy = await createApiWorld({
      limits: createLimits({ guessesPerMinute: 100, callsPerMinute: 30 }),
    });
    try {
      const owner = await busy.signedIn("owner", "owner");
      const member = await busy.signedIn("member", "member");
      const answers = [];
      for (let at = 0; at < 40; at += 1) answers.push(await owner.request("GET", "/api/v1/me"));
      expect(answers[0]?.status).toBe(200);
      expect(answers.at(-1)?.status).toBe(429);
      expect(Number(answers.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(0);
      expect((await member.request("GET", "/api/v1/me")).status).toBe(200);
    } finally {
      await busy.end();
    }
  });

  it("answers guesses with 429 and a time to wait", async () => {
    await world.end();
    world = await createApiWorld({
      limits: createLimits({
        guessesPerMinute: 3,
        callsPerMinute: 100,
      }),
    });
    const guess = () =>
      world.browser().request("POST", "/api/v1/session", { token: "x".repeat(43), name: "Eve" });
    const statuses = [];
    for (let tries = 0; tries < 4; tries += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([404, 404, 404, 429]);
    const limited = await guess();
    expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(limited.json).toMatchObject({
      status: 429,
      detail: expect.stringMatching(/^Too many requests\. Try again in \d+ seconds\.$/),
    });
    const elsewhere = world.browser();
    elsewhere.address = "203.0.113.9";
    expect(
      (await elsewhere.request("POST", "/api/v1/session", { token: "x".repeat(43), name: "Eve" })).status,
    ).toBe(404);
  });
});

describe("requests of other sites", () => {
  it.each([
    [
      "a cross-site form",
      {
        "content-type": "text/plain",
        "x-csrf-token": "",
        origin: "https://evil.test",
        "sec-fetch-site": "cross-site",
      },
    ],
    ["another origin", { origin: "https://evil.test" }],
    ["a null origin", { origin: "null" }],
    ["Sec-Fetch-Site cross-site", { "sec-fetch-site": "cross-site" }],
    ["Sec-Fetch-Site same-site", { "sec-fetch-site": "same-site" }],
    ["no CSRF token", { "x-csrf-token": "" }],
    ["a wrong CSRF token", { "x-csrf-token": "x".repeat(43) }],
    ["no CSRF token and no headers of a browser", { "x-csrf-token": "", origin: "", "sec-fetch-site": "" }],
  ])("%s changes nothing", async (_what, headers) => {
    const browser = await world.signedIn("ada", "owner");
    const answered = await browser.request("PATCH", "/api/v1/me", { name: "Mallory" }, headers);
    expect(answered.status).toBe(403);
    expect(answered.headers.get("access-control-allow-origin")).toBeNull();
    expect((await browser.call("getMe", {})).name).toBe("ada");
  });

  it("cannot use the CSRF token of another session", async () => {
    const [ada, bob] = [await world.signedIn("ada", "owner"), await world.signedIn("bob", "member")];
    expect(
      (await ada.request("PATCH", "/api/v1/me", { name: "x" }, { "x-csrf-token": bob.csrf ?? "" })).status,
    ).toBe(403);
  });

  it("cannot sign somebody in unseen", async () => {
    const token = await world.people.oneTime.make("first-sign-in", {}, hour);
    expect(
      (
        await world
          .browser()
          .request(
            "POST",
            "/api/v1/session",
            { token },
            { origin: "https://evil.test", "sec-fetch-site": "cross-site" },
          )
      ).status,
    ).toBe(403);
    expect(world.people.oneTime.find("first-sign-in", token)).toBeDefined();
  });

  it("get text/plain JSON refused even with everything else right", async () => {
    const browser = await world.signedIn("ada", "owner");
    expect(
      (await browser.request("PATCH", "/api/v1/me", { name: "x" }, { "content-type": "text/plain" })).status,
    ).toBe(415);
  });
});
