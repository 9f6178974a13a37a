import { availableParallelism, cpus, release, totalmem } from "node:os";
import type { Figure, Section } from "./figures.ts";

export const describeMachine = (): string =>
  `${availableParallelism()} × ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}, Node ${process.version}`;

const marks = { true: "✓", false: "✗", undefined: " " } as const;

const lineOf = ({ name, value, unit, ofBare, target, met, note }: Figure): string =>
  [
    `  ${marks[String(met) as keyof typeof marks]} ${name.padEnd(44)} ${String(value).padStart(9)} ${unit}`,
    ofBare === undefined ? "" : `${ofBare} of bare`,
    target === undefined ? "" : `target ${target}`,
    note ?? "",
  ]
    .filter(Boolean)
    .join("  ·  ");

export const printSection = ({ title, how, figures }: Section): void => {
  console.log(`\n${title}\n${how}\n`);
  for (const figure of figures) console.log(lineOf(figure));
};
