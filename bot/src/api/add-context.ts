import type { Body } from "@ask-openhands/core/api/types.ts";
import { removeHidden } from "@ask-openhands/core/prompt/hidden-text.ts";

type Context = NonNullable<Body<"ask">["context"]>[number];

const names = {
  selection: "Selected text",
  lines: "Selected lines",
  job: "Failed job",
  file: "File",
} as const;

/** Title and address are the page's words, too: outside of the fence an option or a command in a job's name would count as the asker's. */
const wordsOf = ({ title, url, text }: Context): string =>
  [title, url, text].filter((part) => part !== undefined && part !== "").join("\n");

/** Every quote in a fence that no line of any of them can close, also when the end of one and the start of another are taken out together. */
const quote = (context: readonly Context[], clean: (words: string) => string): string => {
  const all = context.map((one) => ({ name: names[one.kind], words: clean(wordsOf(one)) }));
  const runs = all.flatMap(({ words }) => [...words.matchAll(/`+/g)].map(([run]) => run.length + 1));
  const fence = "`".repeat(Math.max(3, ...runs));
  return all
    .map(({ name, words }) => (words === "" ? name : `${name}:\n${fence}\n${words}\n${fence}`))
    .join("\n\n");
};

/**
 * The ask with what the page attached below it, as quoted material and not as words of the person. The prompt takes out of a request what no reader
 * sees: that is done here first, as a comment between backticks would join them to the end of the fence. Where markup still spans a fence, every mark
 * that could begin some goes.
 */
export const addContext = (text: string, context: readonly Context[]): string => {
  if (context.length === 0) return text;
  const shown = (words: string): string => removeHidden(words).text;
  const quoted = quote(context, shown);
  const whole = `${text}\n\n${quoted}`;
  if (shown(whole).endsWith(quoted)) return whole;
  const plain = (words: string): string => shown(words).replace(/[<&[]/g, "");
  return `${plain(text)}\n\n${quote(context, plain)}`;
};
