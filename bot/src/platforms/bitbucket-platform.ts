import type { Connection, ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import type { Author, Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import { createBitbucketMissed } from "./bitbucket-missed.ts";
import type { BitbucketEar } from "./bitbucket-place.ts";
import { createBitbucketReading } from "./bitbucket-read.ts";
import { bitbucketEar, bitbucketRoutes, eventHeader } from "./bitbucket-receiver.ts";
import { createBitbucketLookup } from "./bitbucket-repositories.ts";
import { createBitbucketRights } from "./bitbucket-rights.ts";
import type { BitbucketSites } from "./bitbucket-sites.ts";
import { bitbucketBodyLimit, createBitbucketTalk } from "./bitbucket-talk.ts";
import type { OAuthWay } from "./connect-way.ts";
import type { PlatformDeps } from "./deps.ts";
import type { AgentToken, Hooks, Platform, WriteLimits } from "./platform.ts";

/** What one flavour brings. */
export interface BitbucketParts {
  readonly deps: PlatformDeps;
  readonly id: "bitbucket-cloud" | "bitbucket-dc";
  readonly name: string;
  readonly sites: BitbucketSites;
  /** Largest delivery in bytes. */
  readonly deliveryLimit: number;
  readonly editEvery: number;
  readonly writeLimits?: WriteLimits | undefined;
  /** What the server lets one account ask; absent where it has no limit of its own. */
  readonly requestsPerHour?: number | undefined;
  /** Event that may come unsigned. */
  readonly unsigned?: string | undefined;
  /** Host that `explain` takes when neither payload nor caller names one. */
  readonly usualHost: string;
  /** Right that seeing others' rights needs, in words. */
  readonly needs: string;
  readonly hooks: Hooks;
  hear(event: string | undefined, body: unknown, ear: BitbucketEar): Heard;
  complete?(mention: Mention): Promise<Heard>;
  mention(author: Author): string;
  inspect(connectionId: string): Promise<ConnectionStatus>;
  /** Variable that the agent expects its token in. */
  readonly tokenName: string;
  /** What the agent gets of a connection. */
  token(connection: Connection): Promise<Omit<AgentToken, "name">>;
  /** User name that git sends with a token that a person typed in for the agent. */
  gitUser(token: string): string;
  /** Variables beside the token. */
  also?(repository: RepositoryFacts): Readonly<Record<string, string>>;
  react?(mention: Mention, feeling: "seen" | "done" | "failed"): Promise<void>;
  readonly oauth?: OAuthWay | undefined;
}

/** Bitbucket of one flavour as a platform. */
export const createBitbucket = (parts: BitbucketParts): Platform => {
  const { deps, id, sites, tokenName } = parts;

  const agentToken: NonNullable<Platform["agentToken"]> = async (repository, onBehalf) => {
    const also = parts.also?.(repository);
    const override = deps.connections.override(tokenName, onBehalf.personId, onBehalf.workspaceId);
    if (override)
      return {
        name: tokenName,
        value: override,
        gitUser: parts.gitUser(override),
        ...(also ? { also } : {}),
      };
    const site = sites.forHost(repository.host, onBehalf)[0];
    if (site === undefined) return undefined;
    const token = await parts.token(site.connection);
    const own = site.connection.owner.kind === "person";
    return { name: tokenName, ...token, own, also: { ...also, ...token.also } };
  };

  const explain: Platform["explain"] = (headers, body, host) => {
    const event = Object.entries(headers).find(([name]) => name.toLowerCase() === eventHeader)?.[1];
    const active = sites.workspace().map(({ connection }) => connection);
    const fitting = host === undefined ? active : active.filter((one) => one.host === host);
    const connection = fitting.length === 1 ? fitting[0] : undefined;
    const ear = bitbucketEar(deps, connection, sites.known);
    return parts.hear(event, body, { ...ear, host: host ?? connection?.host ?? parts.usualHost });
  };

  return {
    id,
    name: parts.name,
    bodyLimit: bitbucketBodyLimit,
    editEvery: parts.editEvery,
    writeLimits: () => parts.writeLimits,
    routes: bitbucketRoutes({
      deps,
      platform: id,
      sites,
      limit: parts.deliveryLimit,
      unsigned: parts.unsigned,
      hear: parts.hear,
      ...(parts.complete ? { complete: parts.complete } : {}),
    }),
    ...createBitbucketReading(deps, sites, { platform: id, needs: parts.needs }),
    ...createBitbucketRights(sites, { name: parts.name, needs: parts.needs }),
    ...createBitbucketTalk(sites, parts.mention),
    ...createBitbucketLookup(sites, id),
    ...(parts.react ? { react: parts.react } : {}),
    ...(parts.oauth ? { oauth: parts.oauth } : {}),
    agentTokenName: tokenName,
    agentToken,
    // Where no webhook was ever set up, no delivery can have told.
    polls: () =>
      sites.workspace().some(({ connection }) => !deps.connections.secret(connection, "webhookSecret")),
    missed: createBitbucketMissed(deps, id, sites, parts.requestsPerHour),
    hooks: parts.hooks,
    inspect: parts.inspect,
    explain,
  };
};
