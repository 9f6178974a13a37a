import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { Account, Permission, Platform } from "../platform.ts";
import type { Client } from "./client.ts";
import { type Doors, orUndefined } from "./connect.ts";
import { splitName } from "./spots.ts";

const refused = (repository: string): Permission => ({
  may: false,
  why: `You need write access to ${repository} to ask for work there.`,
  cure: "Ask one of its maintainers for write access, or to ask for you.",
});

/** What GitHub says of an account's rights; `undefined` for a repository that this client does not see. */
export const askRights = async (
  client: Client,
  account: Pick<Account, "id" | "name">,
  repository: string,
): Promise<Permission | undefined> => {
  const path = splitName(repository);
  const answer = await orUndefined(
    client.rest.repos.getCollaboratorPermissionLevel({ ...path, username: account.name }),
  );
  if (answer === undefined) {
    // 404 is said for accounts that are no collaborators, and for repositories that we cannot see: only the first is an answer.
    const seen = await orUndefined(client.rest.repos.get({ ...path }));
    return seen && refused(repository);
  }
  const { permission, role_name: role, user } = answer.data;
  // Logins can be given up and taken by somebody else; the account's number cannot.
  if (user && String(user.id) !== account.id) return refused(repository);
  // `permission` is the base right of a custom role: https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user
  const mayWrite = [permission, role].some((one) => one === "admin" || one === "maintain" || one === "write");
  return mayWrite ? { may: true } : refused(repository);
};

/** Somebody may have got another login since the account was linked. */
const askRightsOfLinked = async (
  client: Client,
  account: Account,
  repository: string,
): Promise<Permission | undefined> => {
  const answer = await askRights(client, account, repository);
  if (answer?.may !== false) return answer;
  const user = await orUndefined(client.rest.users.getById({ account_id: Number(account.id) }));
  const login = user?.data.login;
  return login === undefined || login === account.name
    ? answer
    : askRights(client, { ...account, name: login }, repository);
};

/** The first answer of connections that see the repository, under the name that it has by now. Throws what went wrong with one of them when none answers. */
export const firstThatSees = async <T>(
  doors: Pick<Doors, "into" | "nameOf">,
  connections: readonly Connection[],
  repository: Pick<RepositoryFacts, "id" | "name">,
  look: (client: Client, connection: Connection, name: string) => Promise<T | undefined>,
): Promise<T | undefined> => {
  let failure: unknown;
  for (const connection of connections) {
    try {
      const name = await doors.nameOf(connection, repository);
      const client = await doors.into(connection, name);
      const found = client && (await look(client, connection, name));
      if (found !== undefined) return found;
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return undefined;
};

/** Rights on repositories that are not a place's own. */
export const createRights = (doors: Doors): Required<Pick<Platform, "mayAccountWrite" | "mayWrite">> => ({
  async mayAccountWrite(account, repository: RepositoryFacts, workspaceId) {
    const { host, name } = repository;
    const shared = doors.forHost(host, { workspaceId });
    const answer = await firstThatSees(doors, shared, repository, (client, _, present) =>
      askRightsOfLinked(client, account, present),
    );
    const why = `No connection of this workspace sees ${name} on ${host}, so only a token of your own shows what you may do there.`;
    return answer ?? { may: "after-linking", why };
  },

  /** What a person's token may push to, the person may. */
  async mayWrite(repository, onBehalf) {
    const { host, name } = repository;
    const own = doors.ownTokens(host, onBehalf);
    if (own.length === 0)
      return { may: "after-linking", why: `We have no GitHub access of yours for ${host}.` };
    const seen = await firstThatSees(doors, own, repository, async (client, _, present) => {
      const answer = await orUndefined(client.rest.repos.get({ ...splitName(present) }));
      return answer?.data.permissions;
    });
    return seen?.push || seen?.maintain || seen?.admin ? { may: true } : refused(name);
  },
});
