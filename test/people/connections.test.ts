import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placeOf } from "@ask-openhands/bot/people/connection-record.ts";
import { type ConnectionBook, createConnections } from "@ask-openhands/bot/people/create-connections.ts";
import type { Directory } from "@ask-openhands/bot/people/directory.ts";
import { newKey } from "@ask-openhands/bot/people/keys.ts";
import { createLowdbDirectory } from "@ask-openhands/bot/people/lowdb-directory.ts";
import type { ConnectionRecord } from "@ask-openhands/bot/people/records.ts";
import { createSeal } from "@ask-openhands/bot/people/seal.ts";
import type { FixedConnection } from "@ask-openhands/bot/settings/environment-connections.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKeptLog } from "../support/silent-log.ts";

const key = newKey();
const seal = createSeal({ active: key, all: [key] });
const owner = { kind: "workspace", id: "main" } as const;
const log = createKeptLog();
let folder: string;
let directory: Directory;
let book: ConnectionBook;
let clock: number;

const fixed: FixedConnection = {
  connection: {
    id: "env-forge-token",
    platform: "forge",
    host: "env.test",
    owner,
    kind: "token",
    name: "Env",
    settings: { color: "red" },
    secretNames: ["token"],
    active: true,
    fixed: true,
    createdAt: "2026-01-01T00:00:00.000Z",
  },
  secrets: { token: "from-environment" },
};

const record = (id: string, part: Partial<ConnectionRecord> = {}): ConnectionRecord => ({
  platform: "forge",
  host: "forge.test",
  owner,
  kind: "token",
  name: id,
  settings: {},
  secrets: { token: seal.seal(`token-of-${id}`, placeOf(id, part.owner ?? owner, "token")) },
  active: true,
  createdBy: "p",
  createdAt: "2026-01-01T00:00:00.000Z",
  ...part,
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "connections-"));
  directory = await createLowdbDirectory({ folder, log });
  clock = Date.parse("2026-03-01T00:00:00.000Z");
  book = createConnections({ directory, seal, fixed: [fixed], log, now: () => clock, noteEvery: 10 });
  await directory.write([
    { put: "connections", id: "c1", value: record("c1") },
    { put: "connections", id: "c2", value: record("c2", { active: false }) },
    { put: "connections", id: "mine", value: record("mine", { owner: { kind: "person", id: "p-ada" } }) },
  ]);
});
afterEach(async () => {
  await book.close();
  await directory.close();
  rmSync(folder, { recursive: true, force: true });
});

const find = (id: string) => book.get(id) ?? expect.fail(`no connection ${id}`);

describe("connections", () => {
  it("are listed when active, those of the environment first, and never hold a value", () => {
    expect(book.list("forge").map(({ id }) => id)).toEqual(["env-forge-token", "c1", "mine"]);
    expect(book.list("other")).toEqual([]);
    expect(JSON.stringify(book.all())).not.toMatch(/token-of|from-environment/);
    expect(book.secret(find("c1"), "token")).toBe("token-of-c1");
    expect(book.secret(find("env-forge-token"), "token")).toBe("from-environment");
    expect(book.secret(find("c1"), "webhookSecret")).toBeUndefined();
  });

  it("of a person are found by person, platform and host", () => {
    expect(book.ofPerson("p-ada", "forge", "forge.test").map(({ id }) => id)).toEqual(["mine"]);
    expect(book.ofPerson("p-ada", "forge", "env.test")).toEqual([]);
    expect(book.ofPerson("p-bob", "forge", "forge.test")).toEqual([]);
  });

  it("keep what a platform renews, sealed, also beside the environment, whose own values win", async () => {
    await Promise.all([
      book.renew("c1", { secrets: { token: "newer" } }),
      book.renew("c1", { settings: { expiresAt: "soon" } }),
    ]);
    expect(book.secret(find("c1"), "token")).toBe("newer");
    expect(find("c1").settings).toEqual({ expiresAt: "soon" });
    await book.renew("env-forge-token", {
      secrets: { token: "ignored", webhookSecret: "made-by-us" },
      settings: { color: "blue", hook: "7" },
    });
    expect(find("env-forge-token")).toMatchObject({
      settings: { color: "red", hook: "7" },
      secretNames: ["token", "webhookSecret"],
      fixed: true,
    });
    expect(book.secret(find("env-forge-token"), "token")).toBe("from-environment");
    expect(book.secret(find("env-forge-token"), "webhookSecret")).toBe("made-by-us");
    expect(book.all().map(({ id }) => id)).toEqual(["env-forge-token", "c1", "c2", "mine"]);
    expect(JSON.stringify(directory.list("connections"))).not.toMatch(/newer|made-by-us/);
    await expect(book.renew("gone", {})).rejects.toMatchObject({ kind: "bad-settings" });
  });

  it("note use and trouble soon, and write them later", async () => {
    book.note("c1", { used: true });
    book.note("c1", { problem: "It was refused.", cure: "Make a new token." });
    await book.setStatus("mine", {
      ok: true,
      tokenKind: "token",
      scopes: [],
      checkedAt: "2026-03-01T00:00:00.000Z",
    });
    book.note("mine", { problem: "It was refused." });
    expect(find("c1").lastUsedAt).toBe("2026-03-01T00:00:00.000Z");
    expect(find("mine").status?.problem).toBe("It was refused.");
    expect(directory.get("connections", "c1")?.value.lastUsedAt).toBeUndefined();
    await book.close();
    expect(directory.get("connections", "c1")?.value.lastUsedAt).toBe("2026-03-01T00:00:00.000Z");
    expect(directory.get("connections", "mine")?.value.status?.problem).toBe("It was refused.");
  });

  it("are used when a secret is read to ask with, not when a delivery is checked, and a check does not forget it", async () => {
    book.secret(find("c1"), "webhookSecret");
    expect(find("c1").lastUsedAt).toBeUndefined();
    book.secret(find("c1"), "token");
    const usedAt = new Date(clock).toISOString();
    expect(find("c1").lastUsedAt).toBe(usedAt);
    await book.setStatus("c1", { ok: true, tokenKind: "token", scopes: [], checkedAt: usedAt });
    expect(find("c1")).toMatchObject({ lastUsedAt: usedAt, status: { ok: true } });
    await book.close();
    expect(directory.get("connections", "c1")?.value.lastUsedAt).toBe(usedAt);
  });

  it("keep what a person changes while a note of use is written", async () => {
    book.note("c1", { used: true });
    const stored = directory.get("connections", "c1") ?? expect.fail("no connection");
    await Promise.all([
      directory.write([{ put: "connections", id: "c1", value: { ...stored.value, active: false } }]),
      book.close(),
    ]);
    const { value } = directory.get("connections", "c1") ?? expect.fail("no connection");
    expect(value).toMatchObject({ active: false, lastUsedAt: new Date(clock).toISOString() });
  });

  it("call back on real changes of their platform, not on notes", async () => {
    let calls = 0;
    const stop = book.watch("forge", () => {
      calls += 1;
    });
    await book.setStatus("c1", {
      ok: true,
      tokenKind: "token",
      scopes: [],
      checkedAt: "2026-03-01T00:00:00.000Z",
    });
    book.note("c1", { used: true });
    await book.close();
    expect(calls).toBe(0);
    await book.renew("c1", { secrets: { token: "newer" } });
    await directory.write([{ remove: "connections", id: "c1" }]);
    await directory.write([{ put: "connections", id: "c3", value: record("c3") }]);
    await directory.write([{ put: "connections", id: "c4", value: record("c4", { platform: "other" }) }]);
    expect(calls).toBe(3);
    stop();
    await directory.write([{ remove: "connections", id: "c3" }]);
    expect(calls).toBe(3);
  });

  it("can be looked at before they are stored, with what is renewed meanwhile", async () => {
    const draft = {
      connection: { ...find("c1"), id: "draft", settings: { a: "1" } },
      secrets: { webhookSecret: "typed" },
      removed: ["old"],
      base: "c1",
      ca: "PEM",
    };
    const done = await book.withDraft(draft, async () => {
      expect(book.list("forge").map(({ id }) => id)).not.toContain("draft");
      expect(book.secret(find("draft"), "token")).toBe("token-of-c1");
      expect(book.secret(find("draft"), "webhookSecret")).toBe("typed");
      expect(book.caOf("forge.test")).toBe("PEM");
      await book.renew("draft", { secrets: { token: "renewed" } });
      return book.secret(find("draft"), "token");
    });
    expect(done.result).toBe("renewed");
    expect(done.draft.secrets).toEqual({ webhookSecret: "typed", token: "renewed" });
    expect(book.get("draft")).toBeUndefined();
    expect(book.secret(find("c1"), "token")).toBe("token-of-c1");
    await expect(book.withDraft(draft, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(book.get("draft")).toBeUndefined();
  });

  it("have a private authority for their own host only", async () => {
    await directory.write([
      {
        put: "connections",
        id: "c4",
        value: record("c4", { host: "git.test:8443", ca: "OLD", active: false }),
      },
      { put: "connections", id: "c5", value: record("c5", { host: "git.test:8443/ctx", ca: "PEM" }) },
    ]);
    expect(book.caOf("git.test:8443")).toBe("PEM");
    await directory.write([
      { put: "connections", id: "c6", value: record("c6", { host: "git.test:8443", ca: "OTHER" }) },
      { put: "connections", id: "c7", value: record("c7", { host: "git.test:8443", ca: "PEM" }) },
    ]);
    expect(book.caOf("git.test:8443")).toBe("PEM\nOTHER");
    for (const host of ["git.test", "git.test:8443.evil.test", "evil.test"])
      expect(book.caOf(host)).toBeUndefined();
  });

  it("that cannot be opened do not stop the redaction of the others", async () => {
    const stranger = newKey();
    const other = createSeal({ active: stranger, all: [stranger] });
    await directory.write([
      {
        put: "connections",
        id: "c6",
        value: record("c6", { secrets: { token: other.seal("x", placeOf("c6", owner, "token")) } }),
      },
    ]);
    expect(book.secretValues()).toContain("token-of-c1");
    expect(() => book.secret(find("c6"), "token")).toThrow("is sealed with key");
  });
});
