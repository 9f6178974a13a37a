import type { RunView } from "@ask-openhands/core/api/types.ts";
import { type FormEvent, useId, useState } from "react";
import { isLive } from "../../page/run-line.ts";
import { Chip, type Tone, WebLink } from "../../ui/parts.tsx";
import { useChange } from "../api.ts";
import { Moment } from "../parts/moment.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { RunProgress } from "./run-progress.tsx";
import { sayChange, sayCost, sayLength } from "./say-run.ts";

const states: Readonly<Record<RunView["state"], readonly [Tone, string]>> = {
  queued: ["plain", "Queued"],
  starting: ["live", "Starting"],
  working: ["live", "Working"],
  waiting: ["warn", "Waiting for you"],
  done: ["good", "Done"],
  failed: ["bad", "Failed"],
  stopped: ["plain", "Stopped"],
};

const Say = ({ run }: { readonly run: RunView }) => {
  const [text, setText] = useState("");
  const say = useChange("sayToRun", "listRuns");
  const send = (event: FormEvent): void => {
    event.preventDefault();
    say.mutate({ params: { run: run.id }, body: { text } }, { onSuccess: () => setText("") });
  };
  return (
    <form className="close" onSubmit={send}>
      <div className="row nowrap">
        <input
          aria-label={`Say something to the run at ${run.place.label}`}
          placeholder={isLive(run) ? "Steer it while it works" : "Say what to do next"}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" disabled={say.isPending || text.trim() === ""}>
          {say.isPending ? "Sending…" : "Say"}
        </button>
      </div>
      <ProblemNotice cause={say.error} />
    </form>
  );
};

const Steer = ({ run }: { readonly run: RunView }) => {
  const stop = useChange("stopRun", "listRuns");
  const retry = useChange("retryRun", "listRuns");
  const params = { run: run.id };
  return (
    <>
      <ProblemNotice cause={stop.error ?? retry.error} />
      <div className="row">
        {run.may.stop && (
          <button
            type="button"
            className="danger"
            aria-label={`Stop the run at ${run.place.label}`}
            disabled={stop.isPending}
            onClick={() => stop.mutate({ params })}
          >
            {stop.isPending ? "Stopping…" : "Stop"}
          </button>
        )}
        {run.may.retry && (
          <button
            type="button"
            aria-label={`Ask again at ${run.place.label}`}
            disabled={retry.isPending}
            onClick={() => retry.mutate({ params })}
          >
            {retry.isPending ? "Asking again…" : "Ask again"}
          </button>
        )}
        <WebLink url={run.conversationUrl}>Conversation</WebLink>
        <WebLink url={run.pullRequest?.url}>
          {run.pullRequest === undefined ? "" : sayChange(run.pullRequest)}
        </WebLink>
        <WebLink url={run.reportUrl}>Report</WebLink>
        {run.continuedAt !== undefined && (
          <WebLink url={run.continuedAt.url}>Continued at {run.continuedAt.label}</WebLink>
        )}
      </div>
    </>
  );
};

/** One run: where, who, what, how far; stop, ask again, say something. */
export const RunRow = ({ run }: { readonly run: RunView }) => {
  const id = useId();
  const [tone, words] = states[run.state];
  return (
    <article className="card run" aria-labelledby={id}>
      <div className="row nowrap top">
        <div className="tight grow">
          <h2 id={id}>
            <WebLink url={run.place.url}>{run.place.label}</WebLink> {run.place.title ?? run.request}
          </h2>
          <p className="mute small">
            {[run.place.platformName, run.place.repository].filter((part) => part !== undefined).join(" · ")}{" "}
            · asked by {run.asker.displayName ?? run.asker.name} · <Moment at={run.queuedAt} />
            {sayLength(run)}
            {sayCost(run)}
          </p>
        </div>
        <Chip tone={tone}>
          {run.state === "queued" && run.position !== undefined ? `Number ${run.position} in line` : words}
        </Chip>
      </div>
      <p className="request">{run.request}</p>
      <RunProgress run={run} />
      <Steer run={run} />
      {run.may.say && <Say run={run} />}
    </article>
  );
};
