/** One thing that was looked at. `unknown`: it could not be told, which is no problem by itself. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "problem" | "unknown";
  /** One sentence. */
  readonly detail: string;
  /** What to do. */
  readonly cure?: string | undefined;
}

export const ok = (name: string, detail: string): Check => ({ name, state: "ok", detail });
export const trouble = (name: string, detail: string, cure?: string): Check => ({
  name,
  state: "problem",
  detail,
  ...(cure === undefined ? {} : { cure }),
});
export const unknown = (name: string, detail: string, cure?: string): Check => ({
  name,
  state: "unknown",
  detail,
  ...(cure === undefined ? {} : { cure }),
});

const marks = { ok: "✓", problem: "✗", unknown: "?" } as const;

/** For people: a line each, problems with what to do below. */
export const describeChecks = (checks: readonly Check[]): string => {
  const lines = checks.flatMap(({ name, state, detail, cure }) => [
    `${marks[state]} ${name}: ${detail}`,
    ...(cure === undefined ? [] : [`  → ${cure}`]),
  ]);
  const problems = checks.filter(({ state }) => state === "problem").length;
  const verdict =
    problems === 0 ? "No problem found." : `${problems} ${problems === 1 ? "problem" : "problems"} found.`;
  return `${[...lines, "", verdict].join("\n")}\n`;
};
