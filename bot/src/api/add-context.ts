import type { Body } from "@ask-openhands/core/api/types.ts";

type Context = NonNullable<Body<"ask">["context"]>[number];

const names = {
  selection: "Selected text",
  lines: "Selected lines",
  job: "Failed job",
  file: "File",
} as const;

/** A fence that no line of the text can close. */
const fenceFor = (text: string): string =>
  "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));

/** Title and address are the page's words, too: outside of the fence an option or a command in a job's name would count as the asker's. */
const describe = ({ kind, title, url, text }: Context): string => {
  const words = [title, url, text].filter((part) => part !== undefined && part !== "").join("\n");
  const fence = fenceFor(words);
  return words === "" ? names[kind] : `${names[kind]}:\n${fence}\n${words}\n${fence}`;
};

/** The ask with what the page attached below it, as quoted material and not as words of the person. */
export const addContext = (text: string, context: readonly Context[]): string =>
  [text, ...context.map(describe)].join("\n\n");
