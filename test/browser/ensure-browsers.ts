import { spawnSync } from "node:child_process";

/** Debian's packages that the browser tests drive, and the commands that they bring. */
const wanted = [
  ["chromium", "chromium"],
  ["firefox-esr", "firefox-esr"],
  ["openssl", "openssl"],
] as const;

const isThere = (command: string): boolean =>
  spawnSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" }).status === 0;

const isRoot = process.getuid?.() === 0;

const install = (args: readonly string[]): boolean => {
  const [command, ...rest] = [...(isRoot ? [] : ["sudo", "-n"]), "apt-get", ...args];
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command ?? "", rest, { stdio: "inherit", env: environment }).status === 0;
};

/** Runs once before the browser tests: installs what is missing, or says in one sentence what to install. */
export const setup = (): void => {
  const missing = wanted.filter(([command]) => !isThere(command)).map(([, name]) => name);
  if (missing.length === 0) return;
  const done =
    isThere("apt-get") &&
    install(["update", "-q"]) &&
    install(["install", "-q", "-y", "--no-install-recommends", ...missing]);
  if (!done)
    throw new Error(`The browser tests need ${missing.join(", ")}: install them and run the tests again.`);
};
