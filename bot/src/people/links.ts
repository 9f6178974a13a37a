import { Failure } from "@ask-openhands/core/failure.ts";
import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { Directory } from "./directory.ts";
import { membershipsOf } from "./members.ts";
import type { LinkRecord } from "./records.ts";
import { idOf } from "./tokens.ts";

/** One account has one person, so the id is the account. */
export const linkId = (platform: string, host: string, accountId: string): string =>
  idOf("link", platform, host, accountId);

/** Is the link believed in this workspace? */
export const countsIn = ({ within }: LinkRecord, workspaceId: string | undefined): boolean =>
  within === undefined || (workspaceId !== undefined && within.includes(workspaceId));

export type Account = Pick<Author, "platform" | "host" | "id" | "name" | "displayName">;

export interface Links {
  /**
   * Throws `Failure` (not-allowed) when the account is linked to another member of some workspace. No proof takes it from them, but that
   * a proof which counts everywhere goes before a message that some workspace told of.
   */
  requireFree(
    account: Pick<Account, "platform" | "host" | "id" | "name">,
    personId: string,
    proof: LinkRecord["proof"],
  ): void;
  /** Links the account; `within`: the workspace that a message was heard by. Throws as `requireFree`. */
  add(account: Account, personId: string, proof: LinkRecord["proof"], within?: string): Promise<string>;
  remove(id: string): Promise<void>;
  ofPerson(personId: string): readonly { readonly id: string; readonly link: LinkRecord }[];
  /** Calls back with the account that was just linked. */
  onLinked(linked: (account: Account) => void): () => void;
}

export const createLinks = (directory: Directory, now: () => number): Links => {
  const listeners = new Set<(account: Account) => void>();
  const requireFree: Links["requireFree"] = (account, personId, proof) => {
    const held = directory.get("links", linkId(account.platform, account.host, account.id))?.value;
    if (held?.within !== undefined && proof !== "message") return;
    const holder = held?.personId;
    // Somebody who is in no workspace any more holds nothing back.
    if (holder === undefined || holder === personId || membershipsOf(directory, holder).length === 0) return;
    throw new Failure(
      "not-allowed",
      `The account ${account.name} on ${account.host} is linked to another person here. They unlink it first, or a maintainer removes them from the workspace.`,
    );
  };
  return {
    requireFree,
    add: async (account, personId, proof, within) => {
      const id = linkId(account.platform, account.host, account.id);
      const made: LinkRecord = {
        personId,
        platform: account.platform,
        host: account.host,
        accountId: account.id,
        accountName: account.name,
        ...(account.displayName === undefined ? {} : { displayName: account.displayName }),
        proof,
        createdAt: new Date(now()).toISOString(),
      };
      for (;;) {
        requireFree(account, personId, proof);
        const stored = directory.get("links", id);
        const ifVersion = stored?.version ?? 0;
        const before = stored?.value.personId === personId ? stored.value : undefined;
        // A message adds to what is proven already, and takes nothing away from it.
        const weaker = within !== undefined && before !== undefined && before.within === undefined;
        const places = within === undefined ? undefined : [...new Set([...(before?.within ?? []), within])];
        const value = weaker ? before : { ...made, ...(places === undefined ? {} : { within: places }) };
        if ((await directory.write([{ put: "links", id, value, ifVersion }])) === "stored") break;
      }
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
