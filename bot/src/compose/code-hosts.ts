import { Failure } from "@ask-openhands/core/failure.ts";
import type { RepositoryWord } from "@ask-openhands/core/trigger/repository-words.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { Log } from "../log.ts";
import type { Connections } from "../people/connections.ts";
import { readRepositoryName } from "../people/repository-name.ts";
import { usableHosts } from "../people/usable-hosts.ts";
import type { PlatformDeps } from "../platforms/deps.ts";
import type { OnBehalf, Platform } from "../platforms/platform.ts";

type CodeHosts = Pick<PlatformDeps, "findRepositories" | "searchRepositories">;

interface CodeHostsDeps {
  readonly connections: Connections;
  /** Asked at every call: platforms are made after this. */
  platforms(): Iterable<Platform>;
  readonly log: Log;
}

const mostFound = 50;

/** All code hosts that a workspace or the asker is connected to as one, for platforms whose places name no repository. A host that does not answer hides nothing of the others. */
export const createCodeHosts = ({ connections, platforms, log }: CodeHostsDeps): CodeHosts => {
  const hostsOf = (platform: Platform, onBehalf: OnBehalf): readonly string[] =>
    usableHosts(connections, platform.id, onBehalf);

  const askAll = async (
    onBehalf: OnBehalf,
    ask: (platform: Platform, host: string) => Promise<readonly RepositoryFacts[]> | undefined,
    wanted?: string,
  ): Promise<readonly RepositoryFacts[]> => {
    const asked = [...platforms()].flatMap((platform) =>
      hostsOf(platform, onBehalf)
        .filter((host) => wanted === undefined || host === wanted)
        .map(async (host): Promise<readonly RepositoryFacts[]> => {
          try {
            return (await ask(platform, host)) ?? [];
          } catch (cause) {
            if (!(cause instanceof Failure)) throw cause;
            log.warn({ platform: platform.id, host, kind: cause.kind }, "code host did not answer");
            return [];
          }
        }),
    );
    return (await Promise.all(asked)).flat();
  };

  return {
    findRepositories: (word: RepositoryWord, onBehalf) => {
      const isHost = (one: string): boolean =>
        [...platforms()].some((platform) => hostsOf(platform, onBehalf).includes(one));
      const { host, name } = word.host === undefined ? readRepositoryName(word.name, isHost) : word;
      return askAll(
        onBehalf,
        async (platform, at) => {
          const found = await platform.findRepository?.(at, name, onBehalf);
          return found === undefined ? [] : [found];
        },
        host,
      );
    },
    searchRepositories: async (query, onBehalf) => {
      const found = await askAll(onBehalf, (platform, host) =>
        platform.searchRepositories?.(host, query, onBehalf),
      );
      return found.slice(0, mostFound);
    },
  };
};
