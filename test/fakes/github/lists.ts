import { createHash } from "node:crypto";
import type { FakeReply, FakeRequest } from "../routes.ts";

const linkOf = (request: FakeRequest, base: string, page: number, last: number): string => {
  const address = (to: number): string => {
    const query = new URLSearchParams(request.query);
    query.set("page", String(to));
    return `${base}${request.path}?${query.toString()}`;
  };
  const links = [
    ...(page < last ? [`<${address(page + 1)}>; rel="next"`, `<${address(last)}>; rel="last"`] : []),
    ...(page > 1 ? [`<${address(page - 1)}>; rel="prev"`, `<${address(1)}>; rel="first"`] : []),
  ];
  return links.join(", ");
};

/** A page of a list as GitHub gives it: `Link`, `ETag`, and 304 for what the client has. `wrap` puts it into an object. */
export function listed(
  request: FakeRequest,
  base: string,
  items: readonly unknown[],
  wrap?: (items: readonly unknown[]) => unknown,
): FakeReply {
  const size = Number(request.query.get("per_page") ?? 30);
  const page = Number(request.query.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((page - 1) * size, page * size);
  const etag = `W/"${createHash("sha256").update(JSON.stringify(shown)).digest("hex")}"`;
  if (request.headers["if-none-match"] === etag) return { status: 304, headers: { etag } };
  const link = linkOf(request, base, page, last);
  return { json: wrap ? wrap(shown) : shown, headers: { etag, ...(link === "" ? {} : { link }) } };
}

interface Dated {
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** `sort`, `direction` and `since` as the list endpoints understand them. */
export function sorted<T extends Dated>(request: FakeRequest, items: readonly T[]): readonly T[] {
  const by = request.query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const since = request.query.get("since");
  const kept = items
    .filter((one) => since === null || one.updatedAt >= since)
    .toSorted((a, b) => a[by].localeCompare(b[by]));
  return request.query.get("direction") === "desc" ? kept.toReversed() : kept;
}
