import type { Span } from "./spans.ts";

/** The same on every platform. `new` is no command here: it is an ask that begins a fresh conversation. */
export const commandNames = ["status", "stop", "retry", "queue", "help", "why", "config"] as const;

export type CommandName = (typeof commandNames)[number];

const polite = new Set(
  "please pls plz kindly just now hey hi hello ok okay thanks thank you thx ty can could would will and".split(
    " ",
  ),
);

/** What people add to a command without meaning anything else by it. */
const companions: Readonly<Record<CommandName, ReadonlySet<string>>> = {
  status: new Set(["show", "the", "your", "me", "update", "of", "this", "run"]),
  stop: new Set(["it", "this", "that", "the", "run", "work", "working", "immediately"]),
  retry: new Set(["it", "this", "that", "the", "run", "again"]),
  queue: new Set(["show", "the", "me", "your"]),
  help: new Set(["me", "show"]),
  why: new Set(["not", "was", "i", "is", "this", "that", "refused"]),
  config: new Set(["show", "the", "me", "your"]),
};

const word = /[^\s.,;:!?¿¡…()[\]{}"'“”‘’*_~/\\|<>&+-]+/gu;
/** More words than this are never a command; keeps the look at a long text short. */
const mostWords = 12;

const isCommandName = (text: string): text is CommandName =>
  (commandNames as readonly string[]).includes(text);

/**
 * The command that a request is, when it is nothing but a command word with politeness and punctuation around it:
 * `stop`, `Stop, please!`, `can you stop it?`. "stop the flaky test from failing" is no command.
 */
export const findCommand = (request: string): CommandName | undefined => {
  const words: string[] = [];
  for (const found of request.matchAll(word)) {
    words.push(found[0].toLowerCase());
    if (words.length > mostWords) return undefined;
  }
  const name = words.find(isCommandName);
  if (name === undefined) return undefined;
  const meansMore = words.some(
    (one) => !polite.has(one) && !isCommandName(one) && !companions[name].has(one),
  );
  return meansMore ? undefined : name;
};

/** Where the word `new` stands when it is the first one at or after `from`; that asks for a fresh conversation. */
export const findNew = (text: string, from: number): Span | undefined => {
  const first = /[\s,;:]*(new)(?![\p{L}\p{N}\p{M}_-])[ \t]*[,;:.!-]?/iuy;
  first.lastIndex = from;
  const found = first.exec(text);
  return found === null ? undefined : { from: found.index + found[0].search(/n/i), to: first.lastIndex };
};
