import * as z from "zod";

const Trouble = z.enum([
  "auth",
  "quota",
  "rate-limit",
  "settings",
  "transient",
  "agent",
  "internal",
  "unknown",
]);

/** What reading a conversation must remember from one read to the next. It travels inside the cursor. */
export const Progress = z.object({
  /** Id of the newest user message seen: the turn. */
  turn: z.string().optional(),
  /** References of follow-ups that arrived in the conversation, newest last. */
  heard: z.array(z.string()),
  /** The agent did something since the newest user message. */
  news: z.boolean(),
  /** The newest thing that it did was to end: by the finish tool, by a message, by the status. */
  ended: z.boolean(),
  /** It pushed or opened a pull request since then. */
  delivered: z.boolean(),
  /** Somebody interrupted it since then. */
  stopped: z.boolean(),
  error: z.object({ reason: z.enum(["error", "budget"]), trouble: Trouble, detail: z.string() }).optional(),
  /** What the newest failed tool call said: the reason when a run breaks off without one, as after a restart of the server. */
  toolError: z.string().optional(),
  /** A plain message of the agent: its answer, unless more work follows. */
  held: z.string().optional(),
  /** The newest action, for errors that name only the tool call. */
  action: z.object({ call: z.string(), id: z.string(), shown: z.boolean() }).optional(),
  /** The status that the history itself tells, for machines that sleep. */
  status: z.string().optional(),
  cost: z.number().optional(),
  /** Numbers of pull requests that people mentioned: not the agent's work. */
  mentioned: z.array(z.number()),
  /** Number of the pull request that was told. */
  pullRequest: z.number().optional(),
  /** True when what opened that pull request printed it: words about others do not replace it. */
  opened: z.boolean().optional(),
  /** Turn for which "working" was told. */
  working: z.string().optional(),
  /** Turn whose end was told. */
  told: z.string().optional(),
  /** Since when (epoch milliseconds) the back end says "over" while the history does not show why. */
  doubt: z.number().optional(),
  /** Since when (epoch milliseconds) the machine is away while the history shows no end. */
  away: z.number().optional(),
  /** Preparation phase that was told last. */
  phase: z.string().optional(),
});
export type Progress = z.infer<typeof Progress>;

export const freshProgress: Progress = {
  heard: [],
  news: false,
  ended: false,
  delivered: false,
  stopped: false,
  mentioned: [],
};

/** Where reading of the event list goes on. */
export const Position = z.object({
  /** The server's mark: a timestamp (app server) or an event id (agent server). */
  after: z.string().optional(),
  /** Ids at that mark that were read already. */
  seen: z.array(z.string()),
});
export type Position = z.infer<typeof Position>;

const Cursor = z.object({ position: Position, progress: Progress });
export type Cursor = z.infer<typeof Cursor>;

export const writeCursor = (cursor: Cursor): string => JSON.stringify(cursor);

/** A cursor that is none of ours begins from the start: events told twice are better than events lost. */
export const readCursor = (text: string | undefined): Cursor => {
  const fresh: Cursor = { position: { seen: [] }, progress: freshProgress };
  if (text === undefined) return fresh;
  try {
    return Cursor.safeParse(JSON.parse(text)).data ?? fresh;
  } catch (notJson) {
    if (notJson instanceof SyntaxError) return fresh;
    throw notJson;
  }
};
