import { Failure } from "@ask-openhands/core/failure.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import { authorOf, type OwnAccounts, withHandle } from "./bitbucket-account.ts";
import type { BitbucketComment, BitbucketPullRequest } from "./bitbucket-api.ts";
import { bitbucketPlace, spotOf } from "./bitbucket-place.ts";
import type { BitbucketSites, Site } from "./bitbucket-sites.ts";
import type { PlatformDeps } from "./deps.ts";

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
async function* missedBy(deps: PlatformDeps, platform: string, site: Site, own: OwnAccounts, since: number) {
  const { api, connection } = site;
  const { host } = connection;
  const handle = deps.handles(connection.id)[0] ?? "@openhands";
  const isSince = (at: string): boolean => Date.parse(at) >= since;
  for (const { name } of await api.repositories("", mostRepositories)) {
    for (const pullRequest of await api.changedSince(name, since, mostPullRequests)) {
      const { repository, repositoryId, id, url, title } = pullRequest;
      const place = bitbucketPlace({
        platform,
        host,
        repository,
        repositoryId,
        id,
        url,
        title,
        connection: connection.id,
      });
      const found: Found = { platform, site, place, handle, own };
      const described = isSince(pullRequest.at) ? descriptionMention(found, pullRequest) : undefined;
      if (described) yield described;
      const comments = await api.comments(spotOf(place), mostComments);
      for (const comment of comments) if (isSince(comment.at)) yield commentMention(found, comment);
    }
  }
}

/** Over all connections of workspaces; trouble with one is told only after the others were asked. */
export async function* bitbucketMissed(
  deps: PlatformDeps,
  platform: string,
  sites: BitbucketSites,
  since: number,
): AsyncIterable<Heard> {
  const troubles: Failure[] = [];
  for (const site of sites.workspace()) {
    try {
      await sites.account(site);
      const own = sites.known(site.connection.host);
      for await (const mention of missedBy(deps, platform, site, own, since))
        yield { heard: "mention", mention };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      deps.log.warn({ connection: site.connection.id, error: error.hint }, "could not ask what was missed");
      troubles.push(error);
    }
  }
  if (troubles[0]) throw troubles[0];
}
