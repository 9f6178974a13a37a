import type { CredentialKind, Field } from "@ask-openhands/core/connection/catalog.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { withoutPath } from "../people/hosts.ts";
import { readField, readHost } from "../settings/read-field.ts";
import { problem } from "./problem.ts";

/** Values that a person typed, read by the catalog. */
export interface ReadValues {
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

interface FieldProblem {
  readonly field: string;
  readonly detail: string;
}

/** A problem that names every wrong value at once. */
export const fieldProblems = (problems: readonly FieldProblem[]) => {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return problem(422, `${first?.detail ?? "Something is wrong."}${more}`, { fields: [...problems] });
};

const read = (field: Field, text: string): { readonly value: string } | FieldProblem => {
  const reading = readField({ ...field, required: false }, text);
  return "value" in reading
    ? reading
    : { field: field.key, detail: `${field.label} ${reading.problem.replaceAll("`", "")}.` };
};

interface Given {
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Secrets that stay as they are. */
  readonly kept: readonly string[];
}

/** Reads the values of a kind: all wrong, missing and unknown ones are told at once. */
export const readValues = (kind: CredentialKind, given: Given): ReadValues => {
  const problems: FieldProblem[] = [];
  const settings: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  for (const field of kind.fields) {
    const text = (field.secret ? given.secrets : given.settings)[field.key] ?? field.fallback ?? "";
    const reading = read(field, text);
    if ("detail" in reading) problems.push(reading);
    else if (reading.value !== "") (field.secret ? secrets : settings)[field.key] = reading.value;
    else if (field.required && !(field.secret && given.kept.includes(field.key)))
      problems.push({ field: field.key, detail: `${field.label} is missing.` });
  }
  const isKnown = (key: string, secret: boolean): boolean =>
    kind.fields.some((field) => field.key === key && field.secret === secret);
  for (const key of Object.keys(given.settings))
    if (!isKnown(key, false))
      problems.push({ field: key, detail: `${kind.name} has no setting \`${key}\`.` });
  for (const key of Object.keys(given.secrets))
    if (!isKnown(key, true)) problems.push({ field: key, detail: `${kind.name} has no secret \`${key}\`.` });
  if (problems.length > 0) throw fieldProblems(problems);
  return { settings, secrets };
};

/** Host of the connection, from what was typed, as `Place.host`. */
export const readKindHost = (
  kind: CredentialKind,
  typed: string | undefined,
  settings: Readonly<Record<string, string>>,
): string => {
  if ("only" in kind.host) return kind.host.only;
  const text = "from" in kind.host ? settings[kind.host.from] : typed;
  if (text === undefined || text === "") {
    if ("usual" in kind.host) return kind.host.usual;
    throw fieldProblems([{ field: "host", detail: "The host is missing." }]);
  }
  const host = readHost(text);
  if (host === undefined)
    throw fieldProblems([
      { field: "host", detail: "The host is not one; write it like git.example.com or example.com/context." },
    ]);
  return host;
};

/** Parts of the settings that say where secrets are sent. */
export const addressesOf = (
  kind: CredentialKind,
  host: string,
  settings: Readonly<Record<string, string>>,
): string =>
  JSON.stringify([
    host,
    ...kind.fields
      .filter((field) => field.format === "url" || field.format === "host")
      .map((field) => settings[field.key] ?? ""),
  ]);

/** `[host, without encryption]` of everything that a connection makes us ask; the catalog's own addresses need nobody's word. */
export const askedHosts = (
  kind: CredentialKind,
  { host, settings }: Pick<Connection, "host" | "settings">,
): ReadonlyMap<string, boolean> => {
  const addresses = kind.fields
    .filter((field) => field.format === "url" && field.passedOn !== true)
    .filter((field) => settings[field.key] !== field.fallback)
    .flatMap(({ key }) => settings[key] ?? [])
    .filter((address) => URL.canParse(address))
    .map((address) => new URL(address));
  const plain = new Set(
    addresses.filter(({ protocol }) => protocol === "http:").map((address) => address.host),
  );
  const hosts = [withoutPath(host), ...addresses.map((address) => address.host)];
  return new Map(hosts.map((one) => [one, plain.has(one)]));
};
