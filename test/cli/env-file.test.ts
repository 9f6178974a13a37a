import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ask-openhands-env-"));
  symlinkSync(join(root, "bot"), join(folder, "bot"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (text: string, mode = 0o600): void => writeFileSync(join(folder, ".env"), text, { mode });

/** The program of a script, in a folder with a `.env` of its own. */
const run = (script: string, variables: Readonly<Record<string, string>> = {}, more = "") => {
  // `start` builds the page first, which needs no settings.
  const command = `${scripts[script]?.split("&&").at(-1) ?? expect.fail(`no script ${script}`)} ${more}`;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`, NO_COLOR: "1", ...variables },
    timeout: 30_000,
  });
  return { status, said: stdout + stderr };
};

it.each(["start", "doctor", "keys:rotate", "migrate:to-postgres"])(
  "`pnpm %s` reads the file .env where it is run",
  (script) => {
    write("PORT=many\n");
    const { status, said } = run(script);
    expect(status).not.toBe(0);
    expect(said).toMatch(/^(?:.*\s)?PORT.* must be a port/m);
  },
  30_000,
);

it("`pnpm explain` and `pnpm slack:manifest` read it too", () => {
  write("HANDLES=,\nPUBLIC_URL=ftp://canary.example\n");
  const payload = join(folder, "payload.json");
  writeFileSync(payload, "{}");
  expect(run("explain", {}, `github ${payload}`).said).toContain("HANDLES must not be empty");
  expect(run("slack:manifest").said).toContain("ftp://canary.example is no https address");
  expect(run("slack:manifest", { PUBLIC_URL: "" }).said).toContain('"socket_mode_enabled": true');
}, 30_000);

it("what is set already wins over the file, and others who can read it are told of once", () => {
  write("PORT=many\nLOG_LEVEL=loud\n", 0o644);
  const { said } = run("keys:rotate", { PORT: "3000" });
  expect(said).not.toContain("PORT");
  expect(said).toMatch(/^LOG_LEVEL must be one of/m);
  expect(said.match(/chmod 600/g)).toHaveLength(1);
}, 30_000);

it("a file that is not understood ends the start with 78 and one sentence", () => {
  write("GITHUB_TOKEN ghp_canary\n");
  expect(run("start")).toEqual({
    status: 78,
    said: "The file .env is not understood at line 1; each line is NAME=value, or a comment that begins with #.\n",
  });
}, 30_000);
