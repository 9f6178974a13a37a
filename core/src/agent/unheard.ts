import * as z from "zod";
import type { Conversation } from "../work/run.ts";
import type { FollowUp, Reading } from "./agent.ts";
import { withMemo } from "./memo.ts";
import { readCursor } from "./progress.ts";

const prefix = "unheard:";

/** Characters of pictures that are kept with a message; the whole run is stored with them each time. */
const mostOfImages = 500_000;

const Kept = z.object({ text: z.string(), images: z.array(z.string()).optional() });

const keptOf = ({ text, images = [] }: FollowUp): z.infer<typeof Kept> => {
  if (images.length === 0) return { text };
  const size = images.reduce((sum, image) => sum + image.length, 0);
  return size <= mostOfImages
    ? { text, images: [...images] }
    : { text: `${text}\n\n(Pictures came with this message; they did not arrive.)` };
};

/** Remembers a follow-up that was told as said, while the back end has not confirmed that the conversation has it. Its secrets are not kept. */
export const keepUnheard = (conversation: Conversation, message: FollowUp): Conversation =>
  withMemo(conversation, { [`${prefix}${message.id}`]: JSON.stringify(keptOf(message)) });

const messageIn = ([key, text]: readonly [string, string]): readonly FollowUp[] => {
  if (!key.startsWith(prefix)) return [];
  const { data } = Kept.safeParse(JSON.parse(text));
  return data === undefined ? [] : [{ id: key.slice(prefix.length), ...data, again: true }];
};

/** Oldest first. */
export const unheardIn = (conversation: Conversation): readonly FollowUp[] =>
  Object.entries(conversation.memo ?? {}).flatMap(messageIn);

interface Listening {
  /** Says again what did not arrive, when that is clear. `since` (epoch milliseconds) is when the conversation was first found to be over without them. Gives what is to be remembered of it. */
  mend(unheard: readonly FollowUp[], since: number | undefined): Promise<Readonly<Record<string, string>>>;
  read(conversation: Conversation): Promise<Reading>;
}

/** Reads a conversation, and sees to it that it hears what was told as said: nothing older counts as its end until then. */
export const readUnheard = async (
  conversation: Conversation,
  cursor: string | undefined,
  { mend, read }: Listening,
): Promise<Reading> => {
  const { heard: before, doubt } = readCursor(cursor).progress;
  const unheard = unheardIn(conversation);
  const open = unheard.filter(({ id }) => !before.includes(id));
  if (unheard.length === 0) return read(conversation);
  const change = await mend(open, doubt);
  const said = conversation.memo?.["said"];
  const reading = await read(withMemo(conversation, { ...change, said: open[0]?.id ?? said }));
  const { heard } = readCursor(reading.cursor).progress;
  // Who stops the agent calls off what was on its way, too.
  const isStopped = reading.events.some((event) => event.type === "ended" && event.reason === "stopped");
  const settled = unheard
    .filter(({ id }) => isStopped || heard.includes(id))
    .map(({ id }) => [`${prefix}${id}`, undefined]);
  const changed = settled.length > 0 || Object.keys(change).length > 0;
  if (!changed && reading.conversation === undefined) return reading;
  const now = reading.conversation ?? withMemo(conversation, change);
  return { ...reading, conversation: withMemo(now, { said, ...Object.fromEntries(settled) }) };
};
