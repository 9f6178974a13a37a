import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RouteFacts } from "@ask-openhands/core/api/route.ts";
import { type RouteName, routes } from "@ask-openhands/core/api/routes.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";
import type { Browser } from "./browser.ts";
import { type FakeOAuth, forgeApplication, oauthClient, startFakeOAuth } from "./oauth-server.ts";
import { seed, seededParams, seedRun } from "./seed.ts";

/** Every secret that goes in, and what would show it: itself, in base64 and escaped. */
const canaries = new Set<string>();
const canary = (name: string): string => {
  const value = `canary/${name}+0123456789abcdef`;
  canaries.add(value);
  return value;
};

let oauth: FakeOAuth;
let world: ApiWorld;
let owner: Browser & { readonly personId: string };
const answers: { readonly what: string; readonly text: string }[] = [];

const main = { workspace: "main" };

/** As a request of the page; what comes back is kept for the search. */
const send = async (
  browser: Browser,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<unknown> => {
  const answered = await browser.request(method, `/api/v1${path}`, body, headers);
  answers.push({
    what: `${method} ${path}`,
    text: `${answered.text}\n${JSON.stringify([...answered.headers].filter(([name]) => name !== "set-cookie"))}`,
  });
  return answered.json;
};

const forms = (value: string): readonly string[] => [
  value,
  encodeURIComponent(value),
  Buffer.from(value).toString("base64").slice(0, 20),
  Buffer.from(value).toString("hex").slice(0, 30),
];

const expectNone = (text: string, what: string): void => {
  for (const value of canaries)
    for (const form of forms(value)) expect(text.includes(form), `${what} shows ${value}`).toBe(false);
};

beforeAll(async () => {
  oauth = await startFakeOAuth();
  world = await createApiWorld({
    oauth: oauth.way,
    environment: { OPENHANDS_URL: "https://agent.test", OPENHANDS_API_KEY: canary("environment") },
  });
  await seed(world);
  await seedRun(world);
  owner = await world.signedIn("olga", "owner");
  for (const name of ["good", "newer"])
    world.forge.accounts.set(canary(`token-${name}`), { id: "1", name: "ada" });

  // Every way in which a secret comes in, the failing ones too.
  const token = {
    platform: "forge",
    kind: "token",
    secrets: { token: canary("token-good"), webhookSecret: canary("webhook") },
  };
  const made = (await send(owner, "POST", "/workspaces/main/connections", token)) as { readonly id: string };
  await send(owner, "POST", "/workspaces/main/connections", {
    ...token,
    secrets: { token: canary("token-refused") },
  });
  await send(owner, "POST", "/workspaces/main/connections", {
    ...token,
    settings: { apiUrl: canary("in-a-setting") },
    secrets: { token: canary("token-wrong") },
  });
  await send(owner, "POST", "/workspaces/main/connections", {
    ...token,
    kind: "none",
    secrets: { token: canary("token-no-kind") },
  });
  await send(owner, "PATCH", `/connections/${made.id}`, { secrets: { token: canary("token-newer") } });
  await send(owner, "PATCH", `/connections/${made.id}`, {
    secrets: { nothing: canary("token-unknown-name") },
  });
  await send(owner, "POST", "/workspaces/main/secrets", { name: "GITLAB_TOKEN", value: canary("secret") });
  await send(owner, "POST", "/me/secrets", { name: "MINE", value: canary("own-secret") });
  await send(owner, "POST", "/me/secrets", { name: "wrong name", value: canary("secret-refused") });
  await send(owner, "POST", `/connections/${made.id}/hooks`, {
    action: "install",
    resource: "r1",
    oneTimeToken: canary("one-time"),
  });
  await send(owner, "POST", `/connections/${made.id}/hooks`, {
    action: "install",
    resource: "none",
    oneTimeToken: canary("one-time-refused"),
  });
  await send(owner, "POST", `/connections/${made.id}/unlink`, { oneTimeToken: canary("one-time-unlink") });
  await send(owner, "POST", "/session", { token: canary("link-that-never-was"), name: "x" });
  await send(owner, "POST", "/device/token", {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: canary("device-code"),
    client_id: "x",
  });
  await send(world.browser(), "GET", "/me", undefined, { authorization: `Bearer ${canary("bearer")}` });
  await send(owner, "POST", "/workspaces/main/secrets", `{"name":"A","value":"${canary("broken-json")}"`);

  // OAuth: client secret, code, tokens, cookies.
  const client = (await send(owner, "POST", "/workspaces/main/connections", forgeApplication)) as {
    readonly id: string;
  };
  canaries.add(oauthClient.clientSecret);
  const { url } = await owner.call("startOAuth", { body: { purpose: "connect", way: client.id } });
  const back = oauth.approve(url, { id: "acc", name: "acc" });
  canaries.add(owner.cookie("__Host-oauth") ?? expect.fail());
  canaries.add(owner.cookie("__Host-session") ?? expect.fail());
  const cookie = ["__Host-session", "__Host-oauth"].map((name) => `${name}=${owner.cookie(name)}`).join("; ");
  const answered = await owner.raw(`${back.pathname}${back.search}`, { headers: { cookie } });
  expect(answered.status).toBe(303);
  for (const kind of ["access", "refresh"]) canaries.add(`canary-${kind}-token-1`);
});
afterAll(async () => {
  await world.end();
  await oauth.close();
});

describe("secrets that went through the API", () => {
  it("arrived where they are needed", () => {
    expect(world.people.connections.override("GITLAB_TOKEN", undefined)).toBe(canary("secret"));
    expect(world.forge.seenTokens).toContain(canary("token-newer"));
    expect(world.people.connections.secretValues()).toEqual(
      expect.arrayContaining([
        canary("token-newer"),
        canary("webhook"),
        oauthClient.clientSecret,
        "canary-access-token-1",
      ]),
    );
  });

  it("stand in no answer, also not of a wrong request", async () => {
    for (const name of Object.keys(routes) as RouteName[]) {
      const facts: RouteFacts = routes[name];
      if (facts.method !== "GET" || facts.special === "events") continue;
      const path = facts.path.replaceAll(
        /:([a-z]+)/g,
        (_all, part: keyof typeof seededParams) => seededParams[part],
      );
      await send(owner, "GET", `${path}${name === "findSite" ? "?name=acme" : ""}`);
    }
    for (const { id } of (await owner.call("listConnections", { params: main })).items) {
      await send(owner, "GET", `/connections/${id}`);
      await send(owner, "POST", `/connections/${id}/check`);
    }
    expect(answers.length).toBeGreaterThan(40);
    for (const { what, text } of answers) expectNone(text, what);
  });

  it("stand in no line of the log and no entry of the audit", () => {
    expectNone(JSON.stringify(world.log.lines), "the log");
    const entries = world.people.audit.read({ fits: () => true, limit: 1_000 });
    expect(entries.length).toBeGreaterThan(5);
    expectNone(JSON.stringify(entries), "the audit");
  });

  it("stand in clear in no file of the data folder", async () => {
    await world.people.connections.close();
    const files = readdirSync(world.folder).filter((name) => name !== "secret.key");
    expect(files).toEqual(
      expect.arrayContaining(["directory.json", "directory.json.bak", "audit.jsonl", "work.sqlite"]),
    );
    for (const name of files) expectNone(readFileSync(join(world.folder, name), "latin1"), name);
  });
});
