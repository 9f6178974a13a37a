import { randomInt } from "node:crypto";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { Accepted, Intake } from "../intake.ts";
import type { Links } from "./links.ts";

/** Codes that a person writes as a comment somewhere: whoever wrote it has that account. For servers without OAuth. */
export interface LinkCodes {
  make(personId: string, platform: string, host: string): string;
  /** An intake that takes such comments out and hands all others on. */
  listen(intake: Intake): Intake;
}

const letters = "bcdfghjkmnpqrstvwxz23456789";
const lifetime = 15 * 60_000;
const pattern = /\blink-([bcdfghjkmnpqrstvwxz2-9]{12})\b/;

/** Codes live in this process only: a lost one is simply asked for again. */
export const createLinkCodes = (links: Links, now: () => number): LinkCodes => {
  const waiting = new Map<
    string,
    { readonly personId: string; readonly platform: string; readonly host: string; readonly until: number }
  >();

  // Only new comments: an edit may be by somebody else than the author.
  const hear = async (heard: Heard): Promise<Accepted | undefined> => {
    if (heard.heard !== "mention" || heard.mention.author.kind !== "person" || heard.mention.change !== "new")
      return undefined;
    const { author, text } = heard.mention;
    const code = pattern.exec(text)?.[1] ?? "";
    const claim = waiting.get(code);
    if (
      claim === undefined ||
      claim.until < now() ||
      claim.platform !== author.platform ||
      claim.host !== author.host
    )
      return undefined;
    waiting.delete(code);
    await links.add(author, claim.personId, "message");
    return { accepted: "ignored", why: "It linked the account of its author." };
  };

  return {
    make: (personId, platform, host) => {
      for (const [code, { until }] of waiting) if (until < now()) waiting.delete(code);
      const code = Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join("");
      waiting.set(code, { personId, platform, host, until: now() + lifetime });
      return `link-${code}`;
    },
    listen: (intake) => ({ accept: async (heard) => (await hear(heard)) ?? intake.accept(heard) }),
  };
};
