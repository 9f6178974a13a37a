import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const skipped = new Set(
  ".git .oh .plasmo artefacts build coverage data dist node_modules".split(" ").map((name) => `/${name}`),
);

/** Every file of the project as a path from the root, without what is installed, built or written at run time. */
const filesUnder = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return entry.name === ".env" || entry.name.endsWith(".log") ? [] : [path];
    // `data` is the bot's folder at the root only; the other names are skipped wherever they stand.
    if (skipped.has(`/${entry.name}`) && (entry.name !== "data" || folder === "")) return [];
    return filesUnder(path);
  });

const files = filesUnder("");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const isText = (path: string): boolean => !/\.(png|jpe?g|gif|webp|ico|woff2?|zip|xpi|gz)$/.test(path);
const isSource = (path: string): boolean => /\.(c|m)?[jt]sx?$|\.(css|html|sh|py|sql)$/.test(path);
const inPackages = (path: string): boolean => /^(core|bot|extension|test)\//.test(path);

const platforms = existsSync(join(root, "bot/src/platforms"))
  ? readdirSync(join(root, "bot/src/platforms"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  : [];

/** `path:line: text` of every line that matches. */
const linesMatching = (paths: readonly string[], pattern: RegExp): readonly string[] =>
  paths.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );

describe("layout", () => {
  it("finds the files it speaks about", () => {
    expect(files).toContain("test/layout.test.ts");
    expect(files).toContain("package.json");
  });

  it("keeps every source file at 300 lines or fewer", () => {
    const long = files
      .filter((path) => inPackages(path) && isSource(path))
      .map((path) => ({ path, lines: read(path).trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > 300)
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    expect(long).toEqual([]);
  });

  it("names files and folders in kebab-case", () => {
    const kebab = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
    const odd = files.filter(inPackages).filter((path) => path.split("/").some((part) => !kebab.test(part)));
    expect(odd.filter((path) => basename(path) !== "README.md")).toEqual([]);
  });

  it("has no drawer for leftovers", () => {
    const drawer = /(^|[/-])(utils?|helpers?|misc|manager|service)(\.|\/|-)/;
    expect(files.filter((path) => inPackages(path) && drawer.test(path))).toEqual([]);
    const sources = files.filter((path) => inPackages(path) && isSource(path));
    expect(linesMatching(sources, /\bclass \w*(Manager|Service)\b/)).toEqual([]);
  });

  it("never mocks our own modules", () => {
    const tests = files.filter((path) => /\.test\.tsx?$/.test(path));
    expect(linesMatching(tests, /\bvi\.(mock|doMock)\(/)).toEqual([]);
  });

  it("names no package registry and no path of one machine", () => {
    const hosts = [
      ["registry", "npmjs", "org"],
      ["registry", "yarnpkg", "com"],
      ["npm", "pkg", "github", "com"],
      ["pypi", "org"],
      ["files", "pythonhosted", "org"],
      ["deb", "debian", "org"],
    ].map((parts) => parts.join("\\."));
    // A path from the root of the disk, not the folder `work` of an import.
    const machine = ["work", "root"].map((name) => `(?<![\\w@.*-])/${name}/`);
    const forbidden = new RegExp([...hosts, ...machine].join("|"));
    expect(linesMatching(files.filter(isText), forbidden)).toEqual([]);
  });

  it.each(platforms)("gives the platform %s the same file names as every other", (platform) => {
    const names = readdirSync(join(root, "bot/src/platforms", platform));
    expect(names).toEqual(
      expect.arrayContaining(["index.ts", "hear.ts", "talk.ts", "read.ts", "connect.ts", "hooks.ts"]),
    );
  });

  it.runIf(platforms.length > 0)("compares a platform's name nowhere outside its folder", () => {
    const name = `["'](?:${platforms.join("|")})["']`;
    const comparison = new RegExp(`[!=]==?\\s*${name}|${name}\\s*[!=]==?|\\bcase ${name}`);
    const own = /^bot\/src\/(platforms\/[^/]+|cli)\/|^core\/src\/(wire|connection\/(catalog|page-place))\//;
    const outside = files.filter(
      (path) => /^(core|bot)\/src\/.*\.ts$/.test(path) && !path.endsWith(".test.ts") && !own.test(path),
    );
    expect(linesMatching(outside, comparison)).toEqual([]);
  });

  it("documents only commands that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const builtIn = ["add", "audit", "dlx", "exec", "install", "outdated", "run", "update"];
    const known = new Set([...Object.keys(scripts), ...builtIn]);
    const documents = files.filter((path) => path.endsWith(".md"));
    const unknown = documents.flatMap((path) =>
      [...read(path).matchAll(/\bpnpm(?:@\d+)? (?:-s )?([a-z][a-z:-]*)/g)]
        .map(([, command]) => command ?? "")
        .filter((command) => !known.has(command))
        .map((command) => `${path}: pnpm ${command}`),
    );
    expect(unknown).toEqual([]);
  });
});
