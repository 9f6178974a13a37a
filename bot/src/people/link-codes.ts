import { randomInt } from "node:crypto";
import { Failure } from "@ask-openhands/core/failure.ts";
import { visibleText } from "@ask-openhands/core/trigger/visible-text.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { Accepted, Intake } from "../intake.ts";
import type { Links } from "./links.ts";
import type { OneTime } from "./one-time.ts";
import type { Owner } from "./records.ts";

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

interface Options {
  readonly oneTime: Pick<OneTime, "keep" | "find" | "take">;
  readonly links: Pick<Links, "add" | "requireFree">;
  ownerOf(connectionId: string): Owner | undefined;
  isMemberOf(workspaceId: string, personId: string): boolean;
}

const ignored = (why: string): Accepted => ({ accepted: "ignored", why });

export const createLinkCodes = ({ oneTime, links, ownerOf, isMemberOf }: Options): LinkCodes => {
  /** A server's word counts for those who trust the workspace that vouches for it: its members. Others could have its maintainers say anything. */
  const toldBy = (connectionId: string | undefined, personId: string): string | undefined => {
    const owner = connectionId === undefined ? undefined : ownerOf(connectionId);
    return owner?.kind === "workspace" && isMemberOf(owner.id, personId) ? owner.id : undefined;
  };

  // Only new comments: an edit may be by somebody else than the author.
  const hear = async (heard: Heard): Promise<Accepted | undefined> => {
    if (heard.heard !== "mention" || heard.mention.author.kind !== "person" || heard.mention.change !== "new")
      return undefined;
    const { author, text } = heard.mention;
    if (!text.includes(codeBeginning)) return undefined;
    const code = pattern.exec(visibleText(text))?.[1];
    if (code === undefined) return undefined;
    // Some servers tell of one comment twice: what is a code is never a request, also when it was used a moment ago.
    const spent = ignored(
      "It is a linking code that was used, is too old, or is meant for another server or workspace.",
    );
    const claim = oneTime.find("link-code", code)?.data;
    if (claim?.["platform"] !== author.platform || claim["host"] !== author.host) return spent;
    const personId = claim["person"] ?? "";
    const workspaceId = toldBy(heard.mention.place.connection, personId);
    if (workspaceId === undefined) return spent;
    try {
      links.requireFree(author, personId, "message");
      if ((await oneTime.take("link-code", code)) === undefined) return spent;
      await links.add(author, personId, "message", workspaceId);
    } catch (cause) {
      if (cause instanceof Failure && cause.kind === "not-allowed") return ignored(cause.hint);
      throw cause;
    }
    return ignored("It linked the account of its author.");
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
