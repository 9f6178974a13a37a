import type { RunOrder } from "@ask-openhands/core/work/lane.ts";
import { type Mention, noRepository } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { judgeRepository } from "./judge-repository.ts";
import type { Server } from "./means.ts";
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
  | {
      readonly may: "link";
      readonly why: string;
      readonly url: string;
      /** True for an address that proves who opens it. */
      readonly once: boolean;
      /** Where the account is missing. */
      readonly server: Server;
    };

export const isOwn = (place: Place, repository: RepositoryFacts): boolean =>
  place.platform === repository.platform &&
  place.host === repository.host &&
  place.repository?.toLowerCase() === repository.name.toLowerCase();

/** Where accounts say nothing of code, a workspace may take a member's word for any repository that its connections reach. */
const trustsMembers = (deps: EngineDeps, place: Place): boolean =>
  platformAt(deps, place).accountsKnowRepositories === false &&
  deps.policy.settings(place.connection).trustMembers;

/** What an ask is about: a repository, none by the asker's own choice, or what is not known yet. */
export type About = RepositoryFacts | typeof noRepository | undefined;

/** What the work of an order is about. */
export const aboutOf = (order: RunOrder | undefined): About =>
  order === undefined ? undefined : (order.repository ?? noRepository);

/**
 * The workspace's own rules first, then the live questions: about the place, and about the repository when it is another one.
 * Throws `Failure` when one cannot be answered: a failed question is never a yes. Without a repository only the place is asked about.
 */
export const judge = async (turn: Turn, mention: Mention, about?: About): Promise<Judgement> => {
  const { deps } = turn;
  const { policy } = deps;
  const { author, place } = mention;
  const repository = about === noRepository ? undefined : about;
  const elsewhere = repository !== undefined && !isOwn(place, repository);
  const placed = place.repository === undefined ? undefined : { host: place.host, name: place.repository };
  const answer = policy.judge(mention, repository ?? placed ?? about);
  if (answer.allowed === false) return { may: false, why: answer.why, silent: answer.silent };
  if (answer.allowed === "needs-link")
    return { may: "link", why: answer.why, url: answer.linkUrl, once: true, server: author };
  const { workspaceId, personId, opened = false, outsider } = answer;
  // A bot that a maintainer listed has no rights of its own on most platforms; it may work where it speaks, not elsewhere.
  if (author.kind === "bot") {
    const why =
      "A bot may ask for work in the repository where it speaks, or that a maintainer opened the room for, not in another.";
    return elsewhere && !opened ? { may: false, why } : { may: true, workspaceId };
  }

  // A maintainer who has no account at the place and stops a run from our page: the page has asked for the role, the platform knows nobody to ask about.
  if (personId !== undefined && mention.person === personId && author.id === `person:${personId}`)
    return { may: true, personId, workspaceId };

  const asked = await askPlatform(deps, place, (platform) => platform.mayAsk(author, place));
  const isTrusted = opened || (personId !== undefined && trustsMembers(deps, place));
  const isSettled = asked.may === true && (!elsewhere || isTrusted);
  const permission =
    asked.may === false || repository === undefined || isSettled
      ? asked
      : await judgeRepository(turn, author, repository, { workspaceId, personId });
  if (permission.may === false) return { may: false, why: permission.why, cure: permission.cure };
  if (permission.may === true) return { may: true, personId, workspaceId };
  if (outsider !== undefined) return { may: false, why: outsider };
  // Asked again after linking, so that it never becomes a yes by itself.
  if (personId === undefined)
    return { may: "link", why: permission.why, url: policy.linkFor(mention), once: true, server: author };
  const server = repository ?? place;
  return { may: "link", why: permission.why, url: policy.linkPage(server.platform), once: false, server };
};
