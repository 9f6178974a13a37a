import { createOAuthCodes, type OAuthAccount } from "../../support/oauth-codes.ts";
import type { Page, Visit } from "./front.ts";

interface Options {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Path of the page; the token endpoint is its sister `token`. */
  readonly authorize: string;
  readonly token: string;
  readonly accounts: readonly OAuthAccount[];
  /** Makes a token of the account valid. */
  grant(account: OAuthAccount): string;
}

const escapeHtml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** Where people of a server say that an application may act for them, and where the application gets its token. */
export const createConsent = (options: Options): ((visit: Visit) => Page | undefined) => {
  const codes = createOAuthCodes({
    ...options,
    grant: (account) => {
      const access = options.grant(account);
      return { access, refresh: `refresh-of-${access}` };
    },
  });
  return ({ method, url, body }) => {
    if (method === "POST" && url.pathname === options.token) return codes.exchange(new URLSearchParams(body));
    if (url.pathname !== options.authorize) return undefined;
    const account = options.accounts.find(({ name }) => name === url.searchParams.get("as"));
    if (account !== undefined) return { to: codes.approve(url, account).href };
    const links = options.accounts.map(
      ({ name }) => `<li><a href="${escapeHtml(`${url.href}&as=${name}`)}">Authorize as ${name}</a></li>`,
    );
    return {
      html: `<!doctype html><html lang="en"><title>Authorize</title><ul>${links.join("")}</ul></html>`,
    };
  };
};
