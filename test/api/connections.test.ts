import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld({
    resolve: async (name) => [name.startsWith("private") ? "10.1.2.3" : "93.184.216.34"],
  });
});
afterEach(() => world.end());

const main = { workspace: "main" };
const token = { platform: "forge", kind: "token", secrets: { token: "good-token-ada" } };

describe("connections", () => {
  it("are checked live before they are kept, and say what is wrong", async () => {
    const browser = await world.signedIn("ada", "maintainer");
    const wrong = await browser.problem("createConnection", {
      params: main,
      body: { ...token, secrets: { token: "wrong-token-here" } },
    });
    expect(wrong).toMatchObject({
      status: 422,
      detail: "The server does not know this token. Make a new one.",
    });
    expect((await browser.call("listConnections", { params: main })).items).toEqual([]);
    const made = await browser.call("createConnection", { params: main, body: token });
    expect(made).toMatchObject({
      active: true,
      host: "forge.test",
      kindName: "Forge token",
      secrets: [{ name: "token" }],
      status: { ok: true, account: { name: "ada" }, scopes: [{ name: "api", state: "present" }] },
      webhook: { url: `https://bot.test/webhooks/forge/${made.id}`, events: ["push", "comment"] },
    });
  });

  it("can be kept although the check fails, switched off", async () => {
    const browser = await world.signedIn("ada", "maintainer");
    const kept = await browser.call("createConnection", {
      params: main,
      body: { ...token, secrets: { token: "wrong-token-here" }, keepAnyway: true },
    });
    expect(kept).toMatchObject({
      active: false,
      status: { ok: false, problem: expect.stringContaining("does not know this token") },
    });
  });

  it("tell every wrong value at once", async () => {
    const browser = await world.signedIn("ada", "maintainer");
    const told = await browser.problem("createConnection", {
      params: main,
      body: {
        platform: "forge",
        kind: "token",
        settings: { color: "green", apiUrl: "nowhere", extra: "1" },
        secrets: { webhookSecret: "short", nothing: "x" },
      },
    });
    expect(told.status).toBe(422);
    expect(told.fields?.map(({ field }) => field).sort()).toEqual([
      "apiUrl",
      "color",
      "extra",
      "nothing",
      "token",
      "webhookSecret",
    ]);
    expect(JSON.stringify(told)).not.toContain('short"');
  });

  it("never show a secret again, in no answer and no file", async () => {
    const browser = await world.signedIn("ada", "maintainer");
    const { id } = await browser.call("createConnection", {
      params: main,
      body: {
        ...token,
        secrets: { token: "good-token-ada", webhookSecret: "canary-webhook-secret-0123456789" },
      },
    });
    await browser.call("changeConnection", { params: { connection: id }, body: { name: "Renamed" } });
    await browser.call("checkConnection", { params: { connection: id } });
    const answers = [
      await browser.request("GET", `/api/v1/connections/${id}`),
      await browser.request("GET", "/api/v1/workspaces/main/connections"),
      await browser.request("GET", "/api/v1/workspaces/main/audit"),
    ];
    for (const { text } of answers) expect(text).not.toMatch(/good-token|canary/);
    for (const name of readdirSync(world.folder))
      expect(readFileSync(join(world.folder, name), "latin1"), name).not.toMatch(/good-token|canary/);
    expect(JSON.stringify(world.log.lines)).not.toMatch(/good-token|canary/);
  });

  it("keep secrets that are not typed again, unless the address changed", async () => {
    const browser = await world.signedIn("ada", "maintainer");
    const { id } = await browser.call("createConnection", { params: main, body: token });
    const params = { connection: id };
    const renamed = await browser.call("changeConnection", {
      params,
      body: { name: "Other", settings: { color: "blue" } },
    });
    expect(renamed).toMatchObject({
      name: "Other",
      settings: { color: "blue" },
      secrets: [{ name: "token" }],
      active: true,
    });
    const moved = await browser.problem("changeConnection", {
      params,
      body: { settings: { apiUrl: "https://evil.test/collect" } },
    });
    expect(moved).toMatchObject({ status: 422, fields: [{ field: "token" }] });
    expect(world.forge.seenTokens.every((seen) => seen === "good-token-ada")).toBe(true);
    expect((await browser.call("getConnection", { params })).settings).toEqual({ color: "blue" });
    expect(
      await browser.call("changeConnection", {
        params,
        body: { settings: { apiUrl: "https://new.test" }, secrets: { token: "good-token-bob" } },
      }),
    ).toMatchObject({ status: { account: { name: "bob" } } });
  });

  it("stay as they are when an edit fails its check", async () => {
    const browser = await world.signedIn("ada", "maintainer");
    const { id } = await browser.call("createConnection", { params: main, body: token });
    expect(
      await browser.problem("changeConnection", {
        params: { connection: id },
        body: { secrets: { token: "wrong-token-here" } },
      }),
    ).toMatchObject({ status: 422 });
    expect(await browser.call("checkConnection", { params: { connection: id } })).toMatchObject({
      active: true,
      status: { ok: true },
    });
  });

  it("are gone with their secrets when removed, and their runs stay with the workspace", async () => {
    const browser = await world.signedIn("ada", "maintainer");
    const { id } = await browser.call("createConnection", { params: main, body: token });
    await browser.call("deleteConnection", { params: { connection: id } });
    expect(await browser.problem("getConnection", { params: { connection: id } })).toMatchObject({
      status: 404,
    });
    expect(world.people.directory.get("connections", id)?.value).toMatchObject({ secrets: {}, settings: {} });
    expect(world.people.policy.tenantOf(id)).toBe("main");
    expect(world.people.connections.list("forge")).toEqual([]);
  });

  it("of a person link the account that the token proves, and only that person sees them", async () => {
    const [ada, bob] = [await world.signedIn("ada", "member"), await world.signedIn("bob", "owner")];
    const mine = await ada.call("createMyConnection", { body: token });
    expect((await ada.call("getMe", {})).links).toMatchObject([
      { platform: "forge", host: "forge.test", accountName: "ada", proof: "token" },
    ]);
    expect(world.people.connections.personOf("forge", "forge.test", "1")).toBe(ada.personId);
    expect(await bob.problem("getConnection", { params: { connection: mine.id } })).toMatchObject({
      status: 404,
    });
    expect((await bob.call("listConnections", { params: main })).items).toEqual([]);
  });

  it("from the environment are shown and cannot be changed", async () => {
    await world.end();
    world = await createApiWorld({
      environment: { OPENHANDS_URL: "https://agent.test", OPENHANDS_API_KEY: "canary-key-0123456789abcdef" },
    });
    const browser = await world.signedIn("ada", "owner");
    const [fixed] = (await browser.call("listConnections", { params: main })).items;
    expect(fixed).toMatchObject({
      id: "env-openhands-cloud",
      fixed: true,
      host: "agent.test",
      platformName: "OpenHands",
      secrets: [{ name: "apiKey" }],
      may: { edit: false, remove: false },
    });
    expect(
      await browser.problem("changeConnection", {
        params: { connection: "env-openhands-cloud" },
        body: { active: false },
      }),
    ).toMatchObject({ status: 403, detail: expect.stringContaining("environment variables") });
    expect(
      await browser.problem("deleteConnection", { params: { connection: "env-openhands-cloud" } }),
    ).toMatchObject({ status: 403 });
    expect(
      await browser.call("checkConnection", { params: { connection: "env-openhands-cloud" } }),
    ).toMatchObject({ status: { ok: true, notes: ["Version 1.2.3"] } });
  });
});

describe("hosts that a person typed", () => {
  const at = (host: string, more: object = {}) => ({ ...token, host, ...more });

  it("are approved by a maintainer's saving when public, and by saying so when private", async () => {
    const browser = await world.signedIn("ada", "maintainer");
    await browser.call("createConnection", { params: main, body: at("https://Git.Example.com/ctx/") });
    const told = await browser.problem("createConnection", { params: main, body: at("private.example.com") });
    expect(told).toMatchObject({
      status: 422,
      type: "urn:ask-openhands:problem:host-not-approved",
      host: "private.example.com",
      detail: expect.stringContaining("private address"),
    });
    await browser.call("createConnection", {
      params: main,
      body: at("private.example.com", { approveHost: true }),
    });
    expect(
      (await browser.call("listHosts", { params: main })).items.filter(
        ({ source }) => source === "maintainer",
      ),
    ).toMatchObject([
      { host: "git.example.com", private: false },
      { host: "private.example.com", private: true, approvedBy: { name: "ada" } },
    ]);
    expect(world.people.hosts.isPrivateAllowed({ host: "private.example.com", port: "443" })).toBe(true);
    expect(world.people.hosts.isPrivateAllowed({ host: "git.example.com", port: "443" })).toBe(false);
  });

  it("are open to members only after a maintainer approved them", async () => {
    const [ada, bob] = [await world.signedIn("ada", "maintainer"), await world.signedIn("bob", "member")];
    expect(
      await bob.problem("createMyConnection", { body: at("git.example.com", { approveHost: true }) }),
    ).toMatchObject({ status: 403, host: "git.example.com" });
    await ada.call("approveHost", { params: main, body: { host: "https://git.example.com" } });
    await bob.call("createMyConnection", { body: at("git.example.com") });
    expect(
      await bob.problem("createMyConnection", { body: at("private.example.com", { approveHost: true }) }),
    ).toMatchObject({ status: 403 });
  });

  it("lose their approval again", async () => {
    const ada = await world.signedIn("ada", "maintainer");
    await ada.call("approveHost", {
      params: main,
      body: { host: "private.example.com:8443", private: true },
    });
    await ada.call("removeHost", { params: { ...main, host: "private.example.com:8443" } });
    expect(world.people.hosts.isPrivateAllowed({ host: "private.example.com", port: "8443" })).toBe(false);
    expect(await ada.problem("removeHost", { params: { ...main, host: "forge.test" } })).toMatchObject({
      status: 404,
    });
  });
});

describe("webhooks", () => {
  it("are changed one at a time; a second click is refused", async () => {
    const browser = await world.signedIn("ada", "maintainer");
    const { id } = await browser.call("createConnection", { params: main, body: token });
    const params = { connection: id };
    const gate = Promise.withResolvers<void>();
    world.forge.gate = gate.promise;
    const body = { action: "install", resource: "r1" } as const;
    const first = browser.call("changeHook", { params, body });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await browser.call("listHooks", { params })).toMatchObject({
      busy: "r1",
      resources: [{ state: "missing" }],
    });
    expect(await browser.problem("changeHook", { params, body })).toMatchObject({ status: 409 });
    gate.resolve();
    const done = await first;
    expect(done).toMatchObject({ resources: [{ id: "r1", state: "installed" }] });
    expect(done).not.toHaveProperty("busy");
    expect(
      await browser.call("changeHook", { params, body: { action: "remove", resource: "r1" } }),
    ).toMatchObject({ resources: [{ state: "missing" }] });
  });

  it("can be tried again after a failure", async () => {
    const browser = await world.signedIn("ada", "maintainer");
    const { id } = await browser.call("createConnection", { params: main, body: token });
    const params = { connection: id };
    expect(
      await browser.problem("changeHook", { params, body: { action: "install", resource: "none" } }),
    ).toMatchObject({ status: 404, detail: "There is no such repository." });
    expect(
      await browser.call("changeHook", { params, body: { action: "install", resource: "r1" } }),
    ).toMatchObject({ resources: [{ state: "installed" }] });
  });
});
