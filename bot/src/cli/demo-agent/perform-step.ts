import type { createEvents, RawEvent } from "./events.ts";
import type { ScriptedWork, ScriptStep } from "./script.ts";

/** What performing a step needs of its conversation. */
export interface Stage {
  readonly make: ReturnType<typeof createEvents>;
  readonly publish: (event: RawEvent) => RawEvent;
  readonly enter: (status: "running" | "waiting_for_confirmation" | "finished" | "error" | "stuck") => void;
  /** Hides the conversation's secrets in output. */
  readonly mask: (output: string) => string;
  readonly workingDir: string;
  readonly die: () => void;
  readonly approval: () => Promise<boolean>;
}

const never = new Promise<void>(() => undefined);

/** Does one step of a script, with the events of the real server; true when the turn is over. */
export const createPerformer = (
  stage: Stage,
): ((step: ScriptStep, work: ScriptedWork) => Promise<boolean>) => {
  const { make, publish, enter, mask } = stage;

  const runTerminal = async (
    step: Extract<ScriptStep, { do: "terminal" }>,
    work: ScriptedWork,
  ): Promise<void> => {
    const action = publish(
      make.action(
        "terminal",
        { kind: "TerminalAction", command: step.command, is_input: false },
        step.summary,
      ),
    );
    const done = (await step.run?.(work)) ?? { output: step.output ?? "", exitCode: step.exitCode ?? 0 };
    const observation = { kind: "TerminalObservation", command: step.command, exit_code: done.exitCode };
    publish(make.observation(action, observation, mask(done.output)));
  };

  return async (step, work) => {
    switch (step.do) {
      case "think":
        publish(
          make.observation(
            publish(make.action("think", { kind: "ThinkAction", thought: step.text })),
            { kind: "ThinkObservation" },
            "Your thought has been logged.",
          ),
        );
        return false;
      case "terminal":
        await runTerminal(step, work);
        return false;
      case "edit": {
        const path = `${stage.workingDir}/${step.path}`;
        const action = publish(
          make.action(
            "file_editor",
            { kind: "FileEditorAction", command: "create", path, file_text: step.text },
            step.summary,
          ),
        );
        publish(
          make.observation(
            action,
            { kind: "FileEditorObservation", path },
            `File created successfully at: ${path}`,
          ),
        );
        return false;
      }
      case "tasks": {
        const task_list = step.tasks.map((task) => ({ notes: "", ...task }));
        const action = publish(
          make.action("task_tracker", { kind: "TaskTrackerAction", command: "plan", task_list }),
        );
        publish(
          make.observation(
            action,
            { kind: "TaskTrackerObservation", task_list },
            "Task list has been updated.",
          ),
        );
        return false;
      }
      case "tool-error":
        publish(
          make.toolError(
            publish(make.action("terminal", { kind: "TerminalAction", command: "…" })),
            step.error,
          ),
        );
        return false;
      case "event":
        publish(make.raw(step.event));
        return false;
      case "wait":
        await new Promise((done) => setTimeout(done, step.milliseconds));
        return false;
      case "until":
        await step.moment;
        return false;
      case "hang":
        await never;
        return true;
      case "confirm": {
        const action = publish(make.action("terminal", { kind: "TerminalAction", command: step.command }));
        enter("waiting_for_confirmation");
        const accepted = await stage.approval();
        enter("running");
        publish(
          accepted
            ? make.observation(
                action,
                { kind: "TerminalObservation", command: step.command, exit_code: 0 },
                "ok",
              )
            : make.raw({ kind: "UserRejectObservation", action_id: action.id, rejection_reason: "no" }),
        );
        return false;
      }
      case "finish": {
        const action = publish(make.action("finish", { kind: "FinishAction", message: step.message }));
        publish(make.observation(action, { kind: "FinishObservation" }, step.message));
        enter("finished");
        return true;
      }
      case "answer":
        publish(make.message("agent", make.says(step.text)));
        enter("finished");
        return true;
      case "error":
        // The real server tells the status first and the reason after it.
        enter("error");
        publish(make.runError(step));
        return true;
      case "stuck":
        enter("stuck");
        return true;
      case "die":
        stage.die();
        await never;
        return true;
    }
  };
};
