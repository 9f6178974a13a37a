import { execFile, fork } from "node:child_process";
import { mkdir, mkdtemp, open, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sent, Spot } from "../contracts/platform-subject.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import { type ProcessWorld, startProcessWorld } from "../support/process-world.ts";

const run = promisify(execFile);
const sleep = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));

/** A file system of a few megabytes; undefined where this user may mount nothing. */
const mountSmall = async (): Promise<{ readonly folder: string; end(): Promise<void> } | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), "ask-openhands-small-"));
  try {
    await run("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder]);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    await rm(folder, { recursive: true });
    return undefined;
  }
  const end = async (): Promise<void> => {
    await run("umount", ["-l", folder]);
    await rm(folder, { recursive: true });
  };
  return { folder, end };
};

/** Writes until nothing more fits. */
const fill = async (file: string): Promise<void> => {
  const handle = await open(file, "a");
  try {
    for (const size of [65_536, 4_096, 512, 1])
      for (let full = false; !full; )
        full = await handle.write(new Uint8Array(size)).then(
          ({ bytesWritten }) => bytesWritten < size,
          (cause: unknown) => {
            if (cause instanceof Error && "code" in cause && cause.code === "ENOSPC") return true;
            throw cause;
          },
        );
  } finally {
    await handle.close();
  }
};

const small = await mountSmall();
const lines = small === undefined ? undefined : await mountSmall();

describe.skipIf(small === undefined)("a disk that is full (a file system of 8 MB)", () => {
  let processes: ProcessWorld;
  beforeAll(async () => {
    processes = await startProcessWorld(github);
    processes.agent.play(() => [
      { do: "think", text: "On it." },
      { do: "wait", milliseconds: 1_000 },
      { do: "finish", message: "All good." },
    ]);
    processes.world.deliverTo(undefined);
  });
  afterAll(async () => {
    await processes.end();
    await small?.end();
    await lines?.end();
  });

  const ask = async (): Promise<{ readonly spot: Spot; readonly sent: readonly Sent[] }> => {
    const { world } = processes;
    const spot = await world.open(world.people.writer, "issue", { title: "Fix it", text: "" });
    world.deliveries();
    await world.comment(world.people.writer, spot, "@openhands do it");
    return { spot, sent: world.deliveries() };
  };

  it("deliveries get 503 and nothing half-stored, /ready says so, the log goes on, and everything goes on by itself when there is space again", async () => {
    const dataDir = join(small?.folder ?? "", "data");
    const ballast = join(small?.folder ?? "", "ballast");
    await mkdir(dataDir, { mode: 0o700 });
    const bot = await processes.start(undefined, { dataDir });
    const at = (path: string) => fetch(`http://127.0.0.1:${bot.port}${path}`);
    const send = async ({
      method,
      path,
      headers,
      bytes,
    }: Sent): Promise<readonly [number, string | null]> => {
      const response = await fetch(`http://127.0.0.1:${bot.port}${path}`, {
        method,
        headers,
        body: new Uint8Array(bytes),
      });
      await response.text();
      return [response.status, response.headers.get("retry-after")];
    };
    const isClosed = (spot: Spot): boolean =>
      processes.ours(spot).some(({ text }) => text.includes("All good."));

    const first = await ask();
    for (const sent of first.sent) expect((await send(sent))[0]).toBe(200);
    await processes.until("the first works", () => processes.agent.protocol.conversations.size === 1);

    await fill(ballast);
    const asked: Awaited<ReturnType<typeof ask>>[] = [];
    for (let each = 0; each < 30; each += 1) asked.push(await ask());
    const answers = new Map<Spot, number>();
    for (const { spot, sent } of asked)
      for (const one of sent) {
        const [status, retryAfter] = await send(one);
        answers.set(spot, status);
        if (status === 503) expect(Number(retryAfter)).toBeGreaterThan(0);
      }
    const refused = [...answers.values()].filter((status) => status === 503).length;
    expect([...answers.values()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(refused).toBeGreaterThan(10);
    expect((await at("/ready")).status).toBe(503);
    expect((await at("/health")).status).toBe(200);
    const before = bot.log().length;
    await sleep(3_000);
    for (const { sent } of asked.slice(-5)) for (const one of sent) expect((await send(one))[0]).toBe(503);
    expect(bot.log().length, "the log goes on").toBeGreaterThan(before);

    await rm(ballast);
    await processes.until("it is ready again", async () => (await at("/ready")).status === 200, 20);
    // What was refused is sent again, as a sender does; what was accepted must be known.
    for (const { sent } of asked) for (const one of sent) expect((await send(one))[0]).toBe(200);
    const spots = [first.spot, ...asked.map(({ spot }) => spot)];
    await processes.until("all are closed", () => spots.every(isClosed), 60);
    for (const spot of spots) expect(processes.ours(spot)).toHaveLength(2);
    expect(processes.agent.protocol.conversations.size).toBe(spots.length);
    expect(bot.log()).not.toContain("set aside");
    expect(await bot.stop()).toBe(0);
    console.log(
      `faults injected: a full disk over ${spots.length} runs, ${refused} deliveries refused with 503`,
    );
    expect(JSON.parse(await readFile(join(dataDir, "directory.json"), "utf8"))).toMatchObject({ format: 1 });
  }, 150_000);

  it("a log that is redirected to it does not end the process, and goes on when there is space again", async () => {
    const file = join(lines?.folder ?? "", "bot.log");
    const ballast = join(lines?.folder ?? "", "ballast");
    const log = await open(file, "w");
    const child = fork(join(import.meta.dirname, "../support/log-child.ts"), {
      stdio: ["ignore", log.fd, "inherit", "ipc"],
    });
    let lived = 0;
    child.on("message", () => {
      lived += 1;
    });
    const size = async (): Promise<number> => (await stat(file)).size;
    await processes.until("it logs", async () => (await size()) > 10_000);
    await fill(ballast);
    await sleep(500);
    const full = await size();
    const before = lived;
    await sleep(1_500);
    expect(await size()).toBe(full);
    expect(lived).toBeGreaterThan(before);
    await rm(ballast);
    await processes.until("it logs again", async () => (await size()) > full + 10_000);
    expect(child.exitCode).toBeNull();
    child.kill("SIGKILL");
    await log.close();
  }, 60_000);
});
