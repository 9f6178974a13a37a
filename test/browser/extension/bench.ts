import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { ensureBuilt, readManifest } from "../../../extension/scripts/build.ts";
import { ownPages } from "../../fixtures/pages/own-pages.ts";
import { startBrowser } from "./chromium.ts";
import { hasSavedPages, readSavedPages } from "./saved-pages.ts";
import { measureScripts } from "./trace.ts";

/**
 * What our content script costs a page, beside a button of React mounted the way the build tool offers it, built with the same
 * options. Prints size, main-thread time until idle, and time within three seconds in which nothing changes.
 */
const extension = join(dirname(fileURLToPath(import.meta.url)), "../../../extension");

const reactScript = `
import type { PlasmoCSConfig, PlasmoGetInlineAnchor } from "plasmo";
export const config: PlasmoCSConfig = { matches: ["https://github.com/*"], run_at: "document_idle" };
export const getInlineAnchor: PlasmoGetInlineAnchor = async () => document.querySelector(".gh-header-actions, [data-component=PH_Actions]") ?? document.body;
export const getShadowHostId = () => "react-button";
export default function Button() { return <button type="button">Ask OpenHands</button>; }
`;

/** A content script with React in a project of its own, in a folder for this run only. */
const buildReact = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "ask-openhands-react-"));
  mkdirSync(join(folder, "src/contents"), { recursive: true });
  writeFileSync(join(folder, "src/contents/button.tsx"), reactScript);
  // The browser harness waits for a worker; an empty one costs a page nothing.
  writeFileSync(join(folder, "src/background.ts"), "export {};\n");
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(extension, "package.json"), "utf8"),
  ) as Record<string, unknown>;
  const manifest = { host_permissions: ["https://github.com/*"] };
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({
      name: "react-button",
      displayName: "React button",
      version: "0.0.1",
      type: "module",
      dependencies,
      devDependencies,
      manifest,
    }),
  );
  writeFileSync(
    join(folder, "tsconfig.json"),
    '{"compilerOptions":{"jsx":"react-jsx","module":"esnext","moduleResolution":"bundler","target":"es2022"}}',
  );
  cpSync(join(extension, "assets"), join(folder, "assets"), { recursive: true });
  symlinkSync(join(extension, "node_modules"), join(folder, "node_modules"));
  execFileSync(join(extension, "node_modules/.bin/plasmo"), ["build", "--hoist"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return folder;
};

const sizeOf = (folder: string): number => {
  const script = readManifest(folder).content_scripts.find(({ js }) =>
    js.some((name) => /github|button/.test(name)),
  )?.js[0];
  if (script === undefined)
    throw new Error(`${folder} has no content script: ${readdirSync(folder).join(", ")}`);
  return gzipSync(readFileSync(join(folder, script)), { level: 9 }).length;
};

const largest = () => {
  const pages = hasSavedPages
    ? readSavedPages().filter(({ url }) => url.startsWith("https://github.com/"))
    : ownPages.slice(0, 1);
  const found = [...pages].sort((one, two) => two.html.length - one.html.length)[0];
  if (found === undefined) throw new Error("There is no page to measure on.");
  return found;
};

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((one, two) => one - two)[Math.floor(numbers.length / 2)] ?? 0;

const measure = async (folder: string) => {
  const browser = await startBrowser({ folder });
  try {
    const { url, html } = largest();
    browser.pages.put(url, html, { "content-security-policy": "script-src 'none'" });
    const page = await browser.context.newPage();
    const visits: number[] = [];
    for (let visit = 0; visit < 7; visit += 1) {
      const { spent } = await measureScripts(page, browser.extensionId, async () => {
        await page.goto(url, { waitUntil: "load" });
        await page.waitForTimeout(1_200);
      });
      visits.push(spent);
    }
    await page.waitForTimeout(1_000);
    const quiet = await measureScripts(page, browser.extensionId, () => page.waitForTimeout(3_000));
    return { visit: median(visits), quiet };
  } finally {
    await browser.close();
  }
};

const react = buildReact();
try {
  const rows = [
    ["ours", ensureBuilt("chrome-mv3")],
    ["React, same build", join(react, "build/chrome-mv3-prod")],
  ] as const;
  const { url, html } = largest();
  process.stdout.write(`Page: ${url} (${html.length} characters), median of 7 visits\n`);
  process.stdout.write(
    `Load average of the machine at the start: ${loadavg()[0]?.toFixed(1)}. Targets: 20 kB, 10 ms, 0 calls.\n`,
  );
  for (const [name, folder] of rows) {
    const { visit, quiet } = await measure(folder);
    const size = (sizeOf(folder) / 1024).toFixed(1);
    process.stdout.write(
      `${name.padEnd(18)} ${size.padStart(6)} kB gzip  ${visit.toFixed(1).padStart(6)} ms until idle  ${quiet.spent.toFixed(2).padStart(7)} ms and ${quiet.calls} calls in 3 s without change\n`,
    );
  }
} finally {
  rmSync(react, { recursive: true, force: true });
}
