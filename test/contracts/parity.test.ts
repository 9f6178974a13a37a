import { readFileSync, writeFileSync } from "node:fs";
import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import { expect, it } from "vitest";
import { parityTable } from "./parity-table.ts";
import type { PlatformSubject } from "./platform-subject.ts";

const readme = new URL("../../README.md", import.meta.url);
const begin = "<!-- parity table: made by test/contracts/parity.test.ts -->";
const end = "<!-- end of the parity table -->";

const subjects = await Promise.all(
  platforms.map(async ({ id }) => {
    const { subject } = (await import(new URL(`./subjects/${id}.ts`, import.meta.url).href)) as {
      readonly subject: PlatformSubject;
    };
    return subject;
  }),
);

// `UPDATE_README=1` writes the table instead of comparing it.
it("README shows the parity table as the contract suite knows it", () => {
  const table = parityTable(subjects);
  process.stdout.write(`${table}\n`);
  const text = readFileSync(readme, "utf8");
  const [before = "", rest = ""] = text.split(begin);
  const after = rest.split(end)[1] ?? "";
  const expected = `${before}${begin}\n\n${table}\n\n${end}${after}`;
  if (process.env["UPDATE_README"] === "1") writeFileSync(readme, expected);
  else expect(text).toBe(expected);
});
