import { openApiOf } from "../fakes/openapi.ts";
import { parseDocument } from "../fakes/openapi-document.ts";
import { readBody } from "../fakes/routes.ts";

export interface CheckedFetch {
  readonly fetch: typeof fetch;
  readonly violations: readonly string[];
  count(): number;
}

/** A fetch that checks every request against the document which the running server gives of itself. */
export const checkedFetch = async (url: string): Promise<CheckedFetch> => {
  const answer = await fetch(`${url}/openapi.json`);
  const document = openApiOf(parseDocument(await answer.text(), "openapi.json"));
  const violations: string[] = [];
  let count = 0;

  const check = (input: URL, init: RequestInit): void => {
    const headers = Object.fromEntries(new Headers(init.headers));
    const text = typeof init.body === "string" ? init.body : "";
    const bytes = new TextEncoder().encode(text);
    const method = init.method ?? "GET";
    // A form with a file is encoded by fetch itself: its address is checked, its body is not.
    const body =
      init.body instanceof FormData
        ? { bytes: new Uint8Array(1), "content-type": "multipart/form-data" }
        : { bytes, "content-type": headers["content-type"] ?? "" };
    const found = document.check({
      method,
      path: input.pathname,
      params: {},
      query: input.searchParams,
      headers: { ...headers, "content-type": body["content-type"] },
      bytes: body.bytes,
      text,
      ...readBody(text, body["content-type"]),
      at: 0,
    });
    count += 1;
    violations.push(...(found ?? [`${method} ${input.pathname} is not in the document`]));
  };

  return {
    violations,
    count: () => count,
    fetch: async (input, init = {}) => {
      check(new URL(String(input)), init);
      return fetch(input, init);
    },
  };
};
