import type { PlatformDeps } from "../deps.ts";
import type { Doors } from "./connect.ts";

/** GitHub writes the action first. In these nothing but a name in new words can ask us; edits, labels and assignments mean something without one. */
const newWords = ["created", "opened", "submitted"].map((action) => Buffer.from(`{"action":"${action}",`));

const beginsWith = (bytes: Uint8Array, beginning: Buffer): boolean =>
  bytes.length >= beginning.length && beginning.compare(bytes, 0, beginning.length) === 0;

/** Names by which alone a delivery can call us; `undefined` when other things in it may mean us, or while GitHub has not said who we are. */
export const namesFor = (
  bytes: Uint8Array,
  doors: Pick<Doors, "logins">,
  deps: Pick<PlatformDeps, "connections" | "handles">,
): readonly string[] | undefined => {
  if (!newWords.some((beginning) => beginsWith(bytes, beginning))) return undefined;
  const logins = doors.logins();
  if (logins === undefined) return undefined;
  // Servers may share a secret, so what one of them signed may be meant for the workspace of another.
  const handles = new Set(deps.connections.list("github").map(({ id }) => deps.handles(id)));
  return [...handles].flat().concat(logins);
};
