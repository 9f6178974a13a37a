/** Header values that are no secrets even when they are long. */
const harmless = new Set([
  "accept",
  "accept-language",
  "content-type",
  "user-agent",
  "x-org-id",
  "x-github-api-version",
]);

/** The secrets in request headers: whole values, and what follows the scheme (`Bearer …`). */
export const secretsIn = (headers: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(headers)
    .filter(([name]) => !harmless.has(name.toLowerCase()))
    .flatMap(([, value]) => [value, value.split(" ").slice(1).join(" ")])
    .filter((value) => value.length >= 6);

/** Other servers like to repeat in an error what they were sent. */
export const conceal = (text: string, secrets: readonly string[]): string =>
  [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
