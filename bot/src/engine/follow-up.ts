import { Failure } from "@ask-openhands/core/failure.ts";
import { pullRequestRules } from "@ask-openhands/core/prompt/delivery.ts";
import { newNonce } from "@ask-openhands/core/prompt/fence.ts";
import { followUpPrompt } from "@ask-openhands/core/prompt/follow-up-prompt.ts";
import { callsUs } from "@ask-openhands/core/trigger/find-trigger.ts";
import type { LaneNotes } from "@ask-openhands/core/work/lane.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Ask } from "@ask-openhands/core/work/run.ts";
import { isSameRepository } from "@ask-openhands/core/work/same-repository.ts";
import type { Thread, ThreadEntry } from "@ask-openhands/core/work/thread.ts";
import { promptBudget } from "./agent-order.ts";
import { filesOfFollowUp } from "./files.ts";
import { askPlatform, type Turn } from "./turn.ts";

/** So often a follow-up waits for a place that cannot be read in passing; then it is passed on without what stands around it. */
const patience = 2;

export interface FollowUp {
  readonly prompt: string;
  readonly images: readonly string[];
  /** Hidden text that was taken out, for the report. */
  readonly removed: readonly string[];
  /** Up to where the conversation knows its places, once this was said. */
  readonly told: LaneNotes["told"];
}

export interface FollowUpRequest {
  readonly asks: readonly Ask[];
  readonly place: Place;
  /** The mention that it came with; absent when that is not stored any more. */
  readonly mention: Mention | undefined;
  /** How often saying it has failed. */
  readonly tries: number;
}

type Told = Pick<Ask, "at" | "url">;

const laterOf = (one: Told, other: Told): Told => (Date.parse(other.at) > Date.parse(one.at) ? other : one);

export const newestAsk = (asks: readonly Ask[]): Told =>
  asks.map(({ at, url }): Told => ({ at, url })).reduce(laterOf);

/** Platforms tell times in seconds, so what came in the same one counts as later. */
const isLater = ({ at, url }: ThreadEntry, known: Told): boolean =>
  Date.parse(at) >= Date.parse(known.at) && (url === undefined || url !== known.url);

/** The conversation knows its own words. What calls us was told as an ask of its own, or was refused. */
const isNews = (entry: ThreadEntry, known: Told | undefined, handles: readonly string[]): boolean =>
  entry.author.kind !== "self" &&
  !callsUs(entry.text, handles) &&
  (known === undefined || isLater(entry, known));

const readThread = async (turn: Turn, mention: Mention, tries: number): Promise<Thread | undefined> => {
  try {
    return await askPlatform(turn.deps, mention.place, (platform) => platform.thread(mention));
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    if (cause.passing && tries < patience) throw cause;
    turn.log.info({ mention: mention.key, kind: cause.kind }, "follow-up goes without its thread");
    return undefined;
  }
};

const changeRequestOf = ({ deps, view }: Turn): "pull request" | "merge request" =>
  deps.platforms.get(view.notes.order?.repository?.platform ?? "")?.changeRequest ?? "pull request";

/** What is said to a conversation that lives already: the request, all parts of a review, its files, and what was said at the place since the conversation was last told of it. Throws `Failure`. */
export const makeFollowUp = async (
  turn: Turn,
  { asks, place, mention, tries }: FollowUpRequest,
): Promise<FollowUp> => {
  const { told } = turn.view.notes;
  const thread = mention && (await readThread(turn, mention, tries));
  const { images, files } =
    mention === undefined ? { images: [], files: [] } : await filesOfFollowUp(turn, mention);
  const known = told?.[place.key];
  const asked = newestAsk(asks);
  const { handles } = turn.deps.policy.settings(place.connection);
  const { prompt, removed } = followUpPrompt({
    asks,
    place,
    rules:
      known === undefined &&
      thread?.pullRequest &&
      isSameRepository(thread.repository, turn.view.notes.order?.repository)
        ? pullRequestRules(thread, changeRequestOf(turn))
        : undefined,
    parts: thread?.parts,
    since: thread?.entries.filter((entry) => isNews(entry, known, handles)),
    files,
    nonce: newNonce(),
    budget: promptBudget,
  });
  return {
    prompt,
    images,
    removed,
    told:
      thread === undefined
        ? told
        : { ...told, [place.key]: known === undefined ? asked : laterOf(known, asked) },
  };
};
