import type { RouteFacts } from "@ask-openhands/core/api/route.ts";
import type { People } from "../people/open-people.ts";
import type { Actor } from "./call.ts";
import { problem } from "./problem.ts";

interface Facts {
  readonly route: RouteFacts;
  readonly actor: Actor | undefined;
  readonly publicUrl: string;
  readonly header: (name: string) => string | undefined;
  readonly cookie: string | undefined;
}

const extensionOrigin = /^(chrome-extension|moz-extension|safari-web-extension):\/\/[a-z0-9-]{1,64}$/i;

/** Origins that browsers may call from besides our own page: extensions, before they are paired only for the pairing itself. */
export const allowedOrigin = (
  people: People,
  route: RouteFacts,
  origin: string | undefined,
): string | undefined => {
  if (origin === undefined || !extensionOrigin.test(origin)) return undefined;
  if (route.special === "form") return origin;
  return people.directory.list("devices").some(({ value }) => value.origin === origin) ? origin : undefined;
};

/**
 * Refuses what another site made the browser send. Requests with a Bearer token carry nothing that a browser adds by itself, so only cookie sessions
 * and routes for everybody are checked: by Sec-Fetch-Site and Origin, and with a session by the CSRF token too (OWASP ASVS 3.5).
 */
export const checkSameSite = (people: People, { route, actor, publicUrl, header, cookie }: Facts): void => {
  if (route.method === "GET" || route.special === "form") return;
  if (actor !== undefined && actor.session === undefined) return;
  const site = header("sec-fetch-site");
  const origin = header("origin");
  const isForeignSite = site !== undefined && site !== "same-origin" && site !== "none";
  const isForeignOrigin = origin !== undefined && origin !== new URL(publicUrl).origin;
  if (isForeignSite || isForeignOrigin)
    throw problem(403, `This request comes from another site. Open ${publicUrl} itself and try again.`);
  if (actor === undefined || cookie === undefined) return;
  const token = header("x-csrf-token");
  if (token === undefined || !people.sessions.isCsrfToken(cookie, token))
    throw problem(403, "The request lacks the page's CSRF token. Reload the page and try again.");
};
