import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface RealServer {
  readonly url: string;
  readonly key: string;
  /** Its home folder: conversations, bash events, working copies, log. */
  readonly home: string;
  log(): Promise<string>;
  /** As a crash would: no warning. Comes back on the same port with the same folders. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** The Python that `run.ts` prepared. */
export const realPython: string | undefined = process.env["OPENHANDS_PYTHON"];

const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const server = createServer();
    server.on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null ? found(address.port) : failed(new Error("no port")),
      );
    });
  });

const environment = (home: string, key: string): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  HOME: home,
  LANG: "C.UTF-8",
  PYTHONUTF8: "1",
  OH_SESSION_API_KEYS_0: key,
  OH_SECRET_KEY: "0123456789abcdef0123456789abcdef",
  OH_ENABLE_VSCODE: "0",
  OH_ENABLE_VNC: "0",
  OH_PRELOAD_TOOLS: "0",
  OH_CONVERSATIONS_PATH: join(home, "conversations"),
  OH_BASH_EVENTS_DIR: join(home, "bash"),
  OH_PERSISTENCE_DIR: join(home, "state"),
  OPENHANDS_SUPPRESS_BANNER: "1",
  DO_NOT_TRACK: "1",
  // Otherwise litellm fetches its list of prices when it is imported.
  LITELLM_LOCAL_MODEL_COST_MAP: "True",
});

const waitUntilReady = async (url: string, child: ChildProcess): Promise<void> => {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(`${url}/ready`).catch(() => undefined);
    if (answer?.status === 200) return;
    if (child.exitCode !== null) throw new Error(`the agent server ended with ${child.exitCode}`);
    await new Promise((next) => setTimeout(next, 200));
  }
  throw new Error("the agent server was not ready within two minutes");
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  child.kill("SIGKILL");
  await ended;
};

/** A real openhands-agent-server on loopback. */
export const startRealServer = async (python: string): Promise<RealServer> => {
  const home = await mkdtemp(join(tmpdir(), "ask-openhands-real-"));
  const key = "real-session-key-for-tests";
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(home, "server.log");
  await mkdir(join(home, "run"));

  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(
      python,
      ["-m", "openhands.agent_server", "--host", "127.0.0.1", "--port", String(port)],
      {
        cwd: join(home, "run"),
        env: environment(home, key),
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const log = createWriteStream(logFile, { flags: "a" });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once("exit", () => log.end());
    await waitUntilReady(url, child);
    return child;
  };

  let child = await launch();
  return {
    url,
    key,
    home,
    log: () => readFile(logFile, "utf8"),
    async restart() {
      await end(child);
      child = await launch();
    },
    async close() {
      await end(child);
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
};
