import type { Account } from "../../contracts/platform-subject.ts";

export interface SlackAccount extends Account {
  readonly displayName: string;
  readonly bot?: boolean | undefined;
  readonly guest?: boolean | undefined;
  /** Of another workspace (Slack Connect). */
  readonly stranger?: boolean | undefined;
}

export interface SlackPost {
  readonly ts: string;
  readonly thread: string | undefined;
  readonly author: SlackAccount;
  text: string;
  blocks: unknown;
  metadata: unknown;
  edited: boolean;
  /** Seen by this person only. */
  readonly only?: string | undefined;
  readonly reactions: string[];
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
  scopes: readonly string[];
  /** Views shown: modals by trigger, Home by person. */
  readonly views: { readonly kind: "modal" | "home"; readonly for: string; readonly view: unknown }[];
  next(): string;
}

let lastSecond = 1_790_000_000;

export const createSlackState = (
  facts: Pick<SlackState, "team" | "self" | "botToken" | "appToken" | "scopes">,
): SlackState => ({
  ...facts,
  app: "A0FAKE",
  botId: "B0FAKE",
  users: new Map(),
  posts: new Map(),
  views: [],
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
