import type { Author } from "./mention.ts";
import type { RunState, Step, Task } from "./run.ts";

/** A piece of a message, free of any platform's markup. Platforms render blocks with `core/render/to-*.ts`. */
export type Block =
  | { readonly type: "status"; readonly state: RunState; readonly text: string }
  /** Markdown by the agent or by us, already redacted and defused; may be clipped. */
  | { readonly type: "markdown"; readonly markdown: string }
  /** One plain sentence of ours. */
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tasks"; readonly tasks: readonly Task[] }
  | { readonly type: "steps"; readonly steps: readonly Step[]; readonly earlier: number }
  | { readonly type: "links"; readonly links: readonly Link[] }
  | {
      readonly type: "table";
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  /** Small print: "4 min · 12 steps · $0.31". */
  | { readonly type: "facts"; readonly facts: readonly string[] };

export interface Link {
  readonly label: string;
  readonly url: string;
}

/** What can be done with a run, or an answer that can be picked (`choose-repository`, whose `run` is empty); a platform without buttons says it in words (the blocks already do). */
export interface Action {
  readonly kind: "stop" | "retry" | "open" | "pull-request" | "choose-repository";
  readonly label: string;
  readonly url?: string | undefined;
  readonly run: string;
}

/** Something we say at a place. */
export interface Message {
  readonly part: "report" | "closing" | "note";
  readonly blocks: readonly Block[];
  readonly actions: readonly Action[];
  /** People to notify; the platform turns them into its own mention. */
  readonly notify: readonly Author[];
  /** Unique and signed; by it the message is found again. Platforms hide it as they can. */
  readonly marker: string;
}
