import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Seen {
  readonly answers: readonly string[];
  readonly log: readonly string[];
  /** Data folder of the bot. */
  readonly folder: string;
}

/** Where a secret can be read in clear; secrets are named by their number, never repeated. */
export const findLeaks = (secrets: readonly string[], { answers, log, folder }: Seen): readonly string[] => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path, "latin1")] as const);
  // A text may stand in JSON with its line breaks written out.
  const forms = (secret: string): readonly string[] => [secret, JSON.stringify(secret).slice(1, -1)];
  return secrets.flatMap((secret, number) => {
    const isIn = (text: string): boolean => forms(secret).some((form) => text.includes(form));
    return [
      ...(answers.some(isIn) ? [`secret ${number} in an answer or a page`] : []),
      ...(log.some(isIn) ? [`secret ${number} in the log`] : []),
      ...files.flatMap(([path, text]) => (isIn(text) ? [`secret ${number} in ${path}`] : [])),
    ];
  });
};
