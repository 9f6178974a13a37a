import type { Route } from "../intake.ts";

export interface FoundRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export type FindRoute = (method: string, path: string) => FoundRoute | "other-method" | undefined;

const none: Readonly<Record<string, string>> = {};

const decode = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    if (cause instanceof URIError) return undefined;
    throw cause;
  }
};

const match = (
  pattern: readonly string[],
  parts: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  if (pattern.length !== parts.length) return undefined;
  const params: [string, string][] = [];
  for (const [at, wanted] of pattern.entries()) {
    const part = parts[at] ?? "";
    if (!wanted.startsWith(":")) {
      if (wanted !== part) return undefined;
      continue;
    }
    const value = decode(part);
    if (value === undefined || value === "") return undefined;
    params.push([wanted.slice(1), value]);
  }
  return Object.fromEntries(params);
};

/** Receivers by path: fixed paths by one look-up, those with `:name` parts in turn. Throws when two receivers claim one path. */
export const createFindRoute = (routes: readonly Route[]): FindRoute => {
  const fixed = new Map<string, Route>();
  const patterns: { readonly route: Route; readonly parts: readonly string[] }[] = [];
  const methods = new Map<string, Set<string>>();
  for (const route of routes) {
    const key = `${route.method} ${route.path.replace(/:[^/]+/g, ":")}`;
    const claimed = methods.get(route.path) ?? new Set();
    if (fixed.has(key) || claimed.has(key))
      throw new Error(`two receivers for ${route.method} ${route.path}`);
    methods.set(route.path, claimed.add(key));
    if (route.path.includes(":")) patterns.push({ route, parts: route.path.split("/") });
    else fixed.set(key, route);
  }
  const isFixed = (path: string): boolean => fixed.has(`POST ${path}`) || fixed.has(`GET ${path}`);

  return (method, path) => {
    const route = fixed.get(`${method} ${path}`);
    if (route !== undefined) return { route, params: none };
    if (isFixed(path)) return "other-method";
    if (patterns.length === 0) return undefined;
    const parts = path.split("/");
    let other = false;
    for (const pattern of patterns) {
      const params = match(pattern.parts, parts);
      if (params === undefined) continue;
      if (pattern.route.method === method) return { route: pattern.route, params };
      other = true;
    }
    return other ? "other-method" : undefined;
  };
};
