import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.end());

const origin = "chrome-extension://abcdefghijklmnopabcdefghijklmnop";
const grant = "urn:ietf:params:oauth:grant-type:device_code";
/** What an extension sends: its own origin, no cookies. */
const fromExtension = { origin, "sec-fetch-site": "cross-site" };

const authorize = async (headers: Record<string, string> = fromExtension) => {
  const answered = await world
    .browser()
    .request("POST", "/api/v1/device/authorize", "client_id=ask-openhands&device_name=Chrome+on+Linux", {
      ...headers,
      "content-type": "application/x-www-form-urlencoded",
    });
  return {
    answered,
    json: answered.json as {
      device_code: string;
      user_code: string;
      verification_uri: string;
      verification_uri_complete: string;
      interval: number;
    },
  };
};

const collect = (device_code: string, client_id = "ask-openhands") =>
  world
    .browser()
    .request("POST", "/api/v1/device/token", { grant_type: grant, device_code, client_id }, fromExtension);

describe("pairing a device (RFC 8628)", () => {
  it("gives a token after approval, once, and the page shows what asked", async () => {
    const ada = await world.signedIn("ada", "member");
    const { answered, json } = await authorize();
    expect(answered.status).toBe(200);
    expect(answered.headers.get("access-control-allow-origin")).toBe(origin);
    expect(json.user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(json.verification_uri_complete).toBe(`https://bot.test/pair#${json.user_code}`);
    expect((await collect(json.device_code)).json).toMatchObject({ error: "authorization_pending" });
    expect((await collect(json.device_code)).json).toMatchObject({ error: "slow_down" });
    expect(await ada.call("getPairing", { params: { code: json.user_code.toLowerCase() } })).toMatchObject({
      name: "Chrome on Linux",
      clientId: "ask-openhands",
      from: "198.51.100.7",
    });
    await ada.call("decidePairing", { params: { code: json.user_code }, body: { approve: true } });
    expect(
      await ada.problem("decidePairing", { params: { code: json.user_code }, body: { approve: true } }),
    ).toMatchObject({ status: 404 });
    expect((await collect(json.device_code, "another-client")).json).toMatchObject({
      error: "invalid_grant",
    });
    const given = (await collect(json.device_code)).json as { access_token: string };
    expect(given).toMatchObject({ token_type: "Bearer", access_token: expect.stringMatching(/^aoh_/) });
    expect((await collect(json.device_code)).json).toMatchObject({ error: "invalid_grant" });
    const me = await world.browser().request("GET", "/api/v1/me", undefined, {
      ...fromExtension,
      authorization: `Bearer ${given.access_token}`,
    });
    expect(me.json).toMatchObject({ name: "ada" });
    expect(JSON.stringify(world.people.directory.list("devices"))).not.toContain(given.access_token);
    const lastUsedAt = new Date(world.clock.at).toISOString();
    await expect
      .poll(async () => (await ada.call("listDevices", {})).items)
      .toMatchObject([{ name: "Chrome on Linux", current: false, lastUsedAt }]);
  });

  it("ends in a refusal, in time, and after revoking", async () => {
    const ada = await world.signedIn("ada", "member");
    const refused = await authorize();
    await ada.call("decidePairing", { params: { code: refused.json.user_code }, body: { approve: false } });
    expect((await collect(refused.json.device_code)).json).toMatchObject({ error: "access_denied" });
    const late = await authorize();
    world.clock.at += 601_000;
    expect((await collect(late.json.device_code)).json).toMatchObject({ error: "expired_token" });
    expect(await ada.problem("getPairing", { params: { code: late.json.user_code } })).toMatchObject({
      status: 404,
    });
    const paired = await authorize();
    await ada.call("decidePairing", { params: { code: paired.json.user_code }, body: { approve: true } });
    const { access_token, device_id } = (await collect(paired.json.device_code)).json as {
      access_token: string;
      device_id: string;
    };
    await ada.call("deleteDevice", { params: { device: device_id } });
    expect(
      (
        await world
          .browser()
          .request("GET", "/api/v1/me", undefined, { authorization: `Bearer ${access_token}` })
      ).status,
    ).toBe(401);
  });

  it("lets nobody remove another person's device or token", async () => {
    const [ada, eve] = [await world.signedIn("ada", "member"), await world.signedIn("eve", "owner")];
    const { json } = await authorize();
    await ada.call("decidePairing", { params: { code: json.user_code }, body: { approve: true } });
    const { device_id } = (await collect(json.device_code)).json as { device_id: string };
    const { token } = await ada.call("createToken", { body: { name: "script", access: "write" } });
    expect(await eve.problem("deleteDevice", { params: { device: device_id } })).toMatchObject({
      status: 404,
    });
    expect(await eve.problem("deleteToken", { params: { token: token.id } })).toMatchObject({ status: 404 });
  });
});

describe("browsers of other origins", () => {
  it("may call only from the exact extension that is paired", async () => {
    const ada = await world.signedIn("ada", "member");
    const preflight = (from: string, path = "/api/v1/me") =>
      world
        .browser()
        .raw(path, { method: "OPTIONS", headers: { origin: from, "access-control-request-method": "GET" } });
    expect((await preflight(origin)).status).toBe(403);
    expect((await preflight(origin, "/api/v1/device/token")).status).toBe(204);
    const { json } = await authorize();
    await ada.call("decidePairing", { params: { code: json.user_code }, body: { approve: true } });
    await collect(json.device_code);
    const allowed = await preflight(origin);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("access-control-allow-origin")).toBe(origin);
    expect(allowed.headers.get("access-control-allow-credentials")).toBeNull();
    for (const other of [
      "chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba",
      "https://evil.test",
      "null",
      "https://bot.test.evil.test",
    ]) {
      expect((await preflight(other)).headers.get("access-control-allow-origin"), other).toBeNull();
      expect(
        (await preflight(other, "/api/v1/device/token")).headers.get("access-control-allow-origin") === "*",
        other,
      ).toBe(false);
    }
  });
});

describe("personal tokens", () => {
  it("are shown once, read or write as they were made, and end in time", async () => {
    const ada = await world.signedIn("ada", "member");
    const read = await ada.call("createToken", { body: { name: "reads", access: "read", days: 1 } });
    const write = await ada.call("createToken", { body: { name: "writes", access: "write" } });
    const listed = await ada.call("listTokens", {});
    expect(JSON.stringify(listed)).not.toContain(read.value);
    expect(listed.items).toMatchObject([
      { name: "reads", access: "read", ending: read.value.slice(-4) },
      { name: "writes" },
    ]);
    const use = (value: string, method: string, body?: unknown) =>
      world.browser().request(method, "/api/v1/me", body, {
        authorization: `Bearer ${value}`,
        origin: "",
        "sec-fetch-site": "",
      });
    expect((await use(read.value, "GET")).status).toBe(200);
    expect((await use(read.value, "PATCH", { name: "x" })).status).toBe(403);
    expect((await use(write.value, "PATCH", { name: "x" })).status).toBe(200);
    const used = new Date(world.clock.at).toISOString();
    await expect
      .poll(async () => (await ada.call("listTokens", {})).items)
      .toMatchObject([{ lastUsedAt: used }, { lastUsedAt: used }]);
    world.clock.at += 25 * 3_600_000;
    expect((await use(read.value, "GET")).status).toBe(401);
  });

  it.each([
    "Bearer",
    "Basic YWRhOmFkYQ==",
    "Bearer short",
    `Bearer ${"x".repeat(60)}`,
    "Bearer with space and more than twenty",
  ])("%j is a 401 even with a good session", async (authorization) => {
    const ada = await world.signedIn("ada", "member");
    expect((await ada.request("GET", "/api/v1/me", undefined, { authorization })).status).toBe(401);
  });
});
