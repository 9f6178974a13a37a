import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Where the boolean `required` of a parameter or body stands after reading: in a schema (Swagger 2's parameters are some) it must be a list. */
export const isRequired = "x-is-required";

const isRegExp = (source: string): boolean => {
  try {
    new RegExp(source, "u");
    return true;
  } catch (invalid) {
    if (invalid instanceof SyntaxError) return false;
    throw invalid;
  }
};

/**
 * Older OpenAPI dialects say a few things that JSON Schema (and so ajv) says otherwise: `nullable` without a type, `null` missing in
 * the enum of a nullable, boolean `exclusiveMinimum` and `required`, patterns that are no ECMAScript.
 */
const toJsonSchema = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (!isObject(value)) return value;
  const out: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) if (inner !== undefined) out[key] = toJsonSchema(inner);
  if (out["nullable"] === true && Array.isArray(out["enum"]) && !out["enum"].includes(null))
    out["enum"] = [...out["enum"], null];
  if (out["nullable"] !== undefined && typeof out["nullable"] !== "object" && out["type"] === undefined)
    delete out["nullable"];
  if (typeof out["exclusiveMinimum"] === "boolean") delete out["exclusiveMinimum"];
  if (typeof out["exclusiveMaximum"] === "boolean") delete out["exclusiveMaximum"];
  if (typeof out["required"] === "boolean") {
    out[isRequired] = out["required"];
    delete out["required"];
  }
  if (typeof out["pattern"] === "string" && !isRegExp(out["pattern"])) delete out["pattern"];
  return out;
};

/** Reads an OpenAPI 3 or Swagger 2 document, `.json` or `.json.gz`. */
export const readDocument = (file: string): JsonObject => {
  const bytes = readFileSync(file);
  const text = file.endsWith(".gz") ? gunzipSync(bytes).toString("utf8") : bytes.toString("utf8");
  return parseDocument(text, file);
};

/** `name` is for the error. */
export const parseDocument = (text: string, name: string): JsonObject => {
  const document = toJsonSchema(JSON.parse(text) as Json);
  if (!isObject(document)) throw new Error(`${name} is not an OpenAPI document`);
  return document;
};

export const pointer = (...parts: readonly string[]): string =>
  parts.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

const inside = (value: Json | undefined, key: string): Json | undefined => {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) ? value[key] : undefined;
};

/** Follows local references (`#/components/…`); also tells where the value stands, for a schema reference. */
export const follow = (
  document: JsonObject,
  at: string,
): { readonly value: Json | undefined; readonly at: string } => {
  let place = at;
  for (let hops = 0; hops < 20; hops += 1) {
    let value: Json | undefined = document;
    for (const part of place.split("/").slice(1)) {
      const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
      value = inside(value, key);
    }
    const reference: Json | undefined = isObject(value) ? value["$ref"] : undefined;
    if (typeof reference !== "string" || !reference.startsWith("#/")) return { value, at: place };
    place = reference.slice(1);
  }
  throw new Error(`references at ${at} go in circles`);
};
