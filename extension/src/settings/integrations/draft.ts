import type {
  ConnectionView,
  CredentialKindView,
  FieldView,
  Problem,
} from "@ask-openhands/core/api/types.ts";

/** What stands in a form of credentials: by field key, secrets too while they are typed. */
export type Draft = Readonly<Record<string, string>>;

/** What the form shows at first: stored values, presets, or the catalog's usual values. Secrets never come back. */
export const startDraft = (kind: CredentialKindView, stored?: ConnectionView, preset: Draft = {}): Draft =>
  Object.fromEntries(
    kind.fields.map(({ key, secret, fallback, format }) => {
      const known = secret ? undefined : (stored?.settings[key] ?? preset[key]);
      return [key, known ?? ((format === "choice" || format === "url") && !secret ? (fallback ?? "") : "")];
    }),
  );

const typedOf = (fields: readonly FieldView[], draft: Draft): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap(({ key }) => {
      const value = (draft[key] ?? "").trim();
      return value === "" ? [] : [[key, value]];
    }),
  );

/** Body parts of a new connection: what was left empty is left out. */
export const toValues = (kind: CredentialKindView, draft: Draft) => ({
  settings: typedOf(
    kind.fields.filter(({ secret }) => !secret),
    draft,
  ),
  secrets: typedOf(
    kind.fields.filter(({ secret }) => secret),
    draft,
  ),
});

/** Body parts of a change: emptied settings are removed, secrets only when typed or taken out. */
export const toChange = (
  kind: CredentialKindView,
  draft: Draft,
  stored: ConnectionView,
  removed: ReadonlySet<string>,
): {
  settings: Record<string, string | null>;
  secrets: Record<string, string | null>;
} => {
  const { settings, secrets } = toValues(kind, draft);
  const emptied = Object.keys(stored.settings).filter(
    (key) => settings[key] === undefined && kind.fields.some((field) => field.key === key),
  );
  return {
    settings: { ...settings, ...Object.fromEntries(emptied.map((key) => [key, null])) },
    secrets: { ...Object.fromEntries([...removed].map((key) => [key, null])), ...secrets },
  };
};

/** What a problem says about one field; the bot names fields with or without the part of the body they stand in. */
export const wrongWith = (problem: Problem | undefined, key: string): string | undefined =>
  problem?.fields?.find(({ field }) => field === key || field.endsWith(`.${key}`))?.detail;
