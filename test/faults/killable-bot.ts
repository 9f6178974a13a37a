import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessConfig } from "./bot-process.ts";

export interface KillableBot {
  /** Starts it; resolves with the port when it is ready. */
  start(): Promise<number>;
  /** Undefined while it is dead. */
  port(): number | undefined;
  /** `kill -9`, in whatever it is doing; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Last lines that it wrote. */
  tail(): string;
}

const mostTail = 20_000;

/** A bot in a process of its own, over one data folder. */
export const createKillableBot = async (folder: string, config: ProcessConfig): Promise<KillableBot> => {
  const file = join(folder, "config.json");
  await writeFile(
    file,
    JSON.stringify({ ...config, settings: { ...config.settings, dataDir: join(folder, "data") } }),
  );
  let child: ChildProcess | undefined;
  let port: number | undefined;
  let tail = "";
  const keep = (chunk: Buffer): void => {
    tail = (tail + String(chunk)).slice(-mostTail);
  };
  const end = async (signal: "SIGKILL" | "SIGTERM"): Promise<number | null> => {
    const dying = child;
    child = undefined;
    port = undefined;
    if (dying === undefined || dying.exitCode !== null || dying.signalCode !== null)
      return dying?.exitCode ?? null;
    const gone = once(dying, "exit");
    dying.kill(signal);
    const [code] = (await gone) as [number | null];
    return code;
  };

  return {
    start: async () => {
      const started = fork(join(import.meta.dirname, "bot-process.ts"), [file], {
        execArgv: [],
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "ask-openhands-compile-cache") },
      });
      child = started;
      started.stdout?.on("data", keep);
      started.stderr?.on("data", keep);
      return new Promise((resolve, reject) => {
        started.once("message", (message: { readonly port: number }) => {
          port = message.port;
          resolve(message.port);
        });
        started.once("exit", (code) =>
          reject(new Error(`the bot ended with ${code} before it was ready\n${tail}`)),
        );
      });
    },
    port: () => port,
    kill: async () => {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
    tail: () => tail,
  };
};
