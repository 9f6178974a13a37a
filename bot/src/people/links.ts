import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { Directory } from "./directory.ts";
import type { LinkRecord } from "./records.ts";
import { idOf } from "./tokens.ts";

/** One account has one person, so the id is the account. */
export const linkId = (platform: string, host: string, accountId: string): string =>
  idOf("link", platform, host, accountId);

export type Account = Pick<Author, "platform" | "host" | "id" | "name" | "displayName">;

export interface Links {
  /** Links the account; a link to another person is replaced, because the proof is newer. */
  add(account: Account, personId: string, proof: LinkRecord["proof"]): Promise<string>;
  remove(id: string): Promise<void>;
  ofPerson(personId: string): readonly { readonly id: string; readonly link: LinkRecord }[];
  /** Calls back with the account that was just linked. */
  onLinked(linked: (account: Account) => void): () => void;
}

export const createLinks = (directory: Directory, now: () => number): Links => {
  const listeners = new Set<(account: Account) => void>();
  return {
    add: async (account, personId, proof) => {
      const id = linkId(account.platform, account.host, account.id);
      const value: LinkRecord = {
        personId,
        platform: account.platform,
        host: account.host,
        accountId: account.id,
        accountName: account.name,
        ...(account.displayName === undefined ? {} : { displayName: account.displayName }),
        proof,
        createdAt: new Date(now()).toISOString(),
      };
      await directory.write([{ put: "links", id, value }]);
      for (const listener of listeners) listener(account);
      return id;
    },
    remove: async (id) => {
      await directory.write([{ remove: "links", id }]);
    },
    ofPerson: (personId) =>
      directory
        .list("links")
        .filter(({ value }) => value.personId === personId)
        .map(({ id, value }) => ({ id, link: value })),
    onLinked: (linked) => {
      listeners.add(linked);
      return () => listeners.delete(linked);
    },
  };
};
