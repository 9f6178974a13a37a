import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { RunFilter } from "./store.ts";

/**
 * A text that every database takes: NUL and halves of characters become U+FFFD. PostgreSQL refuses them in text and in JSON, and with one such text a whole
 * batch of deliveries, each time it is repeated (https://www.postgresql.org/docs/current/datatype-json.html).
 */
export const storableText = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd");

/** How JSON writes what is refused. */
const mayBeRefused = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** A mention as it is stored, and its JSON. The usual one costs a look at the JSON, which is needed anyway. */
export const toDocument = (mention: Mention): { readonly mention: Mention; readonly json: string } => {
  const json = JSON.stringify(mention);
  if (!json.includes("\\u") || !mayBeRefused.test(json)) return { mention, json };
  const clean = JSON.parse(json, (_, value: unknown) =>
    typeof value === "string" ? storableText(value) : value,
  ) as Mention;
  return { mention: clean, json: JSON.stringify(clean) };
};

export const storableFilter = (filter: RunFilter): RunFilter => ({
  ...filter,
  ...(filter.place === undefined ? {} : { place: storableText(filter.place) }),
  ...(filter.asker === undefined ? {} : { asker: storableText(filter.asker) }),
});
