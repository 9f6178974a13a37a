import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { Permission } from "../platforms/platform.ts";
import { askPlatform, platformAt, type Turn } from "./turn.ts";

/** May this ask be run? `link`: once its author has linked the account. */
export type Judgement =
  | { readonly may: true; readonly personId?: string | undefined; readonly workspaceId: string }
  | {
      readonly may: false;
      readonly why: string;
      readonly cure?: string | undefined;
      readonly silent?: boolean | undefined;
    }
  | { readonly may: "link"; readonly why: string; readonly url: string };

/**
 * The workspace's own rules first, then the live question to the platform. Throws `Failure` when the platform cannot answer: a failed question is never a yes.
 * Without a repository only the place is asked about.
 */
export const judge = async (
  turn: Turn,
  mention: Mention,
  repository?: RepositoryFacts,
): Promise<Judgement> => {
  const { deps } = turn;
  const { author, place } = mention;
  const answer = deps.policy.judge(mention, repository?.name ?? place.repository);
  if (answer.allowed === false) return { may: false, why: answer.why, silent: answer.silent };
  if (answer.allowed === "needs-link") return { may: "link", why: answer.why, url: answer.linkUrl };
  // A bot that a maintainer listed has no rights of its own on most platforms.
  if (author.kind === "bot") return { may: true, workspaceId: answer.workspaceId };

  // Our own page asked the platform when the person was at it; the author may then be a maintainer without an account here.
  const allowed: Permission =
    mention.person !== undefined
      ? { may: true }
      : await askPlatform(deps, place, (platform) => platform.mayAsk(author, place, repository?.name));
  if (allowed.may === false) return { may: false, why: allowed.why, cure: allowed.cure };
  const { personId, workspaceId } = answer;
  if (allowed.may === "after-linking" && personId === undefined)
    return { may: "link", why: allowed.why, url: deps.policy.linkFor(mention) };
  if (
    repository === undefined ||
    platformAt(deps, place).accountsKnowRepositories !== false ||
    personId === undefined
  )
    return { may: true, personId, workspaceId };

  // The account said nothing about the repository: the linked person's own account there does.
  const host = deps.platforms.get(repository.platform);
  if (host?.mayWrite === undefined) return { may: true, personId, workspaceId };
  const may = await deps.outside.call(
    { host: repository.host, name: host.name, within: deps.times.request },
    async () => host.mayWrite?.(repository, { personId }),
  );
  return may?.may === false
    ? { may: false, why: may.why, cure: may.cure }
    : { may: true, personId, workspaceId };
};
