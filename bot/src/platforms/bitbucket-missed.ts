import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import { authorOf, type OwnAccounts, withHandle } from "./bitbucket-account.ts";
import type { BitbucketComment, BitbucketPullRequest } from "./bitbucket-api.ts";
import { bitbucketPlace, spotOf } from "./bitbucket-place.ts";
import type { BitbucketSites, Site } from "./bitbucket-sites.ts";
import type { PlatformDeps } from "./deps.ts";
import { createLooksApart, type LookApart } from "./looks-apart.ts";

/** Looked at per connection and poll; further ones are those that changed longest ago. */
const mostRepositories = 100;
const mostPullRequests = 100;
const mostComments = 200;

interface Found {
  readonly platform: string;
  readonly site: Site;
  readonly place: Place;
  readonly handle: string;
  readonly own: OwnAccounts;
}

const mentionOf = (
  { platform, site, place, handle, own }: Found,
  said: {
    readonly key: string;
    readonly text: string;
    readonly at: string;
    readonly url?: string | undefined;
  },
  author: NonNullable<BitbucketPullRequest["author"]>,
): Mention => {
  const { host } = site.connection;
  return {
    key: `${platform}:${host}:${said.key}`,
    place,
    author: authorOf({ platform, host }, author, said.text, own),
    way: "comment",
    text: withHandle(said.text, own, host, handle),
    at: said.at,
    url: said.url ?? place.url,
    change: "new",
    reply: { asker: author.id },
  };
};

const commentMention = (found: Found, comment: BitbucketComment): Mention => {
  const { id, spot } = comment;
  const mention = mentionOf(found, { ...comment, key: `comment:${id}` }, comment.author);
  return {
    ...mention,
    way: spot ? "inline" : "comment",
    ...(spot ? { spot } : {}),
    reply: { comment: id, ...mention.reply },
  };
};

const descriptionMention = (found: Found, pullRequest: BitbucketPullRequest): Mention | undefined => {
  const { author, description, at, id, repositoryId } = pullRequest;
  if (!author) return undefined;
  const said = { key: `description:${repositoryId}#${id}`, text: description, at };
  return { ...mentionOf(found, said, author), way: "description" };
};

/**
 * What no delivery told of: an outage, no way in for webhooks, or a payload over 256 KB, which Bitbucket Cloud never sends. New comments and
 * newly opened pull requests only: edits have no time of their own. What was heard already is known by its key.
 */
const createFinding = (deps: PlatformDeps, platform: string, look: LookApart) => {
  const { log } = deps;

  async function* fromPullRequest(found: Found, pullRequest: BitbucketPullRequest, since: number) {
    const isSince = (at: string): boolean => Date.parse(at) >= since;
    const described = isSince(pullRequest.at) ? descriptionMention(found, pullRequest) : undefined;
    if (described) yield described;
    const comments = await found.site.api.comments(spotOf(found.place), mostComments);
    for (const comment of comments) if (isSince(comment.at)) yield commentMention(found, comment);
  }

  async function* fromRepository(site: Site, own: OwnAccounts, name: string, since: number) {
    const { id: connection, host } = site.connection;
    const handle = deps.handles(connection)[0] ?? "@openhands";
    const changed = await site.api.changedSince(name, since, mostPullRequests);
    if (changed.length >= mostPullRequests) {
      const where = { connection, repository: name, newest: changed.length };
      log.warn(where, "more changed than one look takes; what is older is left");
    }
    for (const pullRequest of changed) {
      const { repository, repositoryId, id, url, title } = pullRequest;
      const place = bitbucketPlace({
        platform,
        host,
        repository,
        repositoryId,
        id,
        url,
        title,
        connection,
      });
      const found: Found = { platform, site, place, handle, own };
      const where = { connection, repository: name, pullRequest: id };
      yield* look.part(where, fromPullRequest(found, pullRequest, since));
    }
  }

  return async function* fromSite(site: Site, own: OwnAccounts, since: number): AsyncIterable<Mention> {
    const connection = site.connection.id;
    for (const { name } of await site.api.repositories("", mostRepositories))
      yield* look.part({ connection, repository: name }, fromRepository(site, own, name, since));
  };
};

const hour = 3_600_000;
/** Of the requests that the server lets an account make; reports and questions need the rest. */
const shareOfLimit = 1 / 4;
/** Looks overlap by this, in milliseconds, because lists lag. */
const overlap = 2 * 60_000;

interface Pace {
  readonly startedAt: number;
  /** Everything before was looked at. */
  readonly until: number;
  /** Before that time (epoch milliseconds) no other look. */
  readonly due: number;
}

/**
 * Over all connections of workspaces; trouble with one is told only after the others were asked. `requestsPerHour`: what the server lets one account
 * ask. A look costs a request or more for each repository (nothing says that the time of a repository's last change tells comments, too), so the
 * next one waits until a quarter of the limit pays for both; an hour at most, for by then the server counts none of the last one.
 */
export const createBitbucketMissed = (
  deps: PlatformDeps,
  platform: string,
  sites: BitbucketSites,
  requestsPerHour = Number.POSITIVE_INFINITY,
) => {
  const paces = new Map<string, Pace>();
  // Data Center answers as if the credentials were bad where only a right is missing.
  const beginLook = createLooksApart(deps.log, "could not ask Bitbucket what was missed", ["rate-limited"]);
  /** So long that no hour, wherever it begins, has more looks than its share pays for. */
  const pauseAfter = (requests: number): number => {
    const rest = requestsPerHour * shareOfLimit - requests;
    return rest > requests ? (requests * hour) / rest : hour;
  };

  const isTooEarly = (pace: Pace | undefined, now: number): pace is Pace =>
    pace !== undefined && now >= pace.startedAt && now < pace.due;

  return async function* missed(
    since: number,
    reached: (time: number) => void = () => undefined,
  ): AsyncIterable<Heard> {
    const look = beginLook();
    const fromSite = createFinding(deps, platform, look);

    async function* paced(site: Site): AsyncIterable<Heard> {
      const { id, host } = site.connection;
      const startedAt = deps.now();
      const before = paces.get(id);
      const from = Math.max(since, before?.until ?? 0);
      if (isTooEarly(before, startedAt)) return reached(from);
      const asked = site.requests?.() ?? 0;
      const troubles = look.passing();
      let isWhole = false;
      try {
        await sites.account(site);
        for await (const mention of fromSite(site, sites.known(host), from))
          yield { heard: "mention", mention };
        isWhole = look.passing() === troubles;
      } finally {
        const requests = (site.requests?.() ?? 0) - asked;
        const until = isWhole ? startedAt - overlap : from;
        paces.set(id, { startedAt, until, due: startedAt + pauseAfter(requests) });
      }
    }

    for (const site of sites.workspace())
      yield* look.connection({ connection: site.connection.id }, paced(site));
    look.end();
  };
};
