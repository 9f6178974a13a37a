import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { placeOf } from "@ask-openhands/bot/people/connection-record.ts";
import { loadKeys, newKey, writeKeyFile } from "@ask-openhands/bot/people/keys.ts";
import { openPeople, type People } from "@ask-openhands/bot/people/open-people.ts";
import { rotateKeys } from "@ask-openhands/bot/people/rotate-keys.ts";
import { secretPlace } from "@ask-openhands/bot/people/secrets.ts";
import { readSettings, type Settings } from "@ask-openhands/bot/settings.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKeptLog } from "../support/silent-log.ts";

const log = createKeptLog();
const owner = { kind: "workspace", id: "main" } as const;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rotate-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settingsOf = (dataDir: string, more: Record<string, string> = {}): Settings => {
  const reading = readSettings({ DATA_DIR: dataDir, ...more }, []);
  if ("problems" in reading) throw new Error(JSON.stringify(reading.problems));
  return reading.settings;
};

const open = (settings: Settings): Promise<People> =>
  openPeople({ settings, catalog: [], log, now: Date.now, traits: () => undefined });

const fill = async ({ directory, seal }: People, count = 20): Promise<void> => {
  const at = new Date().toISOString();
  for (let index = 0; index < count; index += 1) {
    const id = `c${index}`;
    await directory.write([
      {
        put: "connections",
        id,
        value: {
          platform: "forge",
          host: "forge.test",
          owner,
          kind: "token",
          name: id,
          settings: {},
          secrets: { token: seal.seal(`canary-${index}`, placeOf(id, owner, "token")) },
          active: true,
          createdBy: "p",
          createdAt: at,
        },
      },
      {
        put: "secrets",
        id,
        value: {
          owner,
          name: `N${index}`,
          description: "",
          value: seal.seal(`canary-secret-${index}`, secretPlace(id, owner)),
          createdAt: at,
          changedAt: at,
        },
      },
    ]);
  }
};

const valuesOf = ({ connections }: People): readonly string[] =>
  connections.list("forge").map((connection) => connections.secret(connection, "token") ?? "");

const everything = (path: string): string =>
  readdirSync(path)
    .map((name) => readFileSync(join(path, name), "latin1"))
    .join("\n");

describe("rotating keys", () => {
  it("seals everything with a new key and leaves the old one nowhere", async () => {
    const people = await open(settingsOf(folder));
    await fill(people);
    const marker = people.markerKey;
    await people.close();
    const before = loadKeys(settingsOf(folder)).active;
    const { createLowdbDirectory } = await import("@ask-openhands/bot/people/lowdb-directory.ts");
    const directory = await createLowdbDirectory({ folder, log });
    const rotation = await rotateKeys(settingsOf(folder), directory);
    expect(rotation).toMatchObject({ from: "file", old: [before.id] });
    expect(rotation.sealed).toBeGreaterThanOrEqual(40);
    expect(loadKeys(settingsOf(folder)).all.map(({ id }) => id)).toEqual([rotation.key]);
    expect(statSync(join(folder, "secret.key")).mode & 0o777).toBe(0o600);
    for (const name of ["directory.json", "directory.json.bak"])
      expect(readFileSync(join(folder, name), "utf8"), name).not.toContain(`v1.${before.id}.`);
    const again = await open(settingsOf(folder));
    expect(valuesOf(again)).toEqual(Array.from({ length: 20 }, (_, index) => `canary-${index}`));
    expect(Buffer.from(again.markerKey).equals(marker)).toBe(true);
    await again.close();
  });

  it("goes on after a crash at any point of it", async () => {
    const people = await open(settingsOf(folder));
    await fill(people);
    const { seal } = people;
    await people.close();
    const old = loadKeys(settingsOf(folder)).active;
    const key = newKey();
    // Both keys are on disk; half of the values were sealed again when it died.
    writeKeyFile(join(folder, "secret.key"), [key, old]);
    const file = join(folder, "directory.json");
    expect(readFileSync(file, "utf8")).toContain(`v1.${seal.activeKey}.`);
    const again = await open(settingsOf(folder));
    expect(valuesOf(again)).toContain("canary-7");
    expect(log.lines.some(({ message }) => message.includes("sealed again"))).toBe(true);
    await again.close();
    expect(readFileSync(file, "utf8")).not.toContain(`v1.${old.id}.`);
  });

  it("with SECRET_KEY takes the first for sealing, and reads with all while both are there", async () => {
    const [one, two] = [newKey(), newKey()].map((key) => Buffer.from(key.bytes).toString("base64"));
    const people = await open(settingsOf(folder, { SECRET_KEY: one ?? "" }));
    await fill(people, 3);
    await people.close();
    await expect(open(settingsOf(folder, { SECRET_KEY: two ?? "" }))).rejects.toThrow(
      /is sealed with key [0-9a-f]{8}, which is not among SECRET_KEY/,
    );
    const both = await open(settingsOf(folder, { SECRET_KEY: `${two},${one}` }));
    expect(valuesOf(both)).toEqual(["canary-0", "canary-1", "canary-2"]);
    await both.close();
    const last = await open(settingsOf(folder, { SECRET_KEY: two ?? "" }));
    expect(valuesOf(last)).toEqual(["canary-0", "canary-1", "canary-2"]);
    await last.close();
  });

  it("re-seals ten thousand tokens within seconds", { timeout: 30_000 }, async () => {
    const people = await open(settingsOf(folder));
    const { directory, seal } = people;
    const at = new Date().toISOString();
    await directory.write(
      Array.from(
        { length: 10_000 },
        (_, index) =>
          ({
            put: "secrets",
            id: `s${index}`,
            value: {
              owner,
              name: `N${index}`,
              description: "",
              value: seal.seal(`v${index}`, secretPlace(`s${index}`, owner)),
              createdAt: at,
              changedAt: at,
            },
          }) as const,
      ),
    );
    await people.close();
    const { createLowdbDirectory } = await import("@ask-openhands/bot/people/lowdb-directory.ts");
    const begun = performance.now();
    const reopened = await createLowdbDirectory({ folder, log });
    expect((await rotateKeys(settingsOf(folder), reopened)).sealed).toBeGreaterThanOrEqual(10_000);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe("keys:rotate", () => {
  const program = fileURLToPath(new URL("../../bot/src/cli/keys-rotate.ts", import.meta.url));
  const run = (environment: Record<string, string>) =>
    spawnSync(process.execPath, [program], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"] ?? "", DATA_DIR: folder, ...environment },
    });

  it("says what it did, or what to do, in one sentence and without a key", async () => {
    expect(run({})).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^There is no key file .* yet; the first start of the bot makes it\.\n$/),
    });
    const people = await open(settingsOf(folder));
    await people.close();
    const done = run({});
    expect(done).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /^\d+ values are sealed with the key [0-9a-f]{8} now\. The old key was removed/,
      ),
    });
    expect(done.stdout).not.toContain(readFileSync(join(folder, "secret.key"), "utf8").trim());
    const one = Buffer.from(newKey().bytes).toString("base64");
    expect(run({ SECRET_KEY: one })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("holds one key only"),
    });
    expect(run({ SECRET_KEY: "short" })).toMatchObject({
      status: 78,
      stderr: expect.stringContaining("SECRET_KEY is shorter"),
    });
  });

  it("waits for no running bot: it says who has the folder", async () => {
    const { lockFolder } = await import("@ask-openhands/bot/store/folder-lock.ts");
    const lock = lockFolder(folder);
    expect(run({})).toMatchObject({ status: 1, stderr: expect.stringContaining("is in use by process") });
    lock.release();
  });
});

describe("backup and restore", () => {
  it("of the data folder brings everything back, and without its key says so", async () => {
    const people = await open(settingsOf(folder));
    await fill(people, 3);
    await people.audit.append({ action: "test.done", workspace: "main" });
    // While it runs: every file is whole at every moment.
    const copy = mkdtempSync(join(tmpdir(), "restored-"));
    cpSync(folder, copy, { recursive: true });
    await people.close();
    const restored = await open(settingsOf(copy));
    expect(valuesOf(restored)).toEqual(["canary-0", "canary-1", "canary-2"]);
    expect(restored.audit.read({ fits: () => true, limit: 9 })).toHaveLength(1);
    expect(restored.audit.brokenAt).toBeUndefined();
    await restored.close();
    expect(everything(copy)).not.toContain("canary");
    rmSync(join(copy, "secret.key"));
    await expect(open(settingsOf(copy))).rejects.toThrow("Restore the key file, or set SECRET_KEY.");
    writeFileSync(join(copy, "secret.key"), Buffer.from(newKey().bytes).toString("base64"), { mode: 0o600 });
    await expect(open(settingsOf(copy))).rejects.toThrow("which is not among SECRET_KEY or the key file");
    rmSync(copy, { recursive: true });
  });
});
