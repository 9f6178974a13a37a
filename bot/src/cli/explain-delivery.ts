import type { WorkspaceSettings } from "@ask-openhands/core/connection/workspace-settings.ts";
import { asksNewly, findTrigger } from "@ask-openhands/core/trigger/find-trigger.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import { isAuthorAmong } from "../people/matches.ts";

/** What a delivery would do and why; the JSON of `explain --json`. */
export interface Explanation {
  readonly heard: Heard["heard"];
  readonly why: string;
  readonly trigger: "ask" | "command" | "none";
  readonly command: string | null;
  readonly place: {
    readonly platform: string;
    readonly host: string;
    readonly key: string;
    readonly url: string;
    readonly repository: string | null;
  } | null;
  readonly author: {
    readonly id: string;
    readonly name: string;
    readonly kind: Mention["author"]["kind"];
  } | null;
  readonly text: string | null;
  readonly key: string | null;
}

type Judgement = Pick<Explanation, "why" | "trigger" | "command">;
type Words = Pick<WorkspaceSettings, "handles" | "allowedBots">;

const none = (why: string): Judgement => ({ trigger: "none", command: null, why });

const waysInWords: Readonly<Record<Mention["way"], string>> = {
  comment: "A comment calls us.",
  inline: "A comment on a line of code calls us.",
  review: "A review calls us.",
  description: "The description calls us.",
  label: "A label that asks was added.",
  assignment: "It was assigned to our account.",
  direct: "It was sent to us directly.",
  command: "A command of the chat was used.",
  button: "A button was pressed.",
};

const judge = (mention: Mention, { handles, allowedBots }: Words): Judgement => {
  const { author } = mention;
  if (author.kind === "bot" && !isAuthorAmong(allowedBots, author))
    return none("It is by a bot that may not ask.");
  const trigger = findTrigger(mention, handles);
  if (trigger.kind === "none") return none(trigger.why);
  if (mention.change === "deleted") return none("It was deleted: if it still waits it is taken back.");
  if (!asksNewly(mention, handles))
    return none("An edit of something that asked before: if it still waits it is replaced.");
  const why = waysInWords[mention.way];
  if (trigger.kind === "command") return { trigger: "command", command: trigger.name, why };
  return { trigger: "ask", command: null, why: trigger.refused ?? why };
};

type Facts = Pick<Explanation, "place" | "author" | "text" | "key">;

const nothing: Facts = { place: null, author: null, text: null, key: null };

const ordered = (heard: Explanation["heard"], judgement: Judgement, facts = nothing): Explanation => ({
  heard,
  why: judgement.why,
  trigger: judgement.trigger,
  command: judgement.command,
  ...facts,
});

/** Pure: nothing is asked of any server, so whether the author may ask is not part of it. */
export const explainDelivery = (heard: Heard, words: Words): Explanation => {
  if (heard.heard === "ignored") return ordered("ignored", none(heard.why));
  if (heard.heard === "handshake")
    return ordered("handshake", none("The platform checks that our address answers."));
  const { place, author, text, key } = heard.mention;
  return ordered("mention", judge(heard.mention, words), {
    place: {
      platform: place.platform,
      host: place.host,
      key: place.key,
      url: place.url,
      repository: place.repository ?? null,
    },
    author: { id: author.id, name: author.name, kind: author.kind },
    text,
    key,
  });
};
