import { quietDeps } from "@ask-openhands/bot/cli/quiet-deps.ts";
import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import type { Platform } from "@ask-openhands/bot/platforms/platform.ts";
import { type PlatformSubject, platformFeatures } from "./platform-subject.ts";

const quiet = quietDeps({ handles: ["@openhands"], labels: ["openhands"], defaultRepositories: [] });

const nameOf = (id: string): string => {
  const found: Platform | undefined = platforms.find((one) => one.id === id)?.create(quiet);
  return found?.name ?? id;
};

const sentenceOf = (limit: string): string =>
  `${limit.slice(0, 1).toUpperCase()}${limit.slice(1).replace(/\.$/, "")}.`;

/** Features by platforms, as the contract suite proves them: a cell is `✓`, or the number of the limit that is named below the table. */
export const parityTable = (subjects: readonly PlatformSubject[]): string => {
  const limits: string[] = [];
  const cell = (subject: PlatformSubject, feature: (typeof platformFeatures)[number]): string => {
    const limit = subject.limits[feature];
    if (limit === undefined) return "✓";
    const text = sentenceOf(limit);
    if (!limits.includes(text)) limits.push(text);
    return `– <sup>${limits.indexOf(text) + 1}</sup>`;
  };
  const head = ["", ...subjects.map((subject) => nameOf(subject.id))];
  const rows = platformFeatures.map((feature) => [
    feature,
    ...subjects.map((subject) => cell(subject, feature)),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    line(head.map((_, at) => (at === 0 ? "---" : ":-:"))),
    ...rows.map(line),
    "",
    ...limits.map((limit, at) => `${at + 1}. ${limit}`),
  ].join("\n");
};
