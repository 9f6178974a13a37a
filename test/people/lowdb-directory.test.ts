import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "@ask-openhands/bot/log.ts";
import { createLowdbDirectory } from "@ask-openhands/bot/people/lowdb-directory.ts";
import { describe, expect, it } from "vitest";
import { describeDirectory } from "../contracts/directory.ts";

const lines: string[] = [];
const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_fields, message) => lines.push(message),
  error: (_fields, message) => lines.push(message),
  child: () => log,
};

const newFolder = (): string => join(mkdtempSync(join(tmpdir(), "directory-")), "data");
const person = (name: string) => ({ name, createdAt: "2026-01-01T00:00:00.000Z" });

describeDirectory("lowdb", async () => {
  const folder = newFolder();
  return {
    open: () => createLowdbDirectory({ folder, log }),
    end: async () => rmSync(folder, { recursive: true, force: true }),
  };
});

describe("the file behind the lowdb directory", () => {
  it("is readable by its owner only, in a folder of its owner only, whatever the umask", async () => {
    const folder = newFolder();
    const before = process.umask(0);
    const directory = await createLowdbDirectory({ folder, log });
    for (const name of ["a", "b"]) await directory.write([{ put: "people", id: name, value: person(name) }]);
    process.umask(before);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
  });

  it("is on disk when a write resolves, with the state before beside it", async () => {
    const folder = newFolder();
    const directory = await createLowdbDirectory({ folder, log });
    await directory.write([{ put: "people", id: "a", value: person("one") }]);
    await directory.write([{ put: "people", id: "a", value: person("two") }]);
    expect(readFileSync(join(folder, "directory.json"), "utf8")).toContain('"two"');
    expect(readFileSync(join(folder, "directory.json.bak"), "utf8")).toContain('"one"');
  });

  it("opens with the copy when the file is cut, empty or gone, and says so", async () => {
    for (const damage of [
      (path: string) => truncateSync(path, 40),
      (path: string) => truncateSync(path, 0),
      (path: string) => rmSync(path),
    ]) {
      const folder = newFolder();
      const directory = await createLowdbDirectory({ folder, log });
      await directory.write([{ put: "people", id: "a", value: person("one") }]);
      await directory.write([{ put: "people", id: "b", value: person("two") }]);
      await directory.close();
      damage(join(folder, "directory.json"));
      lines.length = 0;
      const reopened = await createLowdbDirectory({ folder, log });
      expect(reopened.list("people").map(({ id }) => id)).toEqual(["a"]);
      expect(lines.at(-1)).toContain("copy of its last good state");
    }
  });

  it("refuses to start over two damaged files instead of beginning anew", async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "directory.json"), "{");
    writeFileSync(join(folder, "directory.json.bak"), '{"format":2}');
    await expect(createLowdbDirectory({ folder, log })).rejects.toThrow(
      "Restore the data folder from a backup.",
    );
  });

  it("takes every change back and says so when it cannot be written", async () => {
    const folder = newFolder();
    const directory = await createLowdbDirectory({ folder, log });
    await directory.write([{ put: "people", id: "a", value: person("one") }]);
    // A folder in the way of the new file: works for root too, whom permissions do not stop.
    mkdirSync(join(folder, "directory.json.tmp", "in-the-way"), { recursive: true });
    const writes = [
      directory.write([{ put: "people", id: "a", value: person("two") }]),
      directory.write([{ put: "people", id: "b", value: person("three") }]),
    ];
    for (const write of writes) await expect(write).rejects.toMatchObject({ kind: "unavailable" });
    expect(directory.list("people").map(({ id, value }) => [id, value.name])).toEqual([["a", "one"]]);
    rmSync(join(folder, "directory.json.tmp"), { recursive: true });
    expect(await directory.write([{ put: "people", id: "a", value: person("four") }])).toBe("stored");
    expect((await createLowdbDirectory({ folder, log })).get("people", "a")?.value.name).toBe("four");
  });

  it("leaves no temporary file behind", async () => {
    const folder = newFolder();
    const directory = await createLowdbDirectory({ folder, log });
    await directory.write([{ put: "people", id: "a", value: person("one") }]);
    expect(existsSync(join(folder, "directory.json.tmp"))).toBe(false);
    chmodSync(folder, 0o700);
  });
});
