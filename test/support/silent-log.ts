import type { Log } from "@ask-openhands/bot/log.ts";

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines instead of printing them. */
export const createKeptLog = (): Log & { readonly lines: readonly LogLine[] } => {
  const lines: LogLine[] = [];
  const make = (base: Readonly<Record<string, unknown>>): Log => {
    const at =
      (level: LogLine["level"]) =>
      (fields: Readonly<Record<string, unknown>>, message: string): void => {
        lines.push({ level, message, fields: { ...base, ...fields } });
      };
    return {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
      child: (fields) => make({ ...base, ...fields }),
    };
  };
  return { ...make({}), lines };
};
