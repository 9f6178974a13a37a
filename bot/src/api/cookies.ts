import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { CookieJar } from "./call.ts";

/** Cookies of this answer. With https they are `__Host-` cookies: Secure, for the whole host and no other. */
export const cookieJar = (c: Context, publicUrl: string): CookieJar => {
  const secure = publicUrl.startsWith("https://");
  return {
    get: (name) => getCookie(c, name),
    set: (name, value, seconds) =>
      setCookie(c, name, value, {
        httpOnly: true,
        sameSite: "Lax",
        path: "/",
        secure,
        ...(seconds === undefined ? {} : { maxAge: seconds }),
      }),
  };
};
