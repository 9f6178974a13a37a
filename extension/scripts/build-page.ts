import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "rolldown";
import { pageLook } from "../src/settings/page-look.ts";
import { look } from "../src/ui/look.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const sources = [join(root, "src"), join(root, "assets"), join(root, "../core/src")];

/** Where the bot looks for its page. */
export const pageFolder = join(root, "build/settings");

/** File name with a hash of what is in it, so that browsers may keep it for ever. */
const named = (name: string, ending: string, text: string): string =>
  `${name}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}.${ending}`;

const squeeze = (css: string): string => css.replaceAll(/\s*\n\s*/g, "\n").trim();

const bundle = async (): Promise<string> => {
  const { output } = await build({
    input: join(root, "src/settings/main.tsx"),
    platform: "browser",
    tsconfig: false,
    write: false,
    transform: {
      target: "es2023",
      jsx: { runtime: "automatic" },
      define: { "process.env.NODE_ENV": '"production"' },
    },
    output: { format: "esm", minify: true, codeSplitting: false },
    // "use client" is for servers that render; here everything is the browser's.
    onLog: (level, log, tell) => {
      if (log.code !== "MODULE_LEVEL_DIRECTIVE") tell(level, log);
    },
  });
  return output[0].code;
};

/** Builds the settings page of the bot into `folder`. */
export const buildPage = async (folder: string = pageFolder): Promise<void> => {
  const script = await bundle();
  const style = squeeze(look + pageLook);
  const icon = readFileSync(join(root, "assets/icon.svg"), "utf8");
  const files = {
    script: [named("page", "js", script), script],
    style: [named("page", "css", style), style],
    icon: [named("icon", "svg", icon), icon],
  } as const;
  let html = readFileSync(join(root, "src/settings/index.html"), "utf8");
  for (const [key, [name]] of Object.entries(files)) html = html.replace(`{{${key}}}`, `assets/${name}`);
  // Put in place as a whole: a bot or a test that starts meanwhile finds the old page or the new one.
  const draft = `${folder}.${process.pid}`;
  mkdirSync(join(draft, "assets"), { recursive: true });
  const write = (name: string, text: string): void => {
    writeFileSync(join(draft, name), text);
    writeFileSync(join(draft, `${name}.gz`), gzipSync(text, { level: 9 }));
    writeFileSync(join(draft, `${name}.br`), brotliCompressSync(text));
  };
  for (const [name, text] of Object.values(files)) write(`assets/${name}`, text);
  write("index.html", html);
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
};

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
      entry.isFile() ? statSync(join(entry.parentPath, entry.name)).mtimeMs : 0,
    ),
  );

/** Builds only when a source is newer than what is there: a start looks at file times and goes on. */
export const ensurePage = async (folder: string = pageFolder): Promise<void> => {
  const built = join(folder, "index.html");
  const latest = Math.max(...sources.map(newest), statSync(join(root, "package.json")).mtimeMs);
  if (existsSync(built) && statSync(built).mtimeMs >= latest) return;
  await buildPage(folder);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const startedAt = performance.now();
  await ensurePage();
  process.stdout.write(`Settings page: ${pageFolder} (${Math.round(performance.now() - startedAt)} ms)\n`);
}
