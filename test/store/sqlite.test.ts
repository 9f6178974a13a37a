import { fork } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createSqliteStore } from "@ask-openhands/bot/store/sqlite.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeMention, makePlace } from "../support/make-mention.ts";

describe("the data folder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ask-openhands-folder-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const refusal = async (): Promise<Failure> => {
    try {
      await (await createSqliteStore({ folder })).close();
    } catch (cause) {
      if (cause instanceof Failure) return cause;
      throw cause;
    }
    throw new Error("it was opened");
  };

  it("belongs to one process: a second stops within a second and names the first; after kill -9 the next starts at once", async () => {
    const first = fork(join(import.meta.dirname, "holder.ts"), [folder], {
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    await once(first, "message");
    const asked = Date.now();
    const { kind, hint } = await refusal();
    expect(Date.now() - asked).toBeLessThan(1_000);
    expect([kind, hint]).toEqual([
      "bad-settings",
      expect.stringContaining(`process ${first.pid}, running since`),
    ]);
    const gone = once(first, "exit");
    first.kill("SIGKILL");
    await gone;
    const again = Date.now();
    await (await createSqliteStore({ folder })).close();
    expect(Date.now() - again).toBeLessThan(1_000);
  });

  it("can be read by its owner only", async () => {
    const store = await createSqliteStore({ folder });
    await store.accept(makeMention(1));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const file of await readdir(folder))
      expect([file, (await stat(join(folder, file))).mode & 0o077]).toEqual([file, 0]);
    await store.close();
  });

  it("of a newer release is refused with what to do, and stays as it is", async () => {
    await (await createSqliteStore({ folder })).close();
    const db = new DatabaseSync(join(folder, "work.sqlite"));
    db.exec("PRAGMA user_version = 999");
    db.close();
    expect((await refusal()).hint).toMatch(/newer release/);
    const after = new DatabaseSync(join(folder, "work.sqlite"));
    expect(after.prepare("PRAGMA user_version").get()).toEqual({ user_version: 999 });
    after.close();
  });

  it("with a file that is no database is refused with the file's name", async () => {
    await writeFile(
      join(folder, "work.sqlite"),
      "this is not a database, but long enough to have a header".repeat(20),
    );
    expect((await refusal()).hint).toContain(join(folder, "work.sqlite"));
  });

  it("keeps everything that was accepted when the process ends without closing it", async () => {
    const store = await createSqliteStore({ folder });
    await Promise.all(
      Array.from({ length: 200 }, (_, id) => store.accept(makeMention(id, { place: makePlace(id % 7) }))),
    );
    // A copy of the files as they are is what a killed process leaves.
    const copy = await mkdtemp(join(tmpdir(), "ask-openhands-copy-"));
    for (const file of ["work.sqlite", "work.sqlite-wal"]) await cp(join(folder, file), join(copy, file));
    await store.close();
    const found = await createSqliteStore({ folder: copy });
    expect((await found.counts()).unread).toBe(200);
    await found.close();
    await rm(copy, { recursive: true, force: true });
  });

  it("answers what it was asked before it closes, and fails what comes after", async () => {
    const store = await createSqliteStore({ folder });
    const asked = Array.from({ length: 50 }, (_, id) => store.accept(makeMention(id)));
    const closed = store.close();
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 50 }, () => "new"));
    await closed;
    await expect(store.accept(makeMention(99))).rejects.toBeInstanceOf(Failure);
  });

  it("costs no more with 20,000 stored mentions than with 200", async () => {
    const store = await createSqliteStore({ folder });
    const fill = async (from: number, count: number): Promise<number> => {
      const startedAt = performance.now();
      for (let at = from; at < from + count; at += 200) {
        await Promise.all(
          Array.from({ length: 200 }, (_, id) =>
            store.accept(makeMention(at + id, { place: makePlace((at + id) % 997) })),
          ),
        );
      }
      return performance.now() - startedAt;
    };
    await fill(0, 2_000);
    const early = await fill(2_000, 2_000);
    await fill(4_000, 14_000);
    const late = await fill(18_000, 2_000);
    expect(late).toBeLessThan(early * 4 + 200);
    await store.close();
  });
});
