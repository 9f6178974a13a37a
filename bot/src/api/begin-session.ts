import { hashToken } from "../people/tokens.ts";
import { sessionCookie } from "./authenticate.ts";
import type { ApiDeps, CookieJar } from "./call.ts";

/** A new session after every sign-in, so that a planted one is worth nothing. Returns its value. */
export const beginSession = async (
  deps: ApiDeps,
  cookies: CookieJar,
  personId: string,
  how: string,
): Promise<string> => {
  const name = sessionCookie(deps.publicUrl);
  const before = cookies.get(name);
  if (before !== undefined) await deps.people.sessions.end(hashToken(before));
  const value = await deps.people.sessions.begin(personId);
  cookies.set(name, value, 7 * 86_400);
  await deps.people.audit.append({ action: "session.begun", person: personId, detail: how });
  return value;
};
