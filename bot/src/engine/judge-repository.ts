import { Failure } from "@ask-openhands/core/failure.ts";
import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { OnBehalf, Permission, Platform } from "../platforms/platform.ts";
import type { Turn } from "./turn.ts";

type Question = () => Promise<Permission | undefined> | undefined;

/** What can be asked: the accounts that are known to be the asker's, each by the workspace's connections; then tokens of the asker's own. */
const questionsOf = (
  { deps }: Turn,
  author: Author,
  repository: RepositoryFacts,
  asker: OnBehalf,
  platform: Platform,
): readonly Question[] => {
  const { personId, workspaceId } = asker;
  const { host } = repository;
  const isHere = author.platform === platform.id && author.host === host;
  const linked =
    personId === undefined ? [] : deps.connections.accountsOf(personId, platform.id, host, workspaceId);
  const accounts = isHere ? [author] : linked;
  return [
    ...accounts.map((account) => () => platform.mayAccountWrite?.(account, repository, workspaceId)),
    ...(personId === undefined
      ? []
      : [
          async () => {
            const own = await platform.mayWrite?.(repository, asker);
            return own?.may === "after-linking" ? undefined : own;
          },
        ]),
  ];
};

/**
 * May the asker work in a repository that is not the place's own? Proven by an account or a token on the repository's server, asked live; one yes is
 * enough. Rights where the ask was made say nothing about it, and a linked account of a chat or a tracker says nothing about code: without this, whoever
 * may speak to us could have us work with our own credentials in everything that we see. Throws `Failure` when a question failed and none was a yes.
 */
export const judgeRepository = async (
  turn: Turn,
  author: Author,
  repository: RepositoryFacts,
  asker: OnBehalf,
): Promise<Permission> => {
  const { deps } = turn;
  const { host, name } = repository;
  const platform = deps.platforms.get(repository.platform);
  const questions = platform === undefined ? [] : questionsOf(turn, author, repository, asker, platform);
  const call = { host, name: platform?.name ?? host, within: deps.times.request };
  const answers: Permission[] = [];
  let failure: Failure | undefined;
  for (const question of questions) {
    try {
      const answer = await deps.outside.call(call, async () => question());
      if (answer?.may === true) return answer;
      if (answer !== undefined) answers.push(answer);
    } catch (cause) {
      if (!(cause instanceof Failure)) throw cause;
      failure ??= cause;
    }
  }
  if (failure !== undefined) throw failure;
  return (
    answers.find(({ may }) => may === false) ??
    answers[0] ?? {
      may: "after-linking",
      why: `Link your account on ${host}, so that I can see whether you may write to ${name}.`,
    }
  );
};
