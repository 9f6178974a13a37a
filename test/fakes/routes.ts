/** One request as a fake sees it. */
export interface FakeRequest {
  readonly method: string;
  /** Without query, as sent (still percent-encoded). */
  readonly path: string;
  /** Named parts of the route's path, decoded: `:id` is one segment (`group%2Fname` arrives as `group/name`), `*` the rest as `params.rest`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The JSON body, `undefined` when it is none. */
  readonly json: unknown;
  /** Fields of a JSON object or of a form; empty for everything else. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** At most one of `json`, `html`, `text`, `bytes`. */
export interface FakeReply {
  readonly status?: number | undefined;
  readonly json?: unknown;
  readonly html?: string | undefined;
  readonly text?: string | undefined;
  readonly bytes?: Uint8Array | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** `["GET", "/api/v4/projects/:id", (request) => ({ json: … })]`; the first that fits answers. */
export type FakeRoute = readonly [
  method: string,
  path: string,
  answer: (request: FakeRequest) => FakeReply | Promise<FakeReply>,
];

const quote = (literal: string): string => literal.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

/** Turns `/projects/:id/*` into an expression over a raw path. */
export const pathPattern = (path: string): RegExp => {
  const source = path
    .split("/")
    .map((part) => {
      if (part === "*") return "(?<rest>.*)";
      return quote(part).replace(/:(\w+)/g, "(?<$1>[^/]+)");
    })
    .join("/");
  return new RegExp(`^${source}$`);
};

/** Named parts of `path`, decoded, or `undefined` when the route is not for it. */
export const matchPath = (pattern: RegExp, path: string): Readonly<Record<string, string>> | undefined => {
  const groups = pattern.exec(path);
  if (groups === null) return undefined;
  return Object.fromEntries(
    Object.entries(groups.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value ?? "")]),
  );
};

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads a body by its content type: JSON (also where the type is missing) or a form. */
export const readBody = (
  text: string,
  contentType: string,
): { json: unknown; body: Readonly<Record<string, unknown>> } => {
  if (contentType.includes("application/x-www-form-urlencoded")) {
    return { json: undefined, body: Object.fromEntries(new URLSearchParams(text)) };
  }
  try {
    const json: unknown = JSON.parse(text);
    return { json, body: isFields(json) ? json : {} };
  } catch (notJson) {
    if (notJson instanceof SyntaxError) return { json: undefined, body: {} };
    throw notJson;
  }
};
