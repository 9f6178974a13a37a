import { asksNewly, whyNoTrigger } from "@ask-openhands/core/trigger/find-trigger.ts";
import type { Author, Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Accepted, Intake } from "../intake.ts";
import type { Log } from "../log.ts";
import { isAuthorAmong } from "../people/matches.ts";
import type { Policy } from "../people/policy.ts";
import type { Store } from "../store/store.ts";

export interface IntakeDeps {
  readonly store: Pick<Store, "accept" | "mention">;
  readonly policy: Pick<Policy, "settings" | "tenantOf">;
  readonly log: Log;
  /** Told of every mention that was heard, for the metrics. */
  readonly count?: ((platform: string, accepted: Accepted["accepted"]) => void) | undefined;
}

type Known = Awaited<ReturnType<Store["mention"]>>;

const ignored = (why: string): Accepted => ({ accepted: "ignored", why });
const foreign = ignored("It is about a request that another workspace heard.");

/** Why this author is never heard, whatever the text says. */
const unheard = (author: Author, allowedBots: readonly string[]): string | undefined => {
  if (author.kind === "self") return "It is our own post.";
  if (author.kind === "bot" && !isAuthorAmong(allowedBots, author)) return "It is by a bot that may not ask.";
  return undefined;
};

/** From what a platform heard to what is stored: own posts, bots and texts that are not for us stop here. */
export const createIntake = ({ store, policy, log, count }: IntakeDeps): Intake => {
  /** Whoever knows a webhook's secret speaks within their own workspace: what another one heard stands as it was heard there. */
  const isForeign = (known: Known, { place }: Mention): boolean =>
    known !== undefined &&
    policy.tenantOf(known.mention.place.connection) !== policy.tenantOf(place.connection);

  const change = async (mention: Mention, handles: readonly string[]): Promise<Accepted> => {
    const known = await store.mention(mention.key);
    if (isForeign(known, mention)) return foreign;
    const why = whyNoTrigger(mention, handles);
    if (why !== undefined) {
      // The edit may have taken the mention out of a request that still waits.
      if (known === undefined) return ignored(why);
      return { accepted: await store.accept(mention, { withdraw: true }) };
    }
    if (known === undefined && !asksNewly(mention, handles))
      return ignored("It is an edit of a request that was there before.");
    return { accepted: await store.accept(mention) };
  };

  const judge = async (mention: Mention): Promise<Accepted> => {
    const settings = policy.settings(mention.place.connection);
    const why = unheard(mention.author, settings.allowedBots);
    if (why !== undefined) return ignored(why);
    if (mention.change === "edited") return change(mention, settings.handles);
    const none = whyNoTrigger(mention, settings.handles);
    if (none !== undefined) return ignored(none);
    if (mention.change === "deleted" && isForeign(await store.mention(mention.key), mention)) return foreign;
    return { accepted: await store.accept(mention) };
  };

  return {
    accept: async (heard: Heard) => {
      if (heard.heard === "handshake") return ignored("It is a handshake.");
      if (heard.heard === "ignored") return ignored(heard.why);
      const { mention } = heard;
      const result = await judge(mention);
      count?.(mention.place.platform, result.accepted);
      const fields = { mention: mention.key, place: mention.place.key, ...result };
      if (result.accepted === "ignored") log.debug(fields, "mention ignored");
      else log.info(fields, "mention accepted");
      return result;
    },
  };
};
