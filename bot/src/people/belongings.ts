import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { Connections } from "./connections.ts";
import type { Directory } from "./directory.ts";
import { countsIn, linkId } from "./links.ts";
import { isAtLeast, membersOf, roleOf } from "./members.ts";

type Belongings = Pick<Connections, "personOf" | "accountsOf" | "ofPerson" | "broughtBy">;

/** What belongs to whom: accounts by links, connections by their owner and by who brought them. */
export const createBelongings = (directory: Directory, all: () => readonly Connection[]): Belongings => {
  const at = (platform: string, host: string): readonly Connection[] =>
    all().filter((one) => one.active && one.platform === platform && one.host === host);

  return {
    personOf: (platform, host, accountId, workspaceId) => {
      const link = directory.get("links", linkId(platform, host, accountId))?.value;
      if (link === undefined || workspaceId === undefined) return link?.personId;
      const isKnown =
        countsIn(link, workspaceId) && roleOf(directory, workspaceId, link.personId) !== undefined;
      return isKnown ? link.personId : undefined;
    },
    accountsOf: (personId, platform, host, workspaceId) =>
      directory
        .list("links")
        .filter(
          ({ value }) =>
            value.personId === personId &&
            value.platform === platform &&
            value.host === host &&
            countsIn(value, workspaceId),
        )
        .map(({ value }) => ({ platform, host, id: value.accountId, name: value.accountName })),
    ofPerson: (personId, platform, host) =>
      at(platform, host).filter(({ owner }) => owner.kind === "person" && owner.id === personId),
    broughtBy: (personId, workspaceId, platform, host) => {
      if (!isAtLeast(roleOf(directory, workspaceId, personId), "maintainer")) return [];
      const isAlone = membersOf(directory, workspaceId).every((one) => one.personId === personId);
      return at(platform, host).filter(
        ({ owner, tokenBy, fixed }) =>
          owner.kind === "workspace" &&
          owner.id === workspaceId &&
          (tokenBy === undefined ? fixed === true && isAlone : tokenBy === personId),
      );
    },
  };
};
