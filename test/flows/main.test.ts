import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = join(import.meta.dirname, "../../bot/src/main.ts");

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};

interface Started {
  readonly child: ChildProcess;
  output(): string;
  ended(): Promise<number | null>;
}

describe("the bot's process", () => {
  let folder: string;
  let port: number;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ask-openhands-main-"));
    port = await freePort();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  const start = (variables: Readonly<Record<string, string>> = {}): Started => {
    const child = spawn(process.execPath, [main], {
      env: { PATH: process.env["PATH"], DATA_DIR: folder, PORT: String(port), ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    let output = "";
    const keep = (chunk: Buffer): void => {
      output += String(chunk);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    const exit = once(child, "exit") as Promise<[number | null]>;
    return { child, output: () => output, ended: async () => (await exit)[0] };
  };

  const answer = async (path: string): Promise<number | undefined> => {
    try {
      return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    } catch (cause) {
      if (cause instanceof TypeError) return undefined;
      throw cause;
    }
  };

  it("with nothing configured says what to set and where, and still serves health; SIGTERM ends it cleanly", async () => {
    const bot = start();
    await expect.poll(() => answer("/ready"), { timeout: 15_000 }).toBe(200);
    expect([await answer("/health"), await answer("/metrics")]).toEqual([200, 200]);
    // 503: the page is built by `start` and `build`, not by the bot.
    expect([404, 503]).toContain(await answer("/nothing/here.js"));
    await expect.poll(() => bot.output()).toMatch(/connect a platform .* and an OpenHands back end/);
    expect(bot.output()).toContain(".env.example");
    const asked = Date.now();
    bot.child.kill("SIGTERM");
    expect(await bot.ended()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
  }, 40_000);

  it("with a back end and a code host that nobody answers at says a line about each, with the cure, and serves all the same", async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    const forge = `127.0.0.1:${await freePort()}`;
    const bot = start({
      OPENHANDS_SERVER_URL: dead,
      OPENHANDS_LLM_MODEL: "test/model",
      OPENHANDS_LLM_API_KEY: "sk-0123456789-canary",
      GITHUB_TOKEN: "ghp_0123456789abcdefghij0123456789abcdef",
      GITHUB_HOST: forge,
    });
    await expect.poll(() => answer("/ready"), { timeout: 15_000 }).toBe(200);
    await expect.poll(() => bot.output(), { timeout: 20_000 }).toContain("connections checked");
    const lines = bot
      .output()
      .split("\n")
      .filter((line) => line.includes("will not work"));
    expect(lines).toHaveLength(2);
    for (const host of [forge, new URL(dead).host])
      expect(lines.filter((line) => line.includes(host))).toHaveLength(1);
    expect(bot.output()).not.toContain("canary");
    expect(await answer("/health")).toBe(200);
    bot.child.kill("SIGTERM");
    expect(await bot.ended()).toBe(0);
  }, 60_000);

  it("with port 0 names the port that it got, also in the link that makes its owner", async () => {
    const bot = start({ PORT: "0" });
    await expect.poll(() => bot.output(), { timeout: 15_000 }).toContain("Open this link once");
    const link = /http:\/\/localhost:(\d+)\/sign-in#/.exec(bot.output());
    port = Number(link?.[1]);
    expect(port).toBeGreaterThan(0);
    expect(await answer("/health")).toBe(200);
    expect(bot.output()).not.toContain("localhost:0");
  }, 40_000);

  it("refuses new connections at once when it is told to stop", async () => {
    const bot = start();
    await expect.poll(() => answer("/ready"), { timeout: 15_000 }).toBe(200);
    bot.child.kill("SIGTERM");
    // It has heard the signal then; on a busy machine that takes a while.
    await expect.poll(() => bot.output(), { timeout: 10_000, interval: 5 }).toContain('"stopping"');
    const refused = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("connect", () => resolve(false));
      socket.on("error", () => resolve(true));
    });
    expect(refused).toBe(true);
    expect(await bot.ended()).toBe(0);
  }, 40_000);

  it("ends with 78 and one sentence for each wrong value, all at once", async () => {
    const bot = start({ PORT: "many", REQUEST_TIMEOUT: "soon", LOG_LEVEL: "loud" });
    expect(await bot.ended()).toBe(78);
    const lines = bot.output().trim().split("\n");
    for (const name of ["PORT", "REQUEST_TIMEOUT", "LOG_LEVEL"])
      expect(lines.filter((line) => line.startsWith(name))).toHaveLength(1);
    expect(bot.output()).not.toContain("    at ");
  }, 40_000);

  it("ends with 78 and names the process that has the data folder", async () => {
    const first = start();
    await expect.poll(() => answer("/ready"), { timeout: 15_000 }).toBe(200);
    const second = start({ PORT: String(await freePort()) });
    expect(await second.ended()).toBe(78);
    expect(second.output()).toContain(`process ${first.child.pid}`);
    expect(await answer("/health")).toBe(200);
  }, 40_000);
});
