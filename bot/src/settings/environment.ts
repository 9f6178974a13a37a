import { readFileSync } from "node:fs";

/** Something wrong with one variable: one sentence that names it, says what is wrong and how to cure it. */
export interface Problem {
  readonly name: string;
  readonly sentence: string;
}

/** Environment variables; `NAME_FILE` may name a file that holds the value, as container secrets do. */
export interface Environment {
  /** `undefined` when not set; an empty variable counts as not set. */
  get(name: string): string | undefined;
  /** Content of the file that the variable names. */
  file(name: string): string | undefined;
  /** Problems with files, so far. */
  problems(): readonly Problem[];
}

export const createEnvironment = (variables: Readonly<Record<string, string | undefined>>): Environment => {
  const problems = new Map<string, Problem>();
  const plain = (name: string): string | undefined => {
    const value = variables[name]?.trim();
    return value === undefined || value === "" ? undefined : value;
  };
  const file = (name: string): string | undefined => {
    const path = plain(name);
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, "utf8").trim();
    } catch (cause) {
      const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
      problems.set(name, {
        name,
        sentence: `${name} names a file that cannot be read (${code}); check the path and its permissions.`,
      });
      return undefined;
    }
  };
  return {
    get: (name) => {
      const value = plain(name);
      if (value !== undefined) return value;
      // The key file is a setting of its own, with checks of its own.
      return name === "SECRET_KEY" ? undefined : file(`${name}_FILE`) || undefined;
    },
    file,
    problems: () => [...problems.values()],
  };
};
