import type { Run, RunState, Task } from "../work/run.ts";

/** Line breaks, with the white space around them, as one space; linear, however much white space there is. */
export const joinLines = (text: string): string =>
  text.replace(/\s+/g, (space) => (/[\r\n]/.test(space) ? " " : space));

export const stateMarks: Readonly<Record<RunState, string>> = {
  queued: "⏳",
  starting: "🚀",
  working: "🛠️",
  waiting: "💬",
  done: "✅",
  failed: "❌",
  stopped: "⏹️",
};

export const taskMarks: Readonly<Record<Task["state"], string>> = { todo: "⬜", doing: "🔄", done: "✅" };

export const stateWords: Readonly<Record<RunState, string>> = {
  queued: "waiting for its turn",
  starting: "starting",
  working: "working",
  waiting: "waiting for an answer",
  done: "done",
  failed: "failed",
  stopped: "stopped",
};

/** `40 s`, `4 min`, `1 h 5 min`, `2 d 3 h`. Milliseconds in. */
export const inWords = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
};

/** US dollars: `$0.31`, and `under $0.01` for a cost that is there but small. */
export const money = (usd: number): string => (usd > 0 && usd < 0.01 ? "under $0.01" : `$${usd.toFixed(2)}`);

/** `1 step`, `2 steps`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly string[]): string => {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
};

/** How long the run has worked, or had worked when it ended; undefined before its start. Milliseconds. */
export const elapsed = (run: Run, now: number): number | undefined =>
  run.startedAt === undefined ? undefined : Math.max(0, (run.endedAt ?? now) - run.startedAt);

/** How a person is called in our sentences, without a mention. */
export const personName = (author: {
  readonly name: string;
  readonly displayName?: string | undefined;
}): string => {
  const name = author.displayName?.trim();
  return name === undefined || name === "" ? author.name : name;
};
