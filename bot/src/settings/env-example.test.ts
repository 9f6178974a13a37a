import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { expect, it } from "vitest";
import { readSettings } from "../settings.ts";
import { renderEnvExample } from "./env-example.ts";

const file = fileURLToPath(new URL("../../../.env.example", import.meta.url));

it(".env.example is what `npx pnpm@12 -s env:example` prints", () => {
  expect(readFileSync(file, "utf8")).toBe(renderEnvExample(catalog));
});

it(".env.example names every variable once and sets none", () => {
  const lines = renderEnvExample(catalog).split("\n");
  const names = lines.flatMap((line) => /^#([A-Z][A-Z0-9_]*)=/.exec(line)?.[1] ?? []);
  expect(new Set(names).size).toBe(names.length);
  for (const kind of catalog)
    for (const field of kind.fields) if (field.env !== undefined) expect(names).toContain(field.env);
  expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
});

it("every fallback of the catalogs is a value that its own setting accepts", () => {
  const set = renderEnvExample(catalog)
    .split("\n")
    .flatMap((line) => /^#((?!DATABASE_URL|.*EXAMPLE)[A-Z_0-9]+)=(.+)$/.exec(line)?.slice(1, 3) ?? []);
  const pairs = set.flatMap((name, index) =>
    index % 2 === 0 ? [[name, set[index + 1] ?? ""] as const] : [],
  );
  const botOnly = readSettings(
    Object.fromEntries(
      pairs.filter(([name]) => !catalog.some((kind) => kind.fields.some((field) => field.env === name))),
    ),
    [],
  );
  expect(botOnly).toHaveProperty("settings");
});
