import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";
import { seed, seededParams } from "./seed.ts";

const main = { workspace: "main" };
const hostProblem = "urn:ask-openhands:problem:host-not-approved";

const makeCa = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "ca-"));
  try {
    const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", "-x509", ...kind, ...files, "-subj", "/CN=Test authority"], {
      stdio: "ignore",
    });
    return readFileSync(join(folder, "cert.pem"), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld({
    resolve: async (name) => [name.startsWith("intern.") ? "10.0.0.7" : "93.184.216.34"],
  });
  await seed(world);
});
afterEach(() => world.end());

const token = (more: object) => ({
  platform: "forge",
  kind: "token",
  secrets: { token: "good-token-ada" },
  ...more,
});

describe("an address that a person typed", () => {
  it("is asked only when a maintainer approved its host, wherever in the form it stands", async () => {
    const member = await world.signedIn("mia", "member");
    const body = token({ settings: { apiUrl: "https://proxy.example.org/api" } });
    expect(await member.problem("createMyConnection", { body })).toMatchObject({
      status: 403,
      type: hostProblem,
      host: "proxy.example.org",
    });
    expect(world.forge.seenTokens).toEqual([]);
    const maintainer = await world.signedIn("max", "maintainer");
    await maintainer.call("approveHost", { params: main, body: { host: "proxy.example.org" } });
    await member.call("createMyConnection", { body });
    expect(world.forge.seenTokens).toEqual(["good-token-ada"]);
  });

  it("needs a maintainer's word when it is private or without encryption, also when it is changed later", async () => {
    const maintainer = await world.signedIn("max", "maintainer");
    const edit = (settings: object, more: object = {}) => ({
      params: { connection: seededParams.connection },
      body: { settings, secrets: { token: "good-token-ada" }, ...more } as never,
    });
    for (const apiUrl of ["https://intern.example.org/api", "http://proxy.example.org/api"])
      expect(await maintainer.problem("changeConnection", edit({ apiUrl }))).toMatchObject({
        status: 422,
        type: hostProblem,
      });
    expect(world.forge.seenTokens).toEqual([]);
    await maintainer.call(
      "changeConnection",
      edit({ apiUrl: "https://intern.example.org/api" }, { approveHost: true }),
    );
    expect(world.people.hosts.isPrivateAllowed({ host: "intern.example.org", port: "443" })).toBe(true);
  });
});

describe("a certificate authority", () => {
  it("is kept with the connection, by a maintainer, for a server of one's own", async () => {
    const ca = makeCa();
    const maintainer = await world.signedIn("max", "maintainer");
    const made = await maintainer.call("createConnection", {
      params: main,
      body: token({ host: "git.example.org", ca }),
    });
    expect(made.ca?.trim()).toBe(ca.trim());
    expect(world.people.connections.caOf("git.example.org")).toContain("BEGIN CERTIFICATE");
    expect(world.people.connections.caOf("git.example.com")).toBeUndefined();
    await maintainer.call("deleteConnection", { params: { connection: made.id } });
    expect(world.people.connections.caOf("git.example.org")).toBeUndefined();
  });

  it("is trusted no more once its connection is switched off, but while that one is looked at", async () => {
    const { caOf } = world.people.connections;
    const { accounts } = world.forge;
    const trusted: boolean[] = [];
    const get = (name: string) => {
      trusted.push(caOf("git.example.org") !== undefined);
      return Map.prototype.get.call(accounts, name);
    };
    Object.assign(accounts, { get });
    const maintainer = await world.signedIn("max", "maintainer");
    const body = token({ host: "git.example.org", ca: makeCa() });
    const { id } = await maintainer.call("createConnection", { params: main, body });
    const params = { connection: id };
    await maintainer.call("changeConnection", { params, body: { active: false } });
    expect(caOf("git.example.org")).toBeUndefined();
    expect(await maintainer.call("checkConnection", { params })).toMatchObject({ status: { ok: true } });
    expect(caOf("git.example.org")).toBeUndefined();
    expect(trusted.at(-1)).toBe(true);
    await maintainer.call("changeConnection", { params, body: { active: true } });
    expect(caOf("git.example.org")).toContain("BEGIN CERTIFICATE");
  });

  it("is refused for public services, from members, and when it is none", async () => {
    const ca = makeCa();
    const maintainer = await world.signedIn("max", "maintainer");
    expect(await maintainer.problem("createConnection", { params: main, body: token({ ca }) })).toMatchObject(
      { status: 422, fields: [{ field: "ca", detail: expect.stringContaining("public service") }] },
    );
    expect(
      await maintainer.problem("createConnection", {
        params: main,
        body: token({ host: "git.example.org", ca: "-----BEGIN PRIVATE KEY-----" }),
      }),
    ).toMatchObject({ status: 422, fields: [{ field: "ca" }] });
    const member = await world.signedIn("mia", "member");
    expect(
      await member.problem("createMyConnection", { body: token({ host: "git.example.com", ca }) }),
    ).toMatchObject({ status: 403, detail: expect.stringContaining("everybody's requests") });
    expect(world.people.connections.caOf("git.example.com")).toBeUndefined();
  });
});
