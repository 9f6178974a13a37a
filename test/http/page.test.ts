import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPage } from "@ask-openhands/bot/compose/page.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "page-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<title>page</title>");
  writeFileSync(join(folder, "assets", "main-a1b2c3d4.js"), "run()");
});
afterEach(() => rmSync(folder, { recursive: true }));

const get = (path: string, from = folder) => createPage(from).request(`https://bot.test${path}`);

describe("the settings page", () => {
  it.each(["/", "/sign-in", "/workspaces/main/activity", "/pair"])(
    "is what %s shows, asked for every time",
    async (path) => {
      const response = await get(path);
      expect(await response.text()).toContain("<title>page</title>");
      expect(response.headers.get("cache-control")).toBe("no-cache");
    },
  );

  it("keeps built files for good, and only when they are there", async () => {
    const file = await get("/assets/main-a1b2c3d4.js");
    expect([file.status, file.headers.get("cache-control")]).toEqual([
      200,
      expect.stringContaining("immutable"),
    ]);
    const missing = await get("/assets/main-00000000.js");
    expect([missing.status, missing.headers.get("cache-control")]).toEqual([404, "no-cache"]);
  });

  it("runs nobody else's scripts and stands in nobody's frame", async () => {
    const { headers } = await get("/");
    const policy = headers.get("content-security-policy") ?? "";
    for (const rule of [
      "default-src 'self'",
      "frame-ancestors 'none'",
      "object-src 'none'",
      "base-uri 'none'",
    ])
      expect(policy).toContain(rule);
    expect(policy).not.toMatch(/script-src|unsafe-eval/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("strict-transport-security")).toContain("max-age=");
  });

  it.each([
    "/../secret.key",
    "/%2e%2e/secret.key",
    "/..%2fsecret.key",
    "/assets/..%5c..%5csecret.key",
    "//etc/passwd",
  ])("shows no file outside its folder for %s", async (path) => {
    writeFileSync(join(folder, "..", "secret.key"), "canary");
    expect(await (await get(path)).text()).not.toContain("canary");
    rmSync(join(folder, "..", "secret.key"));
  });

  it("says how to build it when it is not built", async () => {
    const response = await get("/", join(folder, "nothing"));
    expect([response.status, await response.text()]).toEqual([
      503,
      expect.stringContaining("npx pnpm@12 build"),
    ]);
  });
});
