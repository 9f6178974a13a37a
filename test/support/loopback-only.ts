import { Failure } from "@ask-openhands/core/failure.ts";

/** Nothing outside of this machine, and nothing encrypted, is ever asked by a test. */
export const loopbackOnly: typeof fetch = (input, init) => {
  const { protocol, host, hostname, pathname } = new URL(input instanceof Request ? input.url : input);
  if (protocol === "http:" && hostname === "127.0.0.1") return fetch(input, init);
  const path = pathname.split("/rest/")[0]?.replace(/(?<=\/2\.0)\/.*/, "");
  throw new Failure("bad-settings", `Tests do not ask ${host}${path}.`);
};
