import { randomInt } from "node:crypto";
import { visibleText } from "@ask-openhands/core/trigger/visible-text.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { Accepted, Intake } from "../intake.ts";
import type { Links } from "./links.ts";
import type { OneTime } from "./one-time.ts";

/** Codes that a person writes as a comment somewhere: whoever wrote it has that account. For servers without OAuth. */
export interface LinkCodes {
  make(personId: string, platform: string, host: string): Promise<string>;
  /** An intake that takes such comments out and hands all others on. */
  listen(intake: Intake): Intake;
}

const letters = "bcdfghjkmnpqrstvwxz23456789";
const lifetime = 15 * 60_000;
/** A text without it holds no code. */
export const codeBeginning = "link-";
/** The code alone, after our name at most: nobody writes that by mistake, while a quote of somebody else's comment may well hold their code. */
const pattern = /^\s*(?:\S+\s+)?(link-[bcdfghjkmnpqrstvwxz2-9]{16})\s*$/;

export const createLinkCodes = (
  oneTime: Pick<OneTime, "keep" | "find" | "take">,
  links: Pick<Links, "add">,
): LinkCodes => {
  // Only new comments: an edit may be by somebody else than the author.
  const hear = async (heard: Heard): Promise<Accepted | undefined> => {
    if (heard.heard !== "mention" || heard.mention.author.kind !== "person" || heard.mention.change !== "new")
      return undefined;
    const { author, text } = heard.mention;
    if (!text.includes(codeBeginning)) return undefined;
    const code = pattern.exec(visibleText(text))?.[1];
    if (code === undefined) return undefined;
    // Some servers tell of one comment twice: what is a code is never a request, also when it was used a moment ago.
    const spent: Accepted = {
      accepted: "ignored",
      why: "It is a linking code that was used, is too old, or is meant for another server.",
    };
    const claim = oneTime.find("link-code", code)?.data;
    if (claim?.["platform"] !== author.platform || claim["host"] !== author.host) return spent;
    if ((await oneTime.take("link-code", code)) === undefined) return spent;
    await links.add(author, claim["person"] ?? "", "message");
    return { accepted: "ignored", why: "It linked the account of its author." };
  };

  return {
    make: async (personId, platform, host) => {
      const code = `${codeBeginning}${Array.from({ length: 16 }, () => letters[randomInt(letters.length)]).join("")}`;
      await oneTime.keep("link-code", code, { person: personId, platform, host }, lifetime);
      return code;
    },
    listen: (intake) => ({ accept: async (heard) => (await hear(heard)) ?? intake.accept(heard) }),
  };
};
