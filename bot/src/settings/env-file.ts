import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** What a file `.env` sets; `warning` and `problem` are one sentence, which never repeats a value. */
export type EnvFile =
  | { readonly values: Readonly<Record<string, string | undefined>>; readonly warning?: string }
  | { readonly problem: string };

const others = 0o044;

/** Number of the first line that is neither empty nor a comment nor `NAME=value`: Node would pass over it in silence. */
const findBrokenLine = (text: string): number | undefined => {
  const withoutQuoted = text.replaceAll(/^[ \t]*#.*$|=[ \t]*(["'`])[\s\S]*?\1/gm, (found, quote) =>
    quote === undefined ? found : `=${found.replaceAll(/[^\n]/g, "")}`,
  );
  const index = withoutQuoted
    .split(/\r?\n/)
    .findIndex((line) => !/^\s*(#.*|(export\s+)?[A-Za-z_]\w*\s*=.*)?$/.test(line));
  return index < 0 ? undefined : index + 1;
};

/** Reads `.env` of a folder; a file that is not there sets nothing. */
export const readEnvFile = (folder: string): EnvFile => {
  const path = join(folder, ".env");
  try {
    const text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
    if (/[\0\ufffd]/.test(text)) return { problem: "The file .env is not a text in UTF-8; save it as one." };
    const broken = findBrokenLine(text);
    if (broken !== undefined)
      return {
        problem: `The file .env is not understood at line ${broken}; each line is NAME=value, or a comment that begins with #.`,
      };
    const values = { ...parseEnv(text) };
    // Windows has no such bits: Node makes them up there.
    const isOpen =
      process.platform !== "win32" && Object.keys(values).length > 0 && (statSync(path).mode & others) !== 0;
    return isOpen
      ? { values, warning: "Others on this machine can read the file .env; run `chmod 600 .env`." }
      : { values };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    return code === "ENOENT"
      ? { values: {} }
      : { problem: `The file .env cannot be read (${code}); check what it is and its permissions.` };
  }
};
