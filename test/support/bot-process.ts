import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { EngineTimes } from "@ask-openhands/bot/engine/engine-deps.ts";
import type { Settings } from "@ask-openhands/bot/settings.ts";

export interface BotStart {
  readonly settings: Settings;
  readonly times?: EngineTimes | undefined;
  /** Milliseconds that its machine's clock is wrong by. */
  readonly clockOff?: number | undefined;
  /** Edits as often as it likes: a test of thousands of runs would take hours otherwise. */
  readonly unbudgeted?: boolean | undefined;
}

export interface BotProcess {
  readonly port: number;
  readonly pid: number;
  /** The end of its log. */
  log(): string;
  /** As `kill -9`. */
  kill(): Promise<void>;
  /** As `systemctl stop`; the exit code. */
  stop(): Promise<number | null>;
  /** Bytes that live after everything was collected that can be. */
  kept(): Promise<number>;
  /** As `kill -STOP`, and on again. */
  freeze(): void;
  thaw(): void;
}

const kept = 200_000;

const exited = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
};

export interface ProcessOptions {
  /** Its log goes nowhere. */
  readonly unheard?: boolean | undefined;
  /** Writes a CPU profile there when it is stopped. */
  readonly profile?: string | undefined;
}

/** Starts a real bot process; rejects with what it said when it does not get ready. */
export const startBotProcess = async (
  start: BotStart,
  { unheard = false, profile }: ProcessOptions = {},
): Promise<BotProcess> => {
  const child = fork(join(import.meta.dirname, "bot-child.ts"), {
    stdio: ["ignore", unheard ? "ignore" : "pipe", "pipe", "ipc"],
    // As `pnpm start` does.
    execArgv: [
      "--max-semi-space-size=16",
      ...(profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`]),
    ],
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      NODE_COMPILE_CACHE: join(import.meta.dirname, "../../node_modules/.cache/compiled"),
    },
  });
  let log = "";
  const keep = (chunk: Buffer): void => {
    log = (log + chunk.toString()).slice(-kept);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  child.send(start);
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve((message as { readonly port: number }).port));
    child.once("exit", () => reject(new Error(`the bot did not start:\n${log}`)));
  });
  return {
    port,
    pid: child.pid ?? 0,
    log: () => log,
    kill: async () => {
      child.kill("SIGKILL");
      await exited(child);
    },
    stop: async () => {
      child.kill("SIGTERM");
      return exited(child);
    },
    kept: async () => {
      const told = once(child, "message");
      child.send("weigh");
      const [message] = (await told) as [{ readonly kept: number }];
      return message.kept;
    },
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
  };
};
