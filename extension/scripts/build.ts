import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Chrome's build is Edge's too: both stores take the same file. */
export const targets = ["chrome-mv3", "firefox-mv3"] as const;
export type Target = (typeof targets)[number];

export const outputOf = (target: Target): string => join(root, "build", `${target}-prod`);
export const zipOf = (target: Target): string => `${outputOf(target)}.zip`;

/** Bytes of the gzipped content script that comes onto every page. */
export const contentScriptBudget = 20_480;

const allowedPermissions = new Set(["storage", "scripting", "activeTab", "contextMenus", "alarms"]);

interface Manifest {
  readonly permissions: readonly string[];
  readonly host_permissions: readonly string[];
  readonly content_scripts: readonly { readonly js: readonly string[]; readonly world?: string }[];
  readonly web_accessible_resources?: readonly unknown[];
  readonly externally_connectable?: unknown;
}

export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;

/** What a built folder breaks of our promises about permissions and size; empty when nothing. */
export const findBroken = (folder: string): readonly string[] => {
  const manifest = readManifest(folder);
  const wide = manifest.host_permissions.filter(
    (host) => host === "<all_urls>" || /^(?:https?|\*):\/\/\*\//.test(host),
  );
  const scripts = manifest.content_scripts.flatMap(({ js }) => js);
  const sizes = scripts.map(
    (name) => [name, gzipSync(readFileSync(join(folder, name)), { level: 9 }).length] as const,
  );
  return [
    ...manifest.permissions
      .filter((name) => !allowedPermissions.has(name))
      .map((name) => `asks for the permission ${name}`),
    ...wide.map((host) => `asks for ${host}`),
    ...(manifest.externally_connectable === undefined ? [] : ["can be connected to from outside"]),
    ...((manifest.web_accessible_resources?.length ?? 0) === 0 ? [] : ["opens files to pages"]),
    ...manifest.content_scripts
      .filter(({ world }) => world === "MAIN")
      .map(() => "runs in the page's own world"),
    ...sizes
      .filter(([, size]) => size > contentScriptBudget)
      .map(([name, size]) => `${name} has ${size} bytes gzipped, more than ${contentScriptBudget}`),
  ];
};

/** Plasmo looks for `src` in the working folder; `--hoist` drops what is not used, which makes a popup a third of its size. */
export const build = (target: Target): void => {
  const plasmo = join(root, "node_modules/.bin/plasmo");
  execFileSync(plasmo, ["build", "--hoist", "--zip", `--target=${target}`], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const broken = findBroken(outputOf(target));
  if (broken.length > 0) throw new Error(`The build for ${target} ${broken.join("; ")}.`);
};

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
      entry.isFile() ? statSync(join(entry.parentPath, entry.name)).mtimeMs : 0,
    ),
  );

/** Builds only when a source is newer than what is there. */
export const ensureBuilt = (target: Target): string => {
  const output = outputOf(target);
  const manifest = join(output, "manifest.json");
  const sources = [join(root, "src"), join(root, "assets"), join(root, "../core/src")];
  const latest = Math.max(...sources.map(newest), statSync(join(root, "package.json")).mtimeMs);
  if (!existsSync(manifest) || statSync(manifest).mtimeMs < latest) build(target);
  return output;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const target of targets) {
    build(target);
    process.stdout.write(`${zipOf(target)}\n`);
  }
}
