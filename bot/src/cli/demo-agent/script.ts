/** One thing that a scripted agent does. The same scripts drive the demo, the fakes of both back ends and, through a stub model, the real server. */
export type ScriptStep =
  | { readonly do: "think"; readonly text: string }
  /** `run` makes it really happen (push a branch, open a pull request); without it `output` is only told. */
  | {
      readonly do: "terminal";
      readonly command: string;
      readonly summary?: string | undefined;
      readonly output?: string | undefined;
      readonly exitCode?: number | undefined;
      readonly run?:
        | ((work: ScriptedWork) => Promise<{ readonly output: string; readonly exitCode: number }>)
        | undefined;
    }
  | {
      readonly do: "edit";
      readonly path: string;
      readonly text: string;
      readonly summary?: string | undefined;
    }
  | {
      readonly do: "tasks";
      readonly tasks: readonly { readonly title: string; readonly status: "todo" | "in_progress" | "done" }[];
    }
  /** Ends the turn through the finish tool. */
  | { readonly do: "finish"; readonly message: string }
  /** Ends the turn with a plain message. */
  | { readonly do: "answer"; readonly text: string }
  /** Stops before the command and waits for approval. */
  | { readonly do: "confirm"; readonly command: string }
  | {
      readonly do: "error";
      readonly code: string;
      readonly detail: string;
      readonly kind?: string | undefined;
    }
  /** The tool call failed, the agent goes on. */
  | { readonly do: "tool-error"; readonly error: string }
  | { readonly do: "stuck" }
  /** Nothing more happens, the status stays "running". */
  | { readonly do: "hang" }
  /** The machine of the agent is gone. */
  | { readonly do: "die" }
  | { readonly do: "wait"; readonly milliseconds: number }
  | { readonly do: "until"; readonly moment: Promise<void> }
  /** An event as it is, known or not. */
  | { readonly do: "event"; readonly event: Readonly<Record<string, unknown>> };

export interface ScriptedWork {
  readonly conversationId: string;
  readonly workingDir: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** What the person said, newest last. */
  readonly messages: readonly string[];
  readonly background: string;
}

/** What the agent does about a message; asked anew for every message that arrives while it rests. */
export type Script = (message: string, work: ScriptedWork) => readonly ScriptStep[];
