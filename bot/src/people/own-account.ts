import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Audit } from "./audit.ts";
import type { Connections } from "./connections.ts";
import type { Directory } from "./directory.ts";
import { type Links, linkId } from "./links.ts";
import { usableHosts } from "./usable-hosts.ts";

export type AccountId = Pick<Author, "platform" | "host" | "id">;

/** What somebody whose account is linked sees of themselves. */
export interface OwnFacts {
  /** Linked accounts: "GitHub: mira (github.com)". */
  readonly links: readonly string[];
  /** Own connections, with what is wrong with them. */
  readonly connections: readonly { readonly name: string; readonly problem?: string | undefined }[];
  /** Code hosts of the workspace where no account is linked: "GitHub (github.com)". */
  readonly missing: readonly string[];
  /** `host/owner/name`, meant by requests that name no other. */
  readonly defaultRepository?: string | undefined;
}

/** What a platform may show people of themselves, and let them change. Only members of the workspace that the platform speaks for count: it vouches for nobody else's. */
export interface OwnAccounts {
  /** `undefined` for an account that is linked to nobody. */
  describe(account: AccountId, workspaceId: string): OwnFacts | undefined;
  /** Takes the link of this account away; false when there was none. */
  unlink(account: AccountId, workspaceId: string): Promise<boolean>;
  /** False when the account is linked to nobody. `undefined` takes it away. */
  setDefaultRepository(
    account: AccountId,
    workspaceId: string,
    repository: string | undefined,
  ): Promise<boolean>;
}

interface Options {
  readonly directory: Directory;
  readonly connections: Connections & { all(): ReturnType<Connections["list"]> };
  readonly links: Pick<Links, "ofPerson" | "remove">;
  readonly audit: Pick<Audit, "append">;
  /** Asked at every call: platforms are made after this. */
  platforms(): Iterable<Pick<Platform, "id" | "name" | "findRepository">>;
}

export const createOwnAccounts = (options: Options): OwnAccounts => {
  const { directory, connections, links, audit } = options;
  const nameOf = (platform: string): string =>
    [...options.platforms()].find(({ id }) => id === platform)?.name ?? platform;
  const personOf = ({ platform, host, id }: AccountId, workspaceId: string): string | undefined =>
    connections.personOf(platform, host, id, workspaceId);

  return {
    describe(account, workspaceId) {
      const personId = personOf(account, workspaceId);
      if (personId === undefined) return undefined;
      const linked = links.ofPerson(personId).map(({ link }) => link);
      const codeHosts = [...options.platforms()]
        .filter(({ findRepository }) => findRepository !== undefined)
        .flatMap(({ id, name }) =>
          usableHosts(connections, id, { workspaceId }).map((host) => ({ platform: id, name, host })),
        );
      return {
        links: linked.map(
          ({ platform, host, accountName, displayName }) =>
            `${nameOf(platform)}: ${displayName ?? accountName} (${host})`,
        ),
        connections: connections
          .all()
          .filter(({ active, owner }) => active && owner.kind === "person" && owner.id === personId)
          .map(({ name, status }) => ({ name, problem: status?.problem })),
        missing: codeHosts
          .filter(
            ({ platform, host }) => !linked.some((one) => one.platform === platform && one.host === host),
          )
          .map(({ name, host }) => `${name} (${host})`),
        defaultRepository: directory.get("people", personId)?.value.defaultRepositories?.[workspaceId],
      };
    },
    async unlink(account, workspaceId) {
      const personId = personOf(account, workspaceId);
      if (personId === undefined) return false;
      await links.remove(linkId(account.platform, account.host, account.id));
      await audit.append({
        action: "account.unlinked",
        person: personId,
        target: `${nameOf(account.platform)}:${account.host}:${account.id}`,
      });
      return true;
    },
    async setDefaultRepository(account, workspaceId, repository) {
      const personId = personOf(account, workspaceId);
      const stored = personId === undefined ? undefined : directory.get("people", personId);
      if (personId === undefined || stored === undefined) return false;
      const { [workspaceId]: _before, ...others } = stored.value.defaultRepositories ?? {};
      const defaultRepositories =
        repository === undefined ? others : { ...others, [workspaceId]: repository };
      await directory.write([
        { put: "people", id: personId, value: { ...stored.value, defaultRepositories } },
      ]);
      return true;
    },
  };
};
