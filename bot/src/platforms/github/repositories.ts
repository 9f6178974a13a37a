import { githubAppPermissions } from "@ask-openhands/core/connection/catalog/github.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { findPage } from "@ask-openhands/core/connection/page-place.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import { renewsAfter } from "../oauth-token.ts";
import type { AgentToken, OnBehalf } from "../platform.ts";
import { sharedIn } from "../shared-in.ts";
import { isWebPage, webPagePlace } from "../web-page.ts";
import { apiUrl } from "./api-address.ts";
import type { Client } from "./client.ts";
import { type Doors, isApp, orUndefined } from "./connect.ts";
import { itemsUntil, perPage } from "./pages.ts";
import { placeOf } from "./place.ts";
import { repositoryFacts } from "./read.ts";
import { firstThatSees } from "./rights.ts";
import { splitName } from "./spots.ts";

type Repository = Awaited<ReturnType<Client["rest"]["repos"]["listForAuthenticatedUser"]>>["data"][number];

/** Pages of a hundred repositories that a search looks through, per connection. */
const mostPages = 3;
const mostFound = 20;

/** What the agent may do, at most: less than we have (issues are read only), and never more than the installation was given. */
const agentPermissions = { ...githubAppPermissions, issues: "read" } as const;
type PermissionName = keyof typeof agentPermissions;

export const agentTokenName = "GITHUB_TOKEN";

/** Long enough for the step that runs when a new token is handed to end before the old one does. */
const renewBefore = 15 * 60_000;

export function createRepositories(doors: Doors) {
  /** Repositories of one connection, those pushed to last first. */
  const repositoriesOf = async (connection: Connection, most = mostPages): Promise<readonly Repository[]> => {
    if (!isApp(connection)) {
      const client = await doors.into(connection, "");
      if (!client) return [];
      return itemsUntil(
        most,
        (page) => client.rest.repos.listForAuthenticatedUser({ sort: "pushed", per_page: perPage, page }),
        () => true,
      );
    }
    const app = await doors.asApp(connection);
    const installations = await itemsUntil(
      most,
      (page) => app.rest.apps.listInstallations({ per_page: perPage, page }),
      () => true,
    );
    const lists = await Promise.all(
      installations
        .filter((one) => !one.suspended_at)
        .map(async ({ id }) => {
          const client = await doors.asInstallation(connection, id);
          return itemsUntil(
            most,
            async (page) => {
              const { data, headers } = await client.rest.apps.listReposAccessibleToInstallation({
                per_page: perPage,
                page,
              });
              return { data: data.repositories as readonly Repository[], headers };
            },
            () => true,
          );
        }),
    );
    return lists.flat().sort((a, b) => (b.pushed_at ?? "").localeCompare(a.pushed_at ?? ""));
  };

  const appToken = async (
    connection: Connection,
    repository: RepositoryFacts,
  ): Promise<Pick<AgentToken, "value" | "renewAfter"> | undefined> => {
    const name = await doors.nameOf(connection, repository);
    const installation = await doors.installationOf(connection, name);
    if (installation === undefined) return undefined;
    const app = await doors.asApp(connection);
    const client = await doors.asInstallation(connection, installation);
    const [{ data: granted }, { data: facts }] = await Promise.all([
      app.rest.apps.getInstallation({ installation_id: installation }),
      client.rest.repos.get({ ...splitName(name) }),
    ]);
    const have: Readonly<Record<string, string | undefined>> = { ...granted.permissions };
    const allowed = (Object.keys(agentPermissions) as readonly PermissionName[]).filter(
      (name) => have[name] === "write" || (have[name] === "read" && agentPermissions[name] === "read"),
    );
    const { data } = await app.rest.apps.createInstallationAccessToken({
      installation_id: installation,
      // One repository, at most an hour.
      repository_ids: [facts.id],
      permissions: Object.fromEntries(allowed.map((name) => [name, agentPermissions[name]])),
    });
    return { value: data.token, renewAfter: Date.parse(data.expires_at) - renewBefore };
  };

  const userToken = async (
    connection: Connection,
    onBehalf: OnBehalf,
  ): Promise<Pick<AgentToken, "value" | "renewAfter">> => {
    const value = (await doors.token(connection)) ?? "";
    // Asking for it may have renewed it.
    const present = doors.forHost(connection.host, onBehalf).find(({ id }) => id === connection.id);
    return { value, renewAfter: renewsAfter(present ?? connection) };
  };

  const serverAddresses = (connection: Connection): Readonly<Record<string, string>> =>
    connection.host === "github.com"
      ? {}
      : {
          GH_HOST: connection.host,
          GITHUB_SERVER_URL: `https://${connection.host}`,
          GITHUB_API_URL: apiUrl(connection),
        };

  return {
    repositoriesOf,

    async findRepository(
      host: string,
      name: string,
      onBehalf: OnBehalf,
    ): Promise<RepositoryFacts | undefined> {
      if (!/^[^/\s]+\/[^/\s]+$/.test(name)) return undefined;
      return firstThatSees(doors, doors.forHost(host, onBehalf), { name }, async (client, connection) => {
        const answer = await orUndefined(client.rest.repos.get({ ...splitName(name) }));
        if (answer === undefined) return undefined;
        doors.learnName(connection.id, { id: String(answer.data.id), name: answer.data.full_name });
        return repositoryFacts(host, answer.data);
      });
    },

    async searchRepositories(
      host: string,
      query: string,
      onBehalf: OnBehalf,
    ): Promise<readonly RepositoryFacts[]> {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const own = doors.forHost(host, onBehalf);
      // Somebody with a token of their own sees what that token sees, not what the workspace's does.
      const personal = own.filter((one) => one.owner.kind === "person");
      const lists = await Promise.all(
        (personal.length > 0 ? personal : own).map((connection) => repositoriesOf(connection)),
      );
      const found = new Map(
        lists
          .flat()
          .filter((one) => words.every((word) => one.full_name.toLowerCase().includes(word)))
          .map((one) => [one.full_name, repositoryFacts(host, one)]),
      );
      return [...found.values()].slice(0, mostFound);
    },

    async agentToken(repository: RepositoryFacts, onBehalf: OnBehalf): Promise<AgentToken | undefined> {
      let failure: unknown;
      for (const connection of doors.forHost(repository.host, onBehalf)) {
        try {
          const token = isApp(connection)
            ? await appToken(connection, repository)
            : await userToken(connection, onBehalf);
          if (token?.value)
            return {
              name: agentTokenName,
              ...token,
              gitUser: "x-access-token",
              own: connection.owner.kind === "person",
              also: serverAddresses(connection),
            };
        } catch (error) {
          failure ??= error;
        }
      }
      if (failure !== undefined) throw failure;
      return undefined;
    },

    async placeAt(address: string, onBehalf: OnBehalf, near?: Place): Promise<Place | undefined> {
      const page = findPage("github", address);
      if (page?.repository === undefined) return undefined;
      const { host, repository: name } = page;
      const all = doors.workspace(host).filter(sharedIn(onBehalf.workspaceId));
      if (isWebPage(page)) {
        return firstThatSees(doors, all, { name }, async (client, connection) => {
          const seen = await orUndefined(client.rest.repos.get({ ...splitName(name) }));
          return seen && webPagePlace(page, { repository: seen.data.full_name, connection: connection.id });
        });
      }
      const number = Number(page.id);
      const ordered = [
        ...all.filter(({ id }) => id === near?.connection),
        ...all.filter(({ id }) => id !== near?.connection),
      ];
      return firstThatSees(doors, ordered, { name }, async (client, connection) => {
        const path = splitName(name);
        const repository = await orUndefined(client.rest.repos.get({ ...path }));
        const pull =
          repository && page.kind !== "issue"
            ? await orUndefined(client.rest.pulls.get({ ...path, pull_number: number }))
            : undefined;
        // GitHub takes either word in the address of both.
        const issue =
          repository && !pull
            ? await orUndefined(client.rest.issues.get({ ...path, issue_number: number }))
            : undefined;
        const subject = pull?.data ?? issue?.data;
        if (!repository || !subject) return undefined;
        const kind = pull || issue?.data.pull_request ? "pull-request" : "issue";
        const installation = isApp(connection) ? await doors.installationOf(connection, name) : undefined;
        return placeOf({
          host,
          repository: repository.data,
          kind,
          number,
          title: subject.title,
          url: subject.html_url,
          connection: connection.id,
          installation,
        });
      });
    },
  };
}

export type Repositories = ReturnType<typeof createRepositories>;
