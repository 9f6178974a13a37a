import type { RunOrder } from "@ask-openhands/core/work/lane.ts";
import { type Mention, noRepository } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
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

export const isOwn = (place: Place, repository: RepositoryFacts): boolean =>
  place.platform === repository.platform &&
  place.host === repository.host &&
  place.repository?.toLowerCase() === repository.name.toLowerCase();

/** The linked person's own account on the repository's server; `undefined` when it cannot be asked. */
const askOwnAccount = async (
  turn: Turn,
  repository: RepositoryFacts,
  personId: string | undefined,
): Promise<Permission | undefined> => {
  const { deps } = turn;
  const host = deps.platforms.get(repository.platform);
  if (host?.mayWrite === undefined || personId === undefined) return undefined;
  const call = { host: repository.host, name: host.name, within: deps.times.request };
  return deps.outside.call(call, async () => host.mayWrite?.(repository, { personId }));
};

/**
 * Rights on a repository that is not the place's own. Rights at the place say nothing about it: without this, whoever may write in one project could have us
 * work with our own credentials in any other that we see.
 */
const judgeElsewhere = async (
  turn: Turn,
  { author, place }: Mention,
  repository: RepositoryFacts,
  personId: string | undefined,
): Promise<Permission> => {
  const platform = platformAt(turn.deps, place);
  if (
    platform.mayAskElsewhere === true &&
    place.platform === repository.platform &&
    place.host === repository.host
  ) {
    return askPlatform(turn.deps, place, () => platform.mayAsk(author, place, repository.name));
  }
  const own = await askOwnAccount(turn, repository, personId);
  // Of a chat or a ticket the policy has said already that this room or this linked person may; only a clear no of the server overrules it.
  if (platform.accountsKnowRepositories === false) return own?.may === false ? own : { may: true };
  return (
    own ?? {
      may: "after-linking",
      why: `Your rights here say nothing about ${repository.name}, so your own account for ${repository.host} is needed to ask it.`,
    }
  );
};

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
  const repository = about === noRepository ? undefined : about;
  const { author, place } = mention;
  const elsewhere = repository !== undefined && !isOwn(place, repository);
  const named =
    elsewhere && repository.host !== place.host ? `${repository.host}/${repository.name}` : repository?.name;
  const answer = deps.policy.judge(
    mention,
    named ?? place.repository ?? (about === undefined ? undefined : noRepository),
  );
  if (answer.allowed === false) return { may: false, why: answer.why, silent: answer.silent };
  if (answer.allowed === "needs-link") return { may: "link", why: answer.why, url: answer.linkUrl };
  const { workspaceId } = answer;
  // A bot that a maintainer listed has no rights of its own on most platforms; it may work where it speaks, not elsewhere.
  if (author.kind === "bot") {
    const why = "A bot may ask for work in the repository where it speaks, not in another.";
    return elsewhere && place.repository !== undefined ? { may: false, why } : { may: true, workspaceId };
  }

  // A maintainer who has no account at the place and stops a run from our page: the page has asked for the role, the platform knows nobody to ask about.
  if (mention.person !== undefined && author.id === `person:${mention.person}`)
    return { may: true, personId: mention.person, workspaceId };

  const { personId } = answer;
  const asked = await askPlatform(deps, place, (platform) => platform.mayAsk(author, place));
  // Where the platform cannot tell, the linked person's own account may.
  const unknown = asked.may === "after-linking" && repository !== undefined;
  const here = unknown ? ((await askOwnAccount(turn, repository, personId)) ?? asked) : asked;
  const permission =
    here.may === true && elsewhere ? await judgeElsewhere(turn, mention, repository, personId) : here;
  if (permission.may === false) return { may: false, why: permission.why, cure: permission.cure };
  // Asked again after linking, so that it never becomes a yes by itself.
  if (permission.may === "after-linking") {
    if (personId === undefined)
      return { may: "link", why: permission.why, url: deps.policy.linkFor(mention) };
    return {
      may: false,
      why: permission.why,
      cure: "Connect your own account for that server on the settings page, then ask again.",
    };
  }
  return { may: true, personId, workspaceId };
};
