import { createHash } from "node:crypto";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Posted, PostRef } from "@ask-openhands/core/work/run.ts";
import { mapStrings } from "../map-strings.ts";
import type { PostOptions } from "../platforms/platform.ts";
import { askPlatform, platformAt, type Turn } from "./turn.ts";

export interface Wanted {
  readonly place: Place;
  readonly message: Message;
  readonly reply: Readonly<Record<string, string>>;
  /** Only this person should see it, where the platform can. */
  readonly only?: Author | undefined;
  /** The end of something, or a question: not held back by the budget, which is there for progress. */
  readonly urgent?: boolean | undefined;
  /** What is known of it so far. */
  readonly posted?: Posted | undefined;
  /** Stores, durably, that a post is about to go out. */
  intend(posted: Posted): Promise<void>;
}

/** `stands`: it is there with these words. `wait`: an earlier request may still be in flight, or (`progressOnly`) the budget of writes is used up. `deleted`: somebody took it away. */
export type PostResult =
  | { readonly stands: PostRef; readonly digest: string; readonly posted: Posted }
  | { readonly wait: number; readonly posted: Posted | undefined; readonly progressOnly?: true }
  | { readonly deleted: true; readonly posted: Posted };

/** The last stage before anything leaves: every text of every block passes the redactor. */
const redactMessage = (message: Message, redact: (text: string) => string): Message => ({
  ...message,
  blocks: mapStrings(message.blocks, redact),
});

/** Same words, same digest. */
const digestOf = (message: Message): string =>
  createHash("sha256")
    .update(JSON.stringify([message.blocks, message.actions]))
    .digest("hex")
    .slice(0, 32);

const edit = async (
  turn: Turn,
  wanted: Wanted,
  ref: PostRef,
  message: Message,
): Promise<PostRef | undefined> => {
  try {
    return await askPlatform(turn.deps, wanted.place, (platform) =>
      platform.editPost(wanted.place, ref, message),
    );
  } catch (cause) {
    if (cause instanceof Failure && cause.kind === "not-found") return undefined;
    throw cause;
  }
};

/** Asks the budget for a write at the place. */
const takeWrite = ({ deps }: Turn, { place, urgent }: Wanted, { marker }: Message, isPost = false) => {
  const limits = platformAt(deps, place).writeLimits?.(place);
  return deps.budget.take({
    account: [place.platform, place.host, place.connection, limits?.account].join(":"),
    limits,
    message: marker,
    urgent: isPost || urgent === true,
  });
};

/** What is there already: brought up to date, unless it says the same. */
const ensureEdited = async (
  turn: Turn,
  wanted: Wanted,
  message: Message,
  digest: string,
  posted: Posted & { readonly ref: PostRef },
): Promise<PostResult> => {
  const { deps } = turn;
  if (posted.digest === digest) {
    deps.metrics.posted("unchanged");
    return { stands: posted.ref, digest, posted };
  }
  const budget = await takeWrite(turn, wanted, message);
  if ("wait" in budget && wanted.urgent !== true) {
    deps.metrics.posted("waited");
    return { wait: deps.now() + budget.wait, posted, progressOnly: true };
  }
  turn.assertOurs();
  const ref = await edit(turn, wanted, posted.ref, message);
  if (ref === undefined) return { deleted: true, posted };
  deps.metrics.posted("edit");
  return { stands: ref, digest, posted: { ...posted, ref } };
};

/**
 * Brings a message of ours to a place exactly once. No platform has idempotency keys for comments, so: the intent is stored before the first request;
 * after a try whose end is unknown, the longest time that a request may be in flight is waited out, then our mark is looked for, and only then it is posted again.
 * (Looking at once leaves duplicates: the request of a dead process can arrive after the look.)
 */
export const ensurePost = async (turn: Turn, wanted: Wanted): Promise<PostResult> => {
  const { deps } = turn;
  const message = redactMessage(wanted.message, deps.redact);
  const digest = digestOf(message);
  const options: PostOptions = {
    reply: wanted.reply,
    ...(wanted.only === undefined ? {} : { only: wanted.only }),
  };
  const { posted } = wanted;
  if (posted?.ref !== undefined)
    return ensureEdited(turn, wanted, message, digest, { ...posted, ref: posted.ref });

  if (posted !== undefined) {
    const quietAt = posted.intendedAt + deps.times.request;
    if (deps.now() < quietAt) return { wait: quietAt, posted };
    const found = await askPlatform(deps, wanted.place, (platform) =>
      platform.findPost(wanted.place, message.marker, options),
    );
    if (found !== undefined)
      return ensureEdited(turn, wanted, message, digest, { ...posted, ref: found, digest: undefined });
  }
  const intended: Posted = { ...posted, intendedAt: deps.now() };
  await wanted.intend(intended);
  await takeWrite(turn, wanted, message, true);
  turn.assertOurs();
  const ref = await askPlatform(deps, wanted.place, (platform) =>
    platform.post(wanted.place, message, options),
  );
  deps.metrics.posted("post");
  return { stands: ref, digest, posted: { ...intended, ref } };
};

/** True when a failed try may have left something behind: everything but a clear no. */
export const mayHaveLanded = (failure: Failure): boolean =>
  failure.status === undefined || failure.status >= 500;
