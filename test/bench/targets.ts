import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface Target {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts one of the servers that the bot is compared with. */
export const startPeer = async (name: string, secret: string, privateKey = ""): Promise<Target> => {
  const child = fork(join(import.meta.dirname, "child.ts"), [name, secret, privateKey], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { PATH: process.env["PATH"], NODE_ENV: "production" },
  });
  const [message] = (await once(child, "message")) as [{ readonly port: number }];
  return {
    name,
    port: message.port,
    pid: child.pid ?? 0,
    stop: async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
};
