import type { Account, PlatformWorld } from "../contracts/platform-subject.ts";
import { subject as codeHost, startGitHubWorld } from "../contracts/subjects/github.ts";
import type { FlowOptions } from "./flow.ts";
import type { Colleague } from "./team.ts";

export interface BesideCode {
  readonly code: Awaited<ReturnType<typeof startGitHubWorld>>;
  /** The code host's repository as the default of the room, and the team that works on it. */
  readonly options: Pick<FlowOptions, "also" | "settings" | "team">;
  close(): Promise<void>;
}

interface Wanted {
  /** Nobody is known to the bot yet. */
  readonly strangers?: boolean | undefined;
  /** The room has no repository of its own. */
  readonly withoutDefault?: boolean | undefined;
  /** More people in the chat who may write to the repository. */
  readonly colleagues?: readonly Account[] | undefined;
}

/** Fakes of services that live at one well-known address are elsewhere in a test. */
const hostsOf = ({ connections }: PlatformWorld): readonly string[] =>
  connections
    .flatMap((seeded) => Object.values(seeded.connection.settings))
    .flatMap((value) => (URL.canParse(value) ? [new URL(value).host] : []));

/** A code host beside a world of chat or tickets, where the work of that world lands. Its people are linked on both, as in a team that uses the bot. */
export const besideCode = async (world: PlatformWorld, wanted: Wanted = {}): Promise<BesideCode> => {
  const code = await startGitHubWorld();
  const [connection] = code.connections;
  const platform = world.connections[0]?.connection.platform;
  if (connection === undefined || platform === undefined) throw new Error("a world has no connection");
  const [repository] = code.github.state.repositories;
  const writers = (wanted.colleagues ?? []).map((account) => {
    const user = code.github.addUser(`${account.id.toLowerCase()}-code`);
    repository?.roles.set(user.id, "write");
    return { chat: account, code: { id: String(user.id), name: user.login } };
  });
  const team = [
    { chat: world.people.writer, code: code.people.writer },
    { chat: world.people.reader, code: code.people.reader },
    ...writers,
  ].map(
    ({ chat, code: own }): Colleague => ({
      accounts: [
        { platform, host: world.host, ...chat },
        { platform: codeHost.id, host: code.host, ...own },
      ],
    }),
  );
  return {
    code,
    options: {
      also: [connection],
      ...(wanted.strangers === true ? {} : { team }),
      settings: {
        allowedHosts: hostsOf(world),
        workspace:
          wanted.withoutDefault === true ? {} : { defaultRepositories: `${world.room}=${code.repository}` },
      },
    },
    close: () => code.close(),
  };
};
