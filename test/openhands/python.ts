import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * The version that the tests run against; the four packages always together, the server's own metadata does not name all of them.
 * Not 1.58.1 or 1.58.2: they ask for a certifi that registries did not have yet when this was written.
 */
export const openHandsVersion = "1.58.0";

const packages = ["openhands-agent-server", "openhands-sdk", "openhands-tools", "openhands-workspace"];

/** Git-ignored. */
const folder = fileURLToPath(new URL(`../../.oh/${openHandsVersion}/`, import.meta.url));
const python = join(folder, "bin", "python");
const ready = join(folder, ".ready");

/** The packages refuse older ones. */
const isNewEnough = async (candidate: string): Promise<boolean> => {
  const check = "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 12) else 1)";
  return run(candidate, ["-c", check]).then(
    () => true,
    () => false,
  );
};

const fromPyenv = (): readonly string[] => {
  const versions = join(process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv"), "versions");
  if (!existsSync(versions)) return [];
  return readdirSync(versions).map((version) => join(versions, version, "bin", "python3"));
};

const findPython = async (): Promise<string | undefined> => {
  const candidates = [
    process.env["PYTHON"],
    "python3.13",
    "python3.12",
    "python3.14",
    "python3",
    ...fromPyenv().toReversed(),
  ];
  for (const candidate of candidates) {
    if (candidate !== undefined && candidate !== "" && (await isNewEnough(candidate))) return candidate;
  }
  return undefined;
};

export type Installed = { readonly python: string } | { readonly missing: string };

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";

const install = async (found: string): Promise<Installed> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run(found, ["-m", "venv", folder]);
  const wanted = packages.map((name) => `${name}==${openHandsVersion}`);
  await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...wanted], {
    timeout: 1_200_000,
  });
  await writeFile(ready, openHandsVersion);
  return { python };
};

/** The Python with the agent server in it: made once, some hundred megabytes. Otherwise one sentence that says why not. */
export const ensurePython = async (): Promise<Installed> => {
  if (existsSync(ready)) return { python };
  const found = await findPython();
  if (found === undefined)
    return { missing: "no Python 3.12 or newer with venv was found (set PYTHON to one)" };
  return install(found).catch((error: unknown) => ({
    missing: `the packages could not be installed: ${lastLine(error instanceof Error ? error.message : String(error))}`,
  }));
};
