import { Failure } from "@ask-openhands/core/failure.ts";
import type { RepositoryWord } from "@ask-openhands/core/trigger/repository-words.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { Log } from "../log.ts";
import type { Connections } from "../people/connections.ts";
import type { PlatformDeps } from "../platforms/deps.ts";
import type { Platform } from "../platforms/platform.ts";

type CodeHosts = Pick<PlatformDeps, "findRepositories" | "searchRepositories">;

interface CodeHostsDeps {
  readonly connections: Connections;
  /** Asked at every call: platforms are made after this. */
  platforms(): Iterable<Platform>;
  readonly log: Log;
}

const mostFound = 50;

/** All connected code hosts as one, for platforms whose places name no repository. A host that does not answer hides nothing of the others. */
export const createCodeHosts = ({ connections, platforms, log }: CodeHostsDeps): CodeHosts => {
  const hostsOf = (platform: Platform): readonly string[] => [
    ...new Set(
      connections
        .list(platform.id)
        .filter(({ active }) => active)
        .map(({ host }) => host),
    ),
  ];

  const askAll = async (
    ask: (platform: Platform, host: string) => Promise<readonly RepositoryFacts[]> | undefined,
    wanted?: string,
  ): Promise<readonly RepositoryFacts[]> => {
    const asked = [...platforms()].flatMap((platform) =>
      hostsOf(platform)
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
    findRepositories: (word: RepositoryWord, onBehalf) =>
      askAll(async (platform, host) => {
        const found = await platform.findRepository?.(host, word.name, onBehalf);
        return found === undefined ? [] : [found];
      }, word.host),
    searchRepositories: async (query, onBehalf) =>
      (await askAll((platform, host) => platform.searchRepositories?.(host, query, onBehalf))).slice(
        0,
        mostFound,
      ),
  };
};
