import type { PageRun } from "../messages.ts";
import { element } from "./element.ts";

const words: Readonly<Record<PageRun["state"], string>> = {
  queued: "Waiting for its turn",
  starting: "Starting",
  working: "Working",
  waiting: "Waiting for an answer",
  done: "Done",
  failed: "Failed",
  stopped: "Stopped",
};

export const isLive = (run: PageRun): boolean =>
  run.state !== "done" && run.state !== "failed" && run.state !== "stopped";

/** Only web addresses become links: a `javascript:` from outside stays text. */
export const isWebAddress = (url: string | undefined): url is string =>
  url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

/** State of a run in a few words. */
export const describeRun = (run: PageRun): string => {
  const state =
    run.state === "queued" && run.position !== undefined
      ? `Waiting, number ${run.position} in line`
      : words[run.state];
  const detail = isLive(run)
    ? (run.question ?? run.steps.at(-1)?.text ?? run.phase)
    : (run.outcome?.hint ?? run.outcome?.summary);
  return detail === undefined ? state : `${state}: ${detail.replace(/\s+/g, " ").slice(0, 160)}`;
};

const link = (label: string, url: string | undefined): HTMLElement | undefined =>
  isWebAddress(url)
    ? element("a", { text: label, attributes: { href: url, target: "_blank", rel: "noopener noreferrer" } })
    : undefined;

/** State and links of a run, for the box that asked for it. */
export const runLine = (run: PageRun): readonly HTMLElement[] => [
  element(
    "p",
    { class: "state", attributes: { "data-state": run.state } },
    isLive(run) ? element("span", { class: "live" }) : undefined,
    element("span", { text: describeRun(run) }),
  ),
  element(
    "p",
    { class: "links" },
    link("Open the conversation", run.conversationUrl),
    link("Report", run.reportUrl),
    run.pullRequest && link(`Pull request #${run.pullRequest.number}`, run.pullRequest.url),
  ),
];
