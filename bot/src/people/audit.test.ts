import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Log } from "../log.ts";
import { createFileAudit, findBreak } from "./audit.ts";

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => log,
};
const key = new Uint8Array(32).fill(3);
const open = (folder: string) => createFileAudit({ folder, key, log, now: () => 0 });
const newFolder = (): string => mkdtempSync(join(tmpdir(), "audit-"));
const linesOf = (folder: string): string[] =>
  readFileSync(join(folder, "audit.jsonl"), "utf8").trimEnd().split("\n");

const filled = async (count: number): Promise<string> => {
  const folder = newFolder();
  const audit = await open(folder);
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      audit.append({ action: "test.done", workspace: "main", person: "p1", detail: `number ${index}` }),
    ),
  );
  await audit.close();
  return folder;
};

describe("createFileAudit", () => {
  it("reads newest first, page by page, over a restart", async () => {
    const folder = await filled(5);
    const audit = await open(folder);
    expect(audit.brokenAt).toBeUndefined();
    const all = { fits: () => true };
    expect(audit.read({ ...all, limit: 2 }).map(({ seq }) => seq)).toEqual([5, 4]);
    expect(audit.read({ ...all, before: 4, limit: 9 }).map(({ seq }) => seq)).toEqual([3, 2, 1]);
    await audit.append({ action: "test.more" });
    expect(audit.read({ ...all, limit: 1 })[0]).toMatchObject({
      seq: 6,
      action: "test.more",
      at: "1970-01-01T00:00:00.000Z",
    });
    await audit.close();
    expect(statSync(join(folder, "audit.jsonl")).mode & 0o777).toBe(0o600);
  });

  it("finds a changed, removed, swapped or invented line among a thousand", async () => {
    const folder = await filled(1_000);
    const lines = linesOf(folder);
    expect(findBreak(lines, key)).toBeUndefined();
    for (const at of [0, 1, 499, 998]) {
      expect(findBreak(lines.with(at, (lines[at] ?? "").replace("number", "Number")), key)).toBe(at + 1);
      expect(findBreak(lines.toSpliced(at, 1), key)).toBe(at + 1);
      expect(findBreak(lines.toSpliced(at, 2, lines[at + 1] ?? "", lines[at] ?? ""), key)).toBe(at + 1);
    }
    expect(findBreak(lines, new Uint8Array(32))).toBe(1);
  });

  it("finds that the end was cut off", async () => {
    const folder = await filled(10);
    writeFileSync(join(folder, "audit.jsonl"), `${linesOf(folder).slice(0, 7).join("\n")}\n`);
    const audit = await open(folder);
    await audit.close();
    expect(audit.brokenAt).toBe(8);
  });

  it("drops the half line of a crash and goes on", async () => {
    const folder = await filled(3);
    appendFileSync(join(folder, "audit.jsonl"), '{"seq":4,"act');
    const audit = await open(folder);
    expect(audit.brokenAt).toBeUndefined();
    await audit.append({ action: "test.after" });
    await audit.close();
    expect(findBreak(linesOf(folder), key)).toBeUndefined();
    expect(linesOf(folder)).toHaveLength(4);
  });
});
