import * as z from "zod";
import type { HttpRequest } from "./http.ts";

interface Page<T> {
  readonly value: T;
  readonly headers: Headers;
}

/** How to ask for the page after this one: a whole or relative address, or query values to change; `undefined` at the end. */
export type NextPage<T> = (
  page: Page<T>,
) => { readonly path: string } | { readonly query: NonNullable<HttpRequest["query"]> } | undefined;

/** RFC 8288: `<https://host/x?page=2>; rel="next"` (GitHub, GitLab). */
export const nextByLink: NextPage<unknown> = ({ headers }) => {
  const links = (headers.get("link") ?? "").matchAll(/<([^>]+)>([^<]*)/g);
  for (const [, path, parameters] of links) {
    if (path !== undefined && /\brel="?[^";]*\bnext\b/.test(parameters ?? "")) return { path };
  }
  return undefined;
};

const fieldOf = (value: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((inner, key) => z.record(z.string(), z.unknown()).safeParse(inner).data?.[key], value);

/** A whole address in the body: `next` (Bitbucket Cloud). */
export const nextByUrl =
  (field: string): NextPage<unknown> =>
  ({ value }) => {
    const path = fieldOf(value, field);
    return typeof path === "string" && path !== "" ? { path } : undefined;
  };

/** A token or number in the body that goes back as a query parameter: `next_page_id` → `page_id`, `nextPageStart` → `start`. */
export const nextByToken =
  (field: string, parameter: string): NextPage<unknown> =>
  ({ value }) => {
    const token = fieldOf(value, field);
    if (typeof token === "number") return { query: { [parameter]: token } };
    return typeof token === "string" && token !== "" ? { query: { [parameter]: token } } : undefined;
  };

/** Ends after `most` pages and when a server sends us in a circle; the caller sees only that the pages ended. */
export async function* walkPages<T>(
  ask: (request: HttpRequest) => Promise<Page<T>>,
  first: HttpRequest,
  next: NextPage<T>,
  most: number,
): AsyncIterable<T> {
  const seen = new Set<string>();
  let request = first;
  for (let count = 0; count < most; count += 1) {
    const page = await ask(request);
    yield page.value;
    const found = next(page);
    if (found === undefined) return;
    const key = JSON.stringify(found);
    if (seen.has(key)) return;
    seen.add(key);
    // An address in an answer brings its own query. Its origin is checked where every address is: in the client.
    request =
      "path" in found
        ? { ...first, path: found.path, query: undefined }
        : { ...first, query: { ...first.query, ...found.query } };
  }
}
