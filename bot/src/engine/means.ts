import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { Connections } from "../people/connections.ts";

/** A server, by its platform and host. */
export interface Server {
  readonly platform: string;
  readonly host: string;
}

/** By what somebody could show now that they may work on a server: the person behind the account, that person's accounts and tokens there, and those they brought to the workspace. It changes when they link or connect something. */
export const meansOf = (
  connections: Pick<Connections, "personOf" | "accountsOf" | "ofPerson" | "broughtBy">,
  author: Pick<Author, "platform" | "host" | "id">,
  { platform, host }: Server,
  workspaceId: string,
): string => {
  const personId = connections.personOf(author.platform, author.host, author.id);
  if (personId === undefined) return "";
  const accounts = connections.accountsOf(personId, platform, host, workspaceId);
  const tokens = connections.ofPerson(personId, platform, host);
  const brought = connections.broughtBy(personId, workspaceId, platform, host);
  return [personId, ...[...accounts, ...tokens, ...brought].map(({ id }) => id)].join(" ");
};
