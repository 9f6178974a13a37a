import { Failure } from "@ask-openhands/core/failure.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { Place, PlatformId } from "@ask-openhands/core/work/place.ts";
import type * as z from "zod";
import type { OwnAccounts } from "./bitbucket-account.ts";
import type { Spot } from "./bitbucket-api.ts";

/** What hearing needs besides the payload; all in memory. */
export interface BitbucketEar {
  /** Server of the connection whose secret signed the delivery. */
  readonly host?: string | undefined;
  readonly connection?: string | undefined;
  /** Word that calls us. */
  readonly handle: string;
  own(host: string): OwnAccounts;
}

interface PlaceFacts {
  readonly platform: PlatformId;
  readonly host: string;
  readonly repository: string;
  /** Stays when the repository is renamed or moved. */
  readonly repositoryId: string;
  readonly id: string;
  readonly url: string;
  readonly title?: string | null | undefined;
  readonly connection?: string | undefined;
}

/** Pull requests are the only places: Cloud's issue tracker ended in August 2026, Data Center never had one. */
export const bitbucketPlace = (facts: PlaceFacts): Place => ({
  platform: facts.platform,
  host: facts.host,
  key: `${facts.platform}:${facts.host}:${facts.repositoryId}#${facts.id}`,
  kind: "pull-request",
  url: facts.url,
  ...(facts.title ? { title: facts.title } : {}),
  label: `#${facts.id}`,
  repository: facts.repository,
  ...(facts.connection === undefined ? {} : { connection: facts.connection }),
  address: { repository: facts.repository, repositoryId: facts.repositoryId, id: facts.id },
});

/** What the calls about a place need. */
export const spotOf = (place: Place): Spot => {
  const { repository, id } = place.address;
  if (repository && id) return { repository, id };
  throw new Failure("bad-input", `${place.label} is no pull request of Bitbucket.`);
};

/** First and second half of `workspace/slug`. */
export const halves = (repository: string): readonly [owner: string, slug: string] => {
  const [owner, slug, ...more] = repository.split("/");
  if (owner && slug && more.length === 0) return [owner, slug];
  throw new Failure(
    "bad-input",
    `"${repository}" is no repository of Bitbucket: it has the form owner/name.`,
  );
};

export const ignored = (why: string): Heard => ({ heard: "ignored", why });

export const malformed = (event: string, path: string): never => {
  throw new Failure(
    "bad-input",
    `This is not a Bitbucket ${event} delivery: "${path}" is missing or has the wrong form.`,
  );
};

/** A part of a payload, checked; throws `bad-input` with the path of what is wrong. */
export const readPart = <T>(event: string, schema: z.ZodType<T>, body: unknown): T => {
  const result = schema.safeParse(body);
  return result.success ? result.data : malformed(event, result.error.issues[0]?.path.join(".") || "payload");
};

/** ISO 8601 of whatever Bitbucket writes: ISO with microseconds or `+0000`, or epoch milliseconds. */
export const isoTime = (time: string | number | null | undefined): string => {
  const written = typeof time === "string" ? time.replace(/([+-]\d\d)(\d\d)$/, "$1:$2") : time;
  const at = new Date(written ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? new Date(0).toISOString() : at.toISOString();
};
