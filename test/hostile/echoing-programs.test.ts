import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { everyConnection, newCanary, partsOf } from "./canaries.ts";
import { echoes, startMirror } from "./mirror.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "echo-programs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Told {
  readonly status: number | null;
  readonly text: string;
}

/** Everything that a program of ours writes until it ends. */
const run = (program: string, variables: Readonly<Record<string, string>>, ...args: string[]) =>
  new Promise<Told>((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "../../bot/src", program), ...args], {
      env: { PATH: process.env["PATH"], DATA_DIR: join(folder, "data"), LOG_LEVEL: "debug", ...variables },
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part) => {
        text += String(part);
      });
    child.on("close", (status) => resolve({ status, text }));
  });

/** Speaks PostgreSQL's protocol as far as asking for a password in clear, and quotes it in its refusal: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const startQuotingDatabase = async (): Promise<{ readonly port: number; asked(): number; close(): void }> => {
  const message = (type: string, body: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, body]);
  };
  let asked = 0;
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      const bytes = Buffer.from(chunk);
      if (bytes[0] !== "p".charCodeAt(0)) {
        socket.write(message("R", Buffer.from([0, 0, 0, 3])));
        return;
      }
      asked += 1;
      const password = bytes.subarray(5, -1).toString();
      const said = `password "${password}" is wrong`;
      const fields = ["SFATAL", "VFATAL", "C28P01", `M${said}`, `D${said}`, `H${said}`, `q${said}`];
      socket.end(message("E", Buffer.from(`${fields.join("\0")}\0\0`)));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    asked: () => asked,
    close: () => void server.close(),
  };
};

describe("doctor", () => {
  it.each([
    "wrong credentials",
    "a refusal, clipped within the credentials",
    "a success that is none",
    "a redirect to another host",
  ])(
    "prints no secret that a server says back: %s",
    async (how) => {
      const mirror = await startMirror();
      const answer = echoes[how];
      if (answer === undefined) throw new Error(`no echo ${how}`);
      mirror.echo(answer);
      try {
        const { variables, canaries } = everyConnection(mirror.url);
        const told = await Promise.all(
          [["--json"], []].map((args) =>
            run(
              "cli/doctor.ts",
              { ...variables, ALLOWED_HOSTS: new URL(mirror.url).host, PUBLIC_URL: "http://localhost" },
              ...args,
            ),
          ),
        );
        expect(mirror.asked()).toBeGreaterThan(12);
        for (const { status, text } of told) {
          expect(status).toBe(1);
          expect(text).toContain("GitHub");
          expect(canaries.flatMap((canary) => partsOf(canary, text))).toEqual([]);
        }
      } finally {
        await mirror.close();
      }
    },
    60_000,
  );
});

describe("the password of the database", () => {
  const programs = ["main.ts", "cli/doctor.ts", "cli/keys-rotate.ts"];

  it.each(programs)(
    "is in no word of %s, though the database quotes it",
    async (program) => {
      const database = await startQuotingDatabase();
      const password = newCanary();
      try {
        const { status, text } = await run(program, {
          DATABASE_URL: `postgres://ask:${password}@127.0.0.1:${database.port}/ask`,
          SECRET_KEY: randomBytes(32).toString("base64"),
          PORT: "0",
        });
        expect(database.asked(), text).toBeGreaterThan(0);
        expect(status).not.toBe(0);
        expect(text.length).toBeGreaterThan(20);
        expect(partsOf(password, text)).toEqual([]);
      } finally {
        database.close();
      }
    },
    30_000,
  );

  it.each([
    (password: string) => `postgres://ask:${password}@127.0.0.1:port/ask`,
    (password: string) => `postgres://ask:${password}%zz@127.0.0.1:5432/ask`,
    (password: string) => `postgres://ask:${password}%ff@127.0.0.1:5432/ask`,
    (password: string) => `postgres://ask:${password}@[::1/ask`,
    (password: string) => `mysql://ask:${password}@127.0.0.1/ask`,
    (password: string) => `ask:${password}@127.0.0.1/ask`,
  ])(
    "is in no word about an address that cannot be read",
    async (addressWith) => {
      const password = newCanary();
      const variables = { DATABASE_URL: addressWith(password), SECRET_KEY: "", PORT: "0" };
      for (const program of ["main.ts", "cli/doctor.ts"]) {
        const { status, text } = await run(program, variables);
        expect(status).not.toBe(0);
        expect(text).toContain("DATABASE_URL");
        expect(partsOf(password, text)).toEqual([]);
      }
    },
    30_000,
  );
});
