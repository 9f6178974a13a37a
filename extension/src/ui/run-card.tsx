import { type ReactNode, useState } from "react";
import { askWorker } from "../client.ts";
import type { PageRun } from "../messages.ts";
import { describeRun, isLive } from "../page/run-line.ts";
import { Chip, Notice, type Tone, WebLink } from "./parts.tsx";
import { byPerson, useAct } from "./use-act.ts";

const words: Readonly<Record<PageRun["state"], readonly [Tone, string]>> = {
  queued: ["plain", "Queued"],
  starting: ["live", "Starting"],
  working: ["live", "Working"],
  waiting: ["warn", "Asks you"],
  done: ["good", "Done"],
  failed: ["bad", "Failed"],
  stopped: ["plain", "Stopped"],
};

const RunState = ({ run }: { readonly run: PageRun }) => {
  const [tone, text] = words[run.state];
  return <Chip tone={tone}>{text}</Chip>;
};

const minutes = (run: PageRun): string | undefined => {
  if (run.startedAt === undefined) return undefined;
  const seconds = Math.max(
    0,
    Math.round((Date.parse(run.endedAt ?? new Date().toISOString()) - Date.parse(run.startedAt)) / 1000),
  );
  return seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
};

const Progress = ({ run }: { readonly run: PageRun }) => (
  <>
    {run.tasks.length > 0 && (
      <ul className="tight" aria-label="Tasks">
        {run.tasks.map((task, index) => (
          // Tasks have no id and keep their order.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index} className={task.state === "done" ? "mute" : undefined}>
            <span aria-hidden="true">{{ todo: "○", doing: "◐", done: "●" }[task.state]} </span>
            {task.title}
            <span className="small mute"> {{ todo: "", doing: "(now)", done: "(done)" }[task.state]}</span>
          </li>
        ))}
      </ul>
    )}
    {run.steps.length > 0 && (
      <ol className="steps tight" aria-label="Last steps">
        {run.steps.slice(-4).map((step) => (
          <li key={step.id} data-failed={step.failed === true}>
            <span className="grow">{step.text.slice(0, 200)}</span>
          </li>
        ))}
      </ol>
    )}
  </>
);

const facts = (run: PageRun): string =>
  [
    minutes(run),
    run.stepCount > 0 ? `${run.stepCount} steps` : undefined,
    run.cost === undefined ? undefined : `$${run.cost.toFixed(2)}`,
    `asked by ${run.asker.displayName ?? run.asker.name}`,
  ]
    .filter((fact) => fact !== undefined)
    .join(" · ");

export interface RunCardProps {
  readonly run: PageRun;
  /** Address of the page that stands for this run. */
  readonly url: string;
  readonly changed: () => void;
  readonly title?: ReactNode;
}

/** One run: state, progress, links, and what can be done with it. */
export const RunCard = ({ run, url, changed, title }: RunCardProps) => {
  const { busy, problem, act } = useAct();
  const [text, setText] = useState("");
  const steer = (name: "stop-run" | "retry-run"): void =>
    void act(name, async () => changedAfter(askWorker(name, { run: run.id, url })));
  const say = (): void =>
    void act("say", async () => {
      await changedAfter(askWorker("say-to-run", { run: run.id, url, text }));
      setText("");
    });
  const changedAfter = async (work: Promise<unknown>): Promise<void> => {
    await work;
    changed();
  };
  return (
    <article className="card" aria-label={`Run: ${run.request.slice(0, 80)}`}>
      <div className="row nowrap">
        <h3 className="grow clip">{title ?? run.request}</h3>
        <RunState run={run} />
      </div>
      {title !== undefined && <p className="clip mute">{run.request}</p>}
      <p role="status">{describeRun(run)}</p>
      <Progress run={run} />
      <p className="mute small">{facts(run)}</p>
      <p className="row">
        <WebLink url={run.conversationUrl}>Conversation</WebLink>
        <WebLink url={run.pullRequest?.url}>
          Pull request {run.pullRequest === undefined ? "" : `#${run.pullRequest.number}`}
        </WebLink>
        <WebLink url={run.reportUrl}>Report</WebLink>
      </p>
      {run.may.say && (
        <div className="row nowrap">
          <label className="grow">
            <input
              aria-label="Follow-up"
              placeholder={
                isLive(run) ? "Steer it: say something to the agent" : "Go on: say what to do next"
              }
              value={text}
              onChange={(event) => {
                if (event.nativeEvent.isTrusted) setText(event.target.value);
              }}
              onKeyDown={(event) => {
                if (event.key === "Enter" && text.trim() !== "") byPerson(say)(event);
              }}
            />
          </label>
          <button type="button" disabled={busy !== undefined || text.trim() === ""} onClick={byPerson(say)}>
            Say
          </button>
        </div>
      )}
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
      {(run.may.stop || run.may.retry) && (
        <div className="row">
          {run.may.stop && (
            <button
              type="button"
              className="danger"
              disabled={busy !== undefined}
              onClick={byPerson(() => steer("stop-run"))}
            >
              {busy === "stop-run" ? "Stopping…" : "Stop"}
            </button>
          )}
          {run.may.retry && (
            <button type="button" disabled={busy !== undefined} onClick={byPerson(() => steer("retry-run"))}>
              {busy === "retry-run" ? "Asking again…" : "Ask again"}
            </button>
          )}
        </div>
      )}
    </article>
  );
};
