import type { Author, Choices, Mention, MentionWay } from "../work/mention.ts";
import { type CommandName, findCommand, findNew } from "./commands.ts";
import { handleSpans, mayName } from "./handle-spans.ts";
import { findOptions } from "./options.ts";
import { blankOut, type Span } from "./spans.ts";
import { visibleText } from "./visible-text.ts";

export type Trigger =
  | {
      readonly kind: "ask";
      /** What is asked for, without handle, options and command words; empty when only the handle, a label or an assignment asks. */
      readonly request: string;
      readonly options: Choices;
      /** True for `new …`: a fresh conversation. */
      readonly fresh: boolean;
      /** A sentence about an option that is not accepted: the ask must be answered with it instead of being run. */
      readonly refused?: string | undefined;
    }
  | {
      readonly kind: "command";
      readonly name: CommandName;
      readonly options: Choices;
    }
  | { readonly kind: "none"; readonly why: string };

const needsHandle: ReadonlySet<MentionWay> = new Set<MentionWay>([
  "comment",
  "inline",
  "review",
  "description",
]);
/** The text beside a label or an assignment may be somebody else's (the description), so it is no request and carries no options. */
const withoutWords: ReadonlySet<MentionWay> = new Set<MentionWay>(["label", "assignment"]);
/** A person who chose a button or a command meant us, whatever the text begins with. */
const mayBeForHumans: ReadonlySet<MentionWay> = new Set<MentionWay>([
  "comment",
  "inline",
  "review",
  "description",
  "direct",
]);
const forHumans = /^[ \t\ufeff]*(?:\/\/|\[note\])/i;

/** `text` without the spans; the white space around a cut shrinks to one space, and punctuation that addressed us goes with it. */
const cutOut = (text: string, spans: readonly Span[]): string => {
  const ordered = [...spans].sort((a, b) => a.from - b.from);
  const parts: string[] = [];
  let done = 0;
  for (const span of ordered) {
    if (span.from < done) continue;
    parts.push(text.slice(done, span.from));
    done = span.to;
    const before = text[span.from - 1] ?? "\n";
    if (/\s/.test(before)) {
      while (/[,:;]/.test(text[done] ?? "")) done += 1;
      while (/[ \t]/.test(text[done] ?? "")) done += 1;
    }
  }
  parts.push(text.slice(done));
  return parts.join("").trim();
};

const chosenOver = (written: Choices, chosen: Choices | undefined): Choices => ({
  ...written,
  ...Object.fromEntries(
    Object.entries(chosen ?? {}).filter(([, value]) => value !== undefined && value !== ""),
  ),
});

const notNamed = "The visible text does not have the handle.";
const namedUnseen = "The handle stands only in a quote, code, a comment or a link.";

/** The text that counts and where we are named in it, or why the mention asks nothing. */
const read = (
  { text, way, author }: Pick<Mention, "text" | "way"> & { readonly author: Pick<Author, "kind"> },
  handles: readonly string[],
): { readonly visible: string; readonly named: readonly Span[] } | { readonly why: string } => {
  if (author.kind === "self") return { why: "It is our own post." };
  if (withoutWords.has(way)) return { visible: "", named: [] };
  if (mayBeForHumans.has(way) && forHumans.test(text))
    return { why: "The first line begins with // or [note]: it is for humans." };
  // What is not written at all need not be looked for in what can be seen.
  if (needsHandle.has(way) && !mayName(text, handles)) return { why: notNamed };
  const visible = visibleText(text);
  const named = handleSpans(visible, handles);
  if (named.length === 0 && needsHandle.has(way))
    return { why: handleSpans(text, handles).length > 0 ? namedUnseen : notNamed };
  return { visible, named };
};

/** Why a mention asks nothing: `findTrigger` says "none" for it. `undefined` when it asks. */
export const whyNoTrigger = (mention: Mention, handles: readonly string[]): string | undefined => {
  const reading = read(mention, handles);
  return "why" in reading ? reading.why : undefined;
};

/** Whether what somebody wrote calls us at all. */
export const callsUs = (text: string, handles: readonly string[]): boolean =>
  "named" in read({ text, way: "comment", author: { kind: "person" } }, handles);

/** What a mention means. Pure, linear in the length of the text. Deleted mentions are judged like new ones: what a deletion does is the store's business. */
export const findTrigger = (mention: Mention, handles: readonly string[]): Trigger => {
  const { text, way } = mention;
  const reading = read(mention, handles);
  if ("why" in reading) return { kind: "none", why: reading.why };
  if (withoutWords.has(way))
    return { kind: "ask", request: "", options: chosenOver({}, mention.chosen), fresh: false };

  const { visible, named } = reading;
  const found = findOptions(visible);
  const options = chosenOver(found.options, mention.chosen);
  const cuts = [...named, ...found.spans];
  const words = blankOut(visible, cuts);
  const command = findCommand(words);
  if (command !== undefined && found.refused === undefined)
    return { kind: "command", name: command, options };

  const fresh = findNew(words, named[0]?.to ?? 0);
  const request = cutOut(text, fresh === undefined ? cuts : [...cuts, fresh]);
  const refused = found.refused === undefined ? {} : { refused: found.refused };
  return { kind: "ask", request, options, fresh: fresh !== undefined, ...refused };
};

/**
 * True when this mention asks something that its earlier text did not: always for a new one that asks; for an edit only when the text before had
 * no ask (an unknown text before counts as none, the store knows by the key whether it ran); never for a deletion.
 */
export const asksNewly = (mention: Mention, handles: readonly string[]): boolean => {
  if (mention.change === "deleted" || whyNoTrigger(mention, handles) !== undefined) return false;
  if (mention.change === "new" || mention.before === undefined) return true;
  return whyNoTrigger({ ...mention, text: mention.before }, handles) !== undefined;
};
