import type { Log } from "../../log.ts";

/** What Slack's packages ask of a logger; theirs writes to the console, past our redaction. */
interface SlackLogger {
  debug(...words: unknown[]): void;
  info(...words: unknown[]): void;
  warn(...words: unknown[]): void;
  error(...words: unknown[]): void;
  setLevel(): void;
  getLevel(): never;
  setName(): void;
}

const words = (parts: readonly unknown[]): string =>
  parts.map((part) => (part instanceof Error ? part.message : String(part))).join(" ");

/** Their troubles are lines of our log; their chatter is left out. `getLevel` has the type of their enum, which only they know. */
export const slackLogger = (log: Log): SlackLogger => ({
  debug: () => undefined,
  info: () => undefined,
  warn: (...parts) => log.warn({ said: words(parts) }, "Slack's client warns"),
  error: (...parts) => log.warn({ said: words(parts) }, "Slack's client is in trouble"),
  setLevel: () => undefined,
  getLevel: () => "error" as never,
  setName: () => undefined,
});
