import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Shell, ShellOutput } from "@ask-openhands/bot/cli/demo-agent/shell.ts";

/** Content of the only file in a multipart body. */
const fileIn = (form: string): string => {
  const boundary = form.split("\r\n", 1)[0] ?? "";
  const body = form.slice(form.indexOf("\r\n\r\n") + 4);
  return body.slice(0, body.lastIndexOf(`\r\n${boundary}`));
};

/** Really runs commands, with `home` as home folder, and keeps commands and outputs as the real server does: on disk, readable by its API. */
export const createRealShell = (home: string): Shell & { readonly kept: readonly string[] } => {
  const kept: string[] = [];
  const outputs = new Map<string, ShellOutput>();

  const run = (id: string, command: string, seconds: number): Promise<ShellOutput> =>
    new Promise((done) => {
      kept.push(command);
      const environment = { PATH: process.env["PATH"] ?? "", HOME: home, GIT_CONFIG_NOSYSTEM: "1" };
      execFile(
        "/bin/sh",
        ["-c", command],
        { env: environment, timeout: seconds * 1_000 },
        (error, stdout, stderr) => {
          kept.push(stdout, stderr);
          const failed = typeof error?.code === "number" ? error.code : -1;
          const output: ShellOutput = {
            kind: "BashOutput",
            command_id: id,
            order: 0,
            exit_code: error === null ? 0 : failed,
            stdout,
            stderr,
          };
          outputs.set(id, output);
          done(output);
        },
      );
    });

  return {
    kept,
    execute: (command, seconds) => run(randomUUID(), command, seconds),
    start(command, seconds) {
      const id = randomUUID();
      void run(id, command, seconds);
      return id;
    },
    outputs(id) {
      const output = outputs.get(id);
      return output === undefined ? [] : [output];
    },
    async upload(path, form) {
      const content = fileIn(form);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return content.length;
    },
  };
};
