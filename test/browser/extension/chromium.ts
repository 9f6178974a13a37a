import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page, type Worker } from "playwright-core";
import { ensureBuilt } from "../../../extension/scripts/build.ts";
import { type PageServer, startPageServer } from "./page-server.ts";

export const chromiumPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
export const hasChromium = existsSync(chromiumPath);

export interface Browser {
  readonly context: BrowserContext;
  readonly worker: Worker;
  readonly extensionId: string;
  readonly pages: PageServer;
  /** A page of the extension itself. */
  open(path: "popup.html" | "options.html" | "popup.html?tab=1"): Promise<Page>;
  close(): Promise<void>;
}

export interface BrowserOptions {
  /**
   * Hosts that the person has allowed. A headless browser shows no permission question that could be answered,
   * so a copy of the build names them in its manifest; every bundle in it is the shipped one.
   */
  readonly allowed?: readonly string[] | undefined;
  /** Optional permissions that the person has given, named in the manifest of the copy like `allowed`. */
  readonly given?: readonly string[] | undefined;
  /** Another build than the shipped one, for comparison. */
  readonly folder?: string | undefined;
  readonly dark?: boolean | undefined;
  readonly viewport?: { readonly width: number; readonly height: number } | undefined;
}

const copyWithAccess = (folder: string, allowed: readonly string[], given: readonly string[]): string => {
  const copy = mkdtempSync(join(tmpdir(), "ask-openhands-extension-"));
  cpSync(folder, copy, { recursive: true });
  const path = join(copy, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as {
    host_permissions: string[];
    permissions: string[];
  };
  manifest.host_permissions.push(...allowed);
  manifest.permissions.push(...given);
  writeFileSync(path, JSON.stringify(manifest));
  return copy;
};

const findWorker = async (context: BrowserContext): Promise<Worker> =>
  context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker", { timeout: 20_000 }));

/** The first start of the extension opens its set-up page in front of everything; a page behind it draws only once a second. */
const closeSetup = async (context: BrowserContext): Promise<void> => {
  const isSetup = (page: Page): boolean => page.url().includes("popup.html?tab=1");
  const setup =
    context.pages().find(isSetup) ??
    (await context.waitForEvent("page", { predicate: isSetup, timeout: 10_000 }).catch(() => undefined));
  await setup?.close();
};

/** Debian's Chromium with the built extension, and a server that answers for the sites' real addresses. */
export const startBrowser = async (options: BrowserOptions = {}): Promise<Browser> => {
  const built = options.folder ?? ensureBuilt("chrome-mv3");
  const { allowed, given } = options;
  const isShipped = allowed === undefined && given === undefined;
  const folder = isShipped ? built : copyWithAccess(built, allowed ?? [], given ?? []);
  const profile = mkdtempSync(join(tmpdir(), "ask-openhands-profile-"));
  const pages = await startPageServer();
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    headless: true,
    ignoreHTTPSErrors: true,
    colorScheme: options.dark === true ? "dark" : "light",
    viewport: options.viewport ?? { width: 1280, height: 800 },
    ignoreDefaultArgs: ["--disable-extensions"],
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      `--disable-extensions-except=${folder}`,
      `--load-extension=${folder}`,
      "--ignore-certificate-errors",
      `--host-resolver-rules=MAP * 127.0.0.1:${pages.port},EXCLUDE 127.0.0.1,EXCLUDE localhost`,
    ],
  });
  const worker = await findWorker(context);
  const extensionId = new URL(worker.url()).host;
  if (options.folder === undefined) await closeSetup(context);
  return {
    context,
    worker,
    extensionId,
    pages,
    open: async (path) => {
      const page = await context.newPage();
      await page.goto(`chrome-extension://${extensionId}/${path}`);
      return page;
    },
    close: async () => {
      await context.close();
      await pages.close();
      rmSync(profile, { recursive: true, force: true });
      if (folder !== built) rmSync(folder, { recursive: true, force: true });
    },
  };
};
