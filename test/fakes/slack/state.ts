import type { Account } from "../../contracts/platform-subject.ts";
import type { SlackLimits } from "./limits.ts";

export interface SlackAccount extends Account {
  readonly displayName: string;
  readonly bot?: boolean | undefined;
  readonly guest?: boolean | undefined;
  /** Of another workspace (Slack Connect). */
  readonly stranger?: boolean | undefined;
  /** Deactivated. */
  readonly gone?: boolean | undefined;
}

export interface SlackPost {
  readonly ts: string;
  readonly thread: string | undefined;
  readonly author: SlackAccount;
  text: string;
  blocks: unknown;
  metadata: unknown;
  /** Time of the last edit. */
  edited: string | undefined;
  /** Seen by this person only. */
  readonly only?: string | undefined;
  readonly reactions: string[];
  readonly files?: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** A message that is being streamed, or was. */
  stream?: "open" | "closed" | undefined;
  plan?: SlackPlan | undefined;
}

export type AgentDisplay = "sessions" | "line" | "none";

/** What a stream shows beside its blocks. */
export interface SlackPlan {
  title: string;
  readonly tasks: Map<string, { readonly title: string; readonly status: string }>;
}

export interface SlackState {
  readonly team: string;
  readonly app: string;
  readonly users: Map<string, SlackAccount>;
  readonly posts: Map<string, SlackPost[]>;
  readonly self: SlackAccount;
  readonly botId: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly configToken: string;
  scopes: readonly string[];
  /** The app's settings, as its manifest says them. */
  manifest: unknown;
  /** Views shown: modals by trigger, Home by person. */
  readonly views: { readonly kind: "modal" | "home"; readonly for: string; readonly view: unknown }[];
  /** Whether the workspace streams; without, the methods are unknown. */
  streaming: boolean;
  /** What shows work in a thread: sessions of an agent, the older line of text, or nothing. */
  agent: AgentDisplay;
  /** The app subscribes to Slack's own Stop button. */
  hasStopEvent: boolean;
  /** Sessions by thread: who began it, and what was set, oldest first. */
  readonly sessions: Map<
    string,
    { readonly initiator: string | undefined; readonly statuses: readonly string[] }
  >;
  /** Lines of text that were set, oldest first; empty ones take it away. */
  readonly lines: { readonly thread: string; readonly text: string }[];
  /** How often each method may be called; absent: as often as anybody likes. */
  limits: SlackLimits | undefined;
  /** How threads are given: which page comes first, and how many messages one has at most. */
  replies: { readonly order: "earliest first" | "newest first"; readonly most: number };
  /** Files by their path. */
  readonly files: Map<string, { readonly type: string; readonly bytes: Uint8Array }>;
  /** Answers to commands, oldest first; only the one who typed the command sees them. */
  readonly responses: unknown[];
  next(): string;
}

let lastSecond = 1_790_000_000;

export const createSlackState = (
  facts: Pick<SlackState, "team" | "self" | "botToken" | "appToken" | "scopes">,
): SlackState => ({
  ...facts,
  app: "A0FAKE",
  configToken: "xoxe.xoxp-configuration-of-the-fake",
  manifest: {},
  botId: "B0FAKE",
  users: new Map(),
  posts: new Map(),
  views: [],
  streaming: false,
  agent: "none",
  hasStopEvent: true,
  sessions: new Map(),
  lines: [],
  limits: undefined,
  replies: { order: "earliest first", most: 1_000 },
  files: new Map(),
  responses: [],
  next: () => {
    lastSecond += 1;
    return `${lastSecond}.000100`;
  },
});

export const postsIn = (state: SlackState, channel: string): SlackPost[] => {
  const known = state.posts.get(channel);
  if (known) return known;
  const made: SlackPost[] = [];
  state.posts.set(channel, made);
  return made;
};
