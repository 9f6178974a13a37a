import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, createApi } from "@ask-openhands/bot/api/create-api.ts";
import { createLimits, type Limits } from "@ask-openhands/bot/api/limits.ts";
import { createIntake } from "@ask-openhands/bot/intake/create-intake.ts";
import type { Intake } from "@ask-openhands/bot/intake.ts";
import { memberId } from "@ask-openhands/bot/people/members.ts";
import { openPeople, type People } from "@ask-openhands/bot/people/open-people.ts";
import type { Role } from "@ask-openhands/bot/people/records.ts";
import type { OAuthWay } from "@ask-openhands/bot/platforms/connect-way.ts";
import type { Platform } from "@ask-openhands/bot/platforms/platform.ts";
import { readSettings } from "@ask-openhands/bot/settings.ts";
import { createSqliteStore } from "@ask-openhands/bot/store/sqlite.ts";
import type { Store } from "@ask-openhands/bot/store/store.ts";
import { openhandsKinds } from "@ask-openhands/core/connection/catalog/openhands.ts";
import { createKeptLog } from "../support/silent-log.ts";
import { Browser } from "./browser.ts";
import { createForge, createForgeState, type ForgeState, testCatalog } from "./forge.ts";

export interface ApiWorld {
  readonly api: Api;
  readonly people: People;
  readonly store: Store;
  readonly intake: Intake;
  readonly forge: ForgeState;
  readonly folder: string;
  readonly log: ReturnType<typeof createKeptLog>;
  clock: { at: number };
  browser(): Browser;
  /** A signed-in browser of a new person with this role. */
  signedIn(name: string, role?: Role, workspace?: string): Promise<Browser & { readonly personId: string }>;
  end(): Promise<void>;
}

interface Options {
  readonly publicUrl?: string;
  readonly oauth?: OAuthWay;
  readonly limits?: Limits;
  readonly fetch?: typeof fetch;
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds between two looks for those who watch. */
  readonly watchEvery?: number;
  readonly resolve?: (name: string) => Promise<readonly string[]>;
}

const generous = { guessesPerMinute: 1_000_000, callsPerMinute: 1_000_000 };

/** The API over a real data folder and a real store, with invented platforms. */
export const createApiWorld = async (options: Options = {}): Promise<ApiWorld> => {
  const folder = mkdtempSync(join(tmpdir(), "api-"));
  const publicUrl = options.publicUrl ?? "https://bot.test";
  const catalog = [...testCatalog, ...openhandsKinds];
  const reading = readSettings({ DATA_DIR: folder, PUBLIC_URL: publicUrl, ...options.environment }, catalog);
  if ("problems" in reading) throw new Error(JSON.stringify(reading.problems));
  const clock = { at: Date.parse("2026-03-01T12:00:00.000Z") };
  const now = (): number => clock.at;
  const log = createKeptLog();
  const forge = createForgeState();
  const platforms = new Map<string, Platform>();
  const people = await openPeople({
    settings: reading.settings,
    catalog,
    log,
    now,
    traits: (id) => platforms.get(id),
  });
  for (const id of ["forge", "tracker"])
    platforms.set(
      id,
      createForge(id, () => people, forge, id === "forge" ? options.oauth : undefined),
    );
  const store = await createSqliteStore({ folder, now });
  const intake = people.linkCodes.listen(createIntake({ store, policy: people.policy, log }));
  const api = createApi(
    {
      people,
      store,
      intake,
      platforms,
      agents: { get: () => ({ check: async () => ({ ok: true, detail: "fine", version: "1.2.3" }) }) },
      catalog,
      fetch: options.fetch ?? fetch,
      publicUrl,
      trustedProxies: [],
      redact: (text) => text.replaceAll("known-secret-value", "***"),
      version: "0.0.0",
      log,
      now,
      watchEvery: options.watchEvery ?? 20,
      resolve: options.resolve ?? (async () => ["93.184.216.34"]),
    },
    options.limits ?? createLimits(generous),
  );
  const browser = (): Browser => new Browser(api.app, publicUrl);

  const signedIn: ApiWorld["signedIn"] = async (name, role, workspace = "main") => {
    const personId = `person-${name}`;
    const at = new Date(now()).toISOString();
    await people.directory.write([
      { put: "people", id: personId, value: { name, createdAt: at } },
      ...(role === undefined
        ? []
        : [
            {
              put: "members",
              id: memberId(workspace, personId),
              value: { workspaceId: workspace, personId, role, joinedAt: at },
            } as const,
          ]),
    ]);
    const made = browser();
    made.setCookie("__Host-session", await people.sessions.begin(personId));
    await made.refresh();
    return Object.assign(made, { personId });
  };

  return {
    api,
    people,
    store,
    intake,
    forge,
    folder,
    log,
    clock,
    browser,
    signedIn,
    end: async () => {
      api.close();
      await people.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
