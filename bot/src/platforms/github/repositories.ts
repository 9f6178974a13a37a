import { githubAppPermissions } from "@ask-openhands/core/connection/catalog/github.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { findPage } from "@ask-openhands/core/connection/page-place.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { AgentToken, OnBehalf, Permission } from "../platform.ts";
import { isWebPage, webPagePlace } from "../web-page.ts";
import { apiUrl, type Client } from "./client.ts";
import { type Doors, isApp, orUndefined, splitName } from "./connect.ts";
import { itemsUntil, perPage } from "./pages.ts";
import { placeOf } from "./place.ts";
import { refused, repositoryFacts } from "./read.ts";

type Repository = Awaited<ReturnType<Client["rest"]["repos"]["listForAuthenticatedUser"]>>["data"][number];

/** Pages of a hundred repositories that a search looks through, per connection. */
const mostPages = 3;
const mostFound = 20;

/** What the agent may do, at most: less than we have (issues are read only), and never more than the installation was given. */
const agentPermissions = { ...githubAppPermissions, issues: "read" } as const;
type PermissionName = keyof typeof agentPermissions;

const placePath = /^\/([^/]+)\/([^/]+)\/(issues|pull)\/(\d+)(?:\/|$)/;

export function createRepositories(doors: Doors) {
  const firstThatSees = async <T>(
    connections: readonly Connection[],
    repository: string,
    look: (client: Client, connection: Connection) => Promise<T | undefined>,
  ): Promise<T | undefined> => {
    let failure: unknown;
    for (const connection of connections) {
      try {
        const client = await doors.into(connection, repository);
        const found = client && (await look(client, connection));
        if (found !== undefined) return found;
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return undefined;
  };

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
  ): Promise<string | undefined> => {
    const installation = await doors.installationOf(connection, repository.name);
    if (installation === undefined) return undefined;
    const app = await doors.asApp(connection);
    const client = await doors.asInstallation(connection, installation);
    const [{ data: granted }, { data: facts }] = await Promise.all([
      app.rest.apps.getInstallation({ installation_id: installation }),
      client.rest.repos.get({ ...splitName(repository.name) }),
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
    return data.token;
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

    findRepository: (
      host: string,
      name: string,
      onBehalf: OnBehalf,
    ): Promise<RepositoryFacts | undefined> => {
      const path = splitName(name);
      return firstThatSees(doors.forHost(host, onBehalf), name, async (client) => {
        const answer = await orUndefined(client.rest.repos.get({ ...path }));
        return answer && repositoryFacts(host, answer.data);
      });
    },

    /** Asked with the person's own token: what it may push to, the person may. */
    async mayWrite(repository: RepositoryFacts, { personId }: OnBehalf): Promise<Permission> {
      const own = personId === undefined ? [] : doors.ofPerson(personId, repository.host);
      if (own.length === 0)
        return { may: "after-linking", why: `We have no GitHub access of yours for ${repository.host}.` };
      const seen = await firstThatSees(own, repository.name, async (client) => {
        const answer = await orUndefined(client.rest.repos.get({ ...splitName(repository.name) }));
        return answer?.data.permissions;
      });
      return seen?.push || seen?.maintain || seen?.admin ? { may: true } : refused(repository.name);
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
          const value = isApp(connection)
            ? await appToken(connection, repository)
            : await doors.token(connection);
          if (value)
            return {
              name: "GITHUB_TOKEN",
              value,
              gitUser: "x-access-token",
              also: serverAddresses(connection),
            };
        } catch (error) {
          failure ??= error;
        }
      }
      if (failure !== undefined) throw failure;
      return undefined;
    },

    async placeAt(address: string, near?: Place): Promise<Place | undefined> {
      if (!URL.canParse(address)) return undefined;
      const url = new URL(address);
      const [, owner, repo, type, number] = placePath.exec(url.pathname) ?? [];
      const all = doors.workspace(url.host);
      if (!owner || !repo || !number) {
        const page = findPage("github", url);
        if (page?.repository === undefined || !isWebPage(page)) return undefined;
        return firstThatSees(all, page.repository, async (client, connection) => {
          const seen = await orUndefined(client.rest.repos.get({ ...splitName(page.repository ?? "") }));
          return seen && webPagePlace(page, { repository: seen.data.full_name, connection: connection.id });
        });
      }
      const name = `${decodeURIComponent(owner)}/${decodeURIComponent(repo)}`;
      const ordered = [
        ...all.filter(({ id }) => id === near?.connection),
        ...all.filter(({ id }) => id !== near?.connection),
      ];
      return firstThatSees(ordered, name, async (client, connection) => {
        const path = splitName(name);
        const repository = await orUndefined(client.rest.repos.get({ ...path }));
        const pull =
          repository && type === "pull"
            ? await orUndefined(client.rest.pulls.get({ ...path, pull_number: Number(number) }))
            : undefined;
        // GitHub takes either word in the address of both.
        const issue =
          repository && !pull
            ? await orUndefined(client.rest.issues.get({ ...path, issue_number: Number(number) }))
            : undefined;
        const subject = pull?.data ?? issue?.data;
        if (!repository || !subject) return undefined;
        const kind = pull || issue?.data.pull_request ? "pull-request" : "issue";
        const installation = isApp(connection) ? await doors.installationOf(connection, name) : undefined;
        return placeOf({
          host: url.host,
          repository: repository.data,
          kind,
          number: Number(number),
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
