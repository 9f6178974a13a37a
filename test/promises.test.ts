import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");

const rows = read("docs/promises.md")
  .split("\n")
  .filter((line) => /^\| [SR]\d\d \|/.test(line))
  .map((line) => {
    const [, id = "", , state = "", tests = "", note = ""] = line.split("|").map((cell) => cell.trim());
    const named = [...tests.matchAll(/`([^`]+)`: “([^”]+)”/g)].map(([, path = "", title = ""]) => ({
      path,
      title,
    }));
    return { id, state, named, note };
  });

const numbered = (letter: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${letter}${String(at + 1).padStart(2, "0")}`);

describe("docs/promises.md", () => {
  it("has every statement once", () => {
    expect(rows.map(({ id }) => id)).toEqual([...numbered("S", 53), ...numbered("R", 30)]);
  });

  it("counts them as they are", () => {
    const count = (wanted: string): number => rows.filter(({ state }) => state === wanted).length;
    expect(read("docs/promises.md")).toContain(
      `Kept ${count("kept")}, partly ${count("partly")}, not kept ${count("not kept")}.`,
    );
  });

  it.each(rows)("$id names tests that exist, or says why it is not kept", ({ state, named, note }) => {
    expect(["kept", "partly", "not kept"]).toContain(state);
    if (state === "kept") expect(named.length).toBeGreaterThan(0);
    else expect(note.length).toBeGreaterThan(10);
    for (const { path, title } of named) {
      expect(existsSync(`${root}${path}`), path).toBe(true);
      expect(read(path), `${path} has a test “${title}”`).toContain(title);
    }
  });
});
