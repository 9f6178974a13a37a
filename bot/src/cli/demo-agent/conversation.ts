import { createEvents, type RawEvent } from "./events.ts";
import { createPerformer } from "./perform-step.ts";
import type { Script, ScriptedWork } from "./script.ts";

export type ScriptedStatus =
  | "idle"
  | "running"
  | "paused"
  | "waiting_for_confirmation"
  | "finished"
  | "error"
  | "stuck";

export interface ConversationSettings {
  readonly id: string;
  readonly workingDir: string;
  readonly background: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly script: Script;
  /** Milliseconds between two steps. */
  readonly pace: number;
  readonly now: () => number;
  /** The machine is gone. */
  readonly onDeath?: (() => void) | undefined;
}

export interface ScriptedConversation {
  readonly id: string;
  readonly background: string;
  readonly workingDir: string;
  readonly events: readonly RawEvent[];
  readonly status: ScriptedStatus;
  readonly stats: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  say(content: readonly unknown[], run: boolean): void;
  /** False when it runs already. */
  run(): boolean;
  interrupt(): void;
  respond(accept: boolean): void;
  setSecrets(secrets: Readonly<Record<string, string>>): void;
  finalResponse(): string;
  /** What a restart of the server does to a conversation that was at work. */
  restart(): void;
  /** Returns a function that stops listening. */
  listen(listener: (event: RawEvent) => void): () => void;
}

const wordsOf = (content: readonly unknown[]): string =>
  content
    .map((part) => (typeof part === "object" && part !== null && "text" in part ? String(part.text) : ""))
    .join("\n");

/** A conversation whose agent follows a script, with the states and events of the real server. */
export const createConversation = (settings: ConversationSettings): ScriptedConversation => {
  const make = createEvents(settings.now);
  const events: RawEvent[] = [];
  const messages: string[] = [];
  const listeners = new Set<(event: RawEvent) => void>();
  let secrets = settings.secrets;
  let status: ScriptedStatus = "idle";
  let cost = 0;
  let working: AbortController | undefined;
  let approve: ((accepted: boolean) => void) | undefined;

  const stats = (): Readonly<Record<string, unknown>> => ({
    usage_to_metrics: { agent: { model_name: "scripted", accumulated_cost: cost } },
  });

  const publish = (event: RawEvent, stored = true): RawEvent => {
    if (stored) events.push(event);
    for (const listener of listeners) listener(event);
    return event;
  };

  const enter = (next: ScriptedStatus): void => {
    if (status === next) return;
    status = next;
    publish(make.state("execution_status", next));
  };

  const mask = (output: string): string =>
    Object.values(secrets).reduce(
      (rest, secret) => (secret === "" ? rest : rest.replaceAll(secret, "<secret-hidden>")),
      output,
    );

  const spend = (): void => {
    cost = Math.round((cost + 0.01) * 100) / 100;
    publish(make.state("stats", stats()));
  };

  const perform = createPerformer({
    make,
    publish,
    enter,
    mask,
    workingDir: settings.workingDir,
    die: () => settings.onDeath?.(),
    approval: () =>
      new Promise<boolean>((decide) => {
        approve = decide;
      }),
  });

  const workOn = async (signal: AbortSignal): Promise<void> => {
    const aborted = new Promise<"aborted">((tell) =>
      signal.addEventListener("abort", () => tell("aborted"), { once: true }),
    );
    const pause = (): Promise<unknown> =>
      Promise.race([aborted, new Promise((next) => setTimeout(next, settings.pace))]);
    const unread = { from: messages.length };
    for (;;) {
      const work: ScriptedWork = {
        conversationId: settings.id,
        workingDir: settings.workingDir,
        secrets,
        messages: [...messages],
        background: settings.background,
      };
      let over = false;
      for (const step of settings.script(messages.at(-1) ?? "", work)) {
        await pause();
        if (signal.aborted) return;
        if (step.do !== "event" && step.do !== "until" && step.do !== "wait") spend();
        const done = await Promise.race([aborted, perform(step, work)]);
        if (done === "aborted" || signal.aborted) return;
        // A message that came while the agent worked is read before its next step.
        if (done || messages.length > unread.from) {
          over = done;
          break;
        }
      }
      if (messages.length === unread.from) {
        if (!over) enter("finished");
        return;
      }
      unread.from = messages.length;
      enter("running");
    }
  };

  const settle = (): void => {
    working = undefined;
    publish(make.state("full_state", { execution_status: status, stats: stats() }), false);
  };

  const run = (): boolean => {
    if (working !== undefined) return false;
    const controller = new AbortController();
    working = controller;
    enter("running");
    workOn(controller.signal)
      .catch((error: unknown) => {
        enter("error");
        publish(make.runError({ do: "error", code: "ScriptError", detail: String(error), kind: "internal" }));
      })
      .finally(() => {
        if (working === controller) settle();
      });
    return true;
  };

  return {
    id: settings.id,
    background: settings.background,
    workingDir: settings.workingDir,
    events,
    get status() {
      return status;
    },
    get stats() {
      return stats();
    },
    get secrets() {
      return secrets;
    },
    say(content, mayRun) {
      messages.push(wordsOf(content));
      if (status === "finished" || status === "stuck") enter("idle");
      publish(make.message("user", content));
      if (mayRun) run();
    },
    run,
    interrupt() {
      if (working === undefined) return;
      working.abort();
      working = undefined;
      enter("paused");
      publish(make.interrupt());
    },
    respond(accept) {
      approve?.(accept);
      approve = undefined;
    },
    setSecrets(more) {
      secrets = { ...secrets, ...more };
    },
    finalResponse() {
      const end = events.findLast((event) => event["tool_name"] === "finish" && event.kind === "ActionEvent");
      const words = events.findLast((event) => event.kind === "MessageEvent" && event["source"] === "agent");
      const newest = [end, words]
        .filter((event) => event !== undefined)
        .sort((a, b) => events.indexOf(b) - events.indexOf(a))[0];
      if (newest === undefined) return "";
      const finish = newest["action"] as { readonly message?: string } | undefined;
      const message = newest["llm_message"] as { readonly content: readonly unknown[] } | undefined;
      return finish?.message ?? wordsOf(message?.content ?? []);
    },
    restart() {
      if (working === undefined) return;
      working.abort();
      working = undefined;
      const last = events.findLast((event) => event.kind === "ActionEvent") ?? make.raw({});
      publish(make.toolError(last, "A restart occurred while this tool was in progress."));
      enter("error");
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
