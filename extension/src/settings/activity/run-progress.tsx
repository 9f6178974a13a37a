import type { RunView } from "@ask-openhands/core/api/types.ts";
import { isLive } from "../../page/run-line.ts";
import { Icon } from "../parts/icon.tsx";

const shownSteps = 5;

const Outcome = ({ outcome }: { readonly outcome: NonNullable<RunView["outcome"]> }) => (
  <>
    {outcome.summary !== undefined && <p className="summary">{outcome.summary}</p>}
    {outcome.hint !== undefined && <p className="mute">{outcome.hint}</p>}
  </>
);

const Tasks = ({ tasks }: { readonly tasks: RunView["tasks"] }) => (
  <ul className="tight tasks" aria-label="Tasks">
    {tasks.map((task, index) => (
      // Tasks have no id and keep their order.
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <li key={index} data-state={task.state}>
        <span className="step-mark">{task.state === "done" && <Icon name="check" size={12} />}</span>
        <span>
          {task.title}
          {task.state !== "todo" && <span className="sr"> ({task.state === "done" ? "done" : "now"})</span>}
        </span>
      </li>
    ))}
  </ul>
);

/** How far a run is: question, tasks and last steps while it goes on; what came out when it is over. */
export const RunProgress = ({ run }: { readonly run: RunView }) => {
  const steps = run.steps.slice(-shownSteps);
  const list = (
    <ol className="steps tight" aria-label="Last steps">
      {steps.map((step) => (
        <li key={step.id} data-failed={step.failed === true}>
          <span className="grow">{step.text.slice(0, 300)}</span>
        </li>
      ))}
    </ol>
  );
  if (!isLive(run))
    return (
      <>
        {run.outcome !== undefined && <Outcome outcome={run.outcome} />}
        {steps.length > 0 && (
          <details>
            <summary className="small mute">
              {run.stepCount} {run.stepCount === 1 ? "step" : "steps"}
            </summary>
            {list}
          </details>
        )}
      </>
    );
  return (
    <div className="close" aria-live="polite">
      {run.question !== undefined && (
        <p className="notice" data-tone="warn">
          {run.question}
        </p>
      )}
      {run.tasks.length > 0 && <Tasks tasks={run.tasks} />}
      {steps.length > 0 && list}
      {steps.length === 0 && run.phase !== undefined && <p className="mute">{run.phase}</p>}
    </div>
  );
};
