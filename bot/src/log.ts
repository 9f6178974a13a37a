import { type DestinationStream, destination, type Logger, pino } from "pino";

/** Structured log: a static message and fields. Values pass the redactor before they are written. */
export interface Log {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
  child(fields: Readonly<Record<string, unknown>>): Log;
}

export interface LogSettings {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly format: "json" | "pretty";
  /** Takes every known secret and everything that looks like one out of a text. */
  redact(text: string): string;
  /** Standard output when absent. */
  readonly to?: DestinationStream | undefined;
}

const deepest = 6;
/** Keys, ids and addresses of our own making are short and plain; only what can hold a secret is worth the search. Longer ones of short parts are not: `https://user:word@host` is one. */
const harmless = /^[\w:./#@-]{0,15}$/;

/** The last stage: whatever a caller put into a field, no known secret leaves. Path lists would miss tokens inside messages and error texts. */
const redactValue = (value: unknown, redact: (text: string) => string, depth = 0): unknown => {
  if (typeof value === "string") return harmless.test(value) ? value : redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return "…";
  if (value instanceof Error) return { name: value.name, message: redact(value.message) };
  if (Array.isArray(value)) return value.map((one) => redactValue(one, redact, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, redactValue(one, redact, depth + 1)]),
  );
};

const marks: Readonly<Record<number, string>> = { 20: "debug", 30: "info", 40: "warn", 50: "error" };

/** What begins a line of its own or speaks to a terminal. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const printable = (text: string): string =>
  text.replace(unprintable, (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ""}}`);

/** One line for people: time, level, message, fields. A newline or an escape sequence that somebody quoted wrote stays harmless. */
const prettyLine = (line: string): string => {
  const { time, level, msg, ...fields } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const shown = Object.entries(fields).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${String(time).slice(11, 19)} ${marks[Number(level)] ?? "?"} ${printable([String(msg), ...shown].join(" "))}\n`;
};

type Level = LogSettings["level"];

/** pino's own children write their fields past the formatters, unredacted, and once more when a line has a field of the same name; so the fields are joined here. */
const toLog = (logger: Logger, own: Readonly<Record<string, unknown>> = {}): Log => {
  const write =
    (level: Level): Log[Level] =>
    (fields, message) => {
      // What nobody will read is not even put together.
      if (logger.isLevelEnabled(level)) logger[level]({ ...own, ...fields }, message);
    };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (fields) => toLog(logger, { ...own, ...fields }),
  };
};

/** Milliseconds that a line may wait for others, so that a busy receiver writes hundreds in one go. */
const patience = 100;
/** Characters that wait for a disk with space; what comes beyond is left out. */
const mostWaiting = 8_388_608;

/** Standard output; what still waits when the process exits is written then. */
const createOutput = (): DestinationStream => {
  const out = destination({ fd: 1, sync: false, minLength: 8_192, maxLength: mostWaiting });
  // pino lets an error of its stream end the process; a log whose disk is full must not. Its lines are written with later ones.
  out.on("error", () => undefined);
  let leaving = false;
  const leave = (): void => {
    leaving = false;
    out.flush();
  };
  return {
    write: (line) => {
      out.write(line);
      if (leaving) return;
      leaving = true;
      setTimeout(leave, patience).unref();
    },
  };
};

/** The log of the process, one JSON object a line unless it is for people. */
export const createLog = (settings: LogSettings): Log => {
  const out = settings.to ?? createOutput();
  const stream: DestinationStream =
    settings.format === "json" ? out : { write: (line) => out.write(prettyLine(line)) };
  const redactAll = (fields: object): Record<string, unknown> =>
    redactValue(fields, settings.redact) as Record<string, unknown>;
  const logger = pino(
    {
      level: settings.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: redactAll },
    },
    stream,
  );
  return toLog(logger);
};
