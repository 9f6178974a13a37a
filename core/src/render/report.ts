import type { Author } from "../work/mention.ts";
import type { Action, Block, Link, Message } from "../work/message.ts";
import { isOver, type PullRequest, type Run } from "../work/run.ts";
import { clip, clipLine } from "./clip.ts";
import { defuse } from "./defuse.ts";
import { endInWords, hintAtEnd, pushedInWords } from "./end-in-words.ts";
import { counted, elapsed, inWords, money, personName, stateWords } from "./words.ts";

/** What a message says that the run does not know. */
export interface ReportFacts {
  /** How people call us here: `@openhands`. */
  readonly handle: string;
  /** Unique and signed. */
  readonly marker: string;
  /** Hosts that links in the agent's words may lead to. */
  readonly hosts: readonly string[];
  /** What `buildPrompt` said it removed: "2 HTML comments". */
  readonly removed?: readonly string[] | undefined;
  /** What the repository's platform calls it; "pull request" when absent. */
  readonly changeRequest?: "pull request" | "merge request" | undefined;
  /** True where no closing comment follows, so that the report itself ends with the agent's closing words. */
  readonly withSummary?: boolean | undefined;
}

const shownSteps = 5;
const stepLength = 160;
const shownTasks = 20;
const summaryLength = 12_000;
const notified = 5;

const ourMarkdown = (markdown: string, facts: ReportFacts): Block => ({
  type: "markdown",
  markdown: defuse(clip(markdown.trim(), summaryLength), facts),
});

const headline = (run: Run): string => {
  if (run.stopAsked !== undefined && !isOver(run))
    return `Stopping, as ${personName(run.stopAsked.by)} asked`;
  switch (run.state) {
    case "queued":
      return run.position === undefined || run.position <= 1
        ? "Queued: next in line"
        : `Queued: number ${run.position} in line`;
    case "starting":
      return run.phase === undefined ? "Starting" : `Starting: ${clipLine(run.phase, 100)}`;
    case "working":
      return "OpenHands is working on it";
    case "waiting":
      return "OpenHands has a question";
    default:
      return endInWords(run);
  }
};

const tasksOf = (run: Run): readonly Block[] => {
  if (run.tasks.length === 0) return [];
  const shown = run.tasks
    .slice(0, shownTasks)
    .map((task) => ({ ...task, title: clipLine(task.title, stepLength) }));
  const rest = run.tasks.length - shown.length;
  const block: Block = { type: "tasks", tasks: shown };
  return rest === 0 ? [block] : [block, { type: "text", text: `… and ${counted(rest, "more task")}.` }];
};

const stepsOf = (run: Run): readonly Block[] => {
  const shown = run.steps
    .slice(-shownSteps)
    .map((step) => ({ ...step, text: clipLine(step.text, stepLength) }));
  return shown.length === 0
    ? []
    : [{ type: "steps", steps: shown, earlier: Math.max(0, run.stepCount - shown.length) }];
};

const requestLabel = ({ number }: PullRequest, facts: ReportFacts): string =>
  facts.changeRequest === "merge request" ? `Merge request !${number}` : `Pull request #${number}`;

/** Conversation, pull request, and the place where the work went on. */
export const linksOf = (run: Run, facts: ReportFacts): readonly Link[] => [
  ...(run.conversation?.url === undefined
    ? []
    : [{ label: "Open the conversation", url: run.conversation.url }]),
  ...(run.pullRequest === undefined
    ? []
    : [{ label: requestLabel(run.pullRequest, facts), url: run.pullRequest.url }]),
  ...(run.continuedAt === undefined
    ? []
    : [
        {
          label: `Goes on at ${run.continuedAt.label} (${stateWords[run.continuedAt.state]})`,
          url: run.continuedAt.url,
        },
      ]),
];

const factsOf = (run: Run, now: number): readonly string[] => {
  const time = elapsed(run, now);
  const { repository } = run;
  const named =
    repository !== undefined && (repository.name !== run.place.repository || repository.branch !== undefined);
  return [
    ...(run.state === "queued"
      ? [now === run.queuedAt ? "waiting" : `waiting for ${inWords(now - run.queuedAt)}`]
      : []),
    // A live report is told in whole minutes; the first of them is nothing to tell.
    ...(time === undefined || time === 0 ? [] : [inWords(time)]),
    ...(run.stepCount === 0 ? [] : [counted(run.stepCount, "step")]),
    ...(run.cost === undefined ? [] : [money(run.cost)]),
    ...(run.asks.length > 1 ? [counted(run.asks.length - 1, "follow-up")] : []),
    ...(repository === undefined ? ["no repository"] : []),
    ...(named
      ? [
          repository.branch === undefined
            ? repository.name
            : `${repository.name}, branch ${repository.branch}`,
        ]
      : []),
    ...(run.model === undefined ? [] : [run.model]),
  ];
};

const howTo = (run: Run, handle: string): string | undefined => {
  if (run.stopAsked !== undefined && !isOver(run)) return undefined;
  if (run.state === "queued") return `It starts by itself. To take it back, write \`${handle} stop\`.`;
  if (run.state === "waiting")
    return `Answer here with \`${handle}\` and your words, and the work goes on. To end it, write \`${handle} stop\`.`;
  if (!isOver(run))
    return `To add something while it works, mention \`${handle}\` again. To stop it, write \`${handle} stop\`.`;
  const again = run.outcome?.retryable === true ? `\`${handle} retry\` tries again. ` : "";
  const reason = run.outcome?.reason;
  if (reason === "archived") return `${again}Mention \`${handle}\` to begin a fresh conversation.`;
  const goesOn =
    run.conversation !== undefined &&
    reason !== "refused" &&
    reason !== "withdrawn" &&
    reason !== "unreachable";
  if (!goesOn) return again === "" ? undefined : again.trim();
  return `${again}Mention \`${handle}\` to go on in the same conversation; \`${handle} new\` starts afresh.`;
};

/** Buttons for platforms that have them. */
export const actionsOf = (run: Run, facts: ReportFacts): readonly Action[] => {
  const open: readonly Action[] =
    run.conversation?.url === undefined
      ? []
      : [{ kind: "open", label: "Open", url: run.conversation.url, run: run.id }];
  const pull: readonly Action[] =
    run.pullRequest === undefined
      ? []
      : [
          {
            kind: "pull-request",
            label: requestLabel(run.pullRequest, facts),
            url: run.pullRequest.url,
            run: run.id,
          },
        ];
  const stop: readonly Action[] =
    isOver(run) || run.stopAsked !== undefined ? [] : [{ kind: "stop", label: "Stop", run: run.id }];
  const retry: readonly Action[] =
    isOver(run) && run.outcome?.retryable === true
      ? [{ kind: "retry", label: "Try again", run: run.id }]
      : [];
  return [...stop, ...retry, ...open, ...pull];
};

const textBlock = (text: string | undefined): readonly Block[] =>
  text === undefined || text === "" ? [] : [{ type: "text", text }];

const hiddenNotice = (removed: readonly string[] | undefined): string | undefined =>
  removed === undefined || removed.length === 0
    ? undefined
    : `Hidden text was left out of what the agent read: ${removed.join(", ")}.`;

/** Something outside does not answer: since when, so that nobody takes silence for work. */
const troubleInWords = (run: Run, now: number): string | undefined => {
  if (run.trouble === undefined || isOver(run)) return undefined;
  const since = now - run.trouble.since;
  return `${run.trouble.hint} It is being tried again${since < 60_000 ? "" : `, for ${inWords(since)} now`}.`;
};

const linksBlock = (run: Run, facts: ReportFacts): readonly Block[] => {
  const links = linksOf(run, facts);
  return links.length === 0 ? [] : [{ type: "links", links }];
};

const factsBlock = (run: Run, now: number): readonly Block[] => {
  const facts = factsOf(run, now);
  return facts.length === 0 ? [] : [{ type: "facts", facts }];
};

const hintBlocks = (run: Run, facts: ReportFacts): readonly Block[] => {
  const hint = hintAtEnd(run);
  return hint === undefined ? [] : [ourMarkdown(hint, facts)];
};

/** The agent's question, or its closing words. */
const wordsOf = (run: Run, facts: ReportFacts): readonly Block[] => {
  const words = run.state === "waiting" ? run.question : run.outcome?.summary;
  return words === undefined || words.trim() === "" ? [] : [ourMarkdown(words, facts)];
};

/** The one message at the place that shows a run. `now` is epoch milliseconds. */
export const describeReport = (run: Run, now: number, facts: ReportFacts): Message => ({
  part: "report",
  blocks: [
    { type: "status", state: run.state, text: headline(run) },
    ...hintBlocks(run, facts),
    ...(run.state === "waiting" || facts.withSummary === true ? wordsOf(run, facts) : []),
    ...textBlock(troubleInWords(run, now)),
    ...tasksOf(run),
    ...stepsOf(run),
    ...(isOver(run) ? textBlock(pushedInWords(run)) : []),
    ...linksBlock(run, facts),
    ...textBlock(hiddenNotice(facts.removed)),
    ...textBlock(howTo(run, facts.handle)),
    ...factsBlock(run, now),
  ],
  actions: actionsOf(run, facts),
  notify: [],
  marker: facts.marker,
});

/** The people who asked, each once, the first asker first; accounts of bots are not called. */
export const askersOf = (run: Run): readonly Author[] => {
  const askers = new Map<string, Author>();
  for (const { author } of run.asks)
    if (author.kind === "person" && !askers.has(author.id)) askers.set(author.id, author);
  return [...askers.values()].slice(0, notified);
};

/** The short comment at the end of a run, or when the agent asks a question. It calls the people who asked. */
export const describeClosing = (run: Run, now: number, facts: ReportFacts): Message => ({
  part: "closing",
  blocks: [
    { type: "status", state: run.state, text: headline(run) },
    ...hintBlocks(run, facts),
    ...wordsOf(run, facts),
    ...textBlock(pushedInWords(run)),
    ...linksBlock(run, facts),
    ...textBlock(howTo(run, facts.handle)),
    ...factsBlock(run, now),
  ],
  actions: actionsOf(run, facts),
  notify: askersOf(run),
  marker: facts.marker,
});
