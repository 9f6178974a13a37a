import type { SettingSource } from "../connection/workspace-settings.ts";
import type { Author } from "../work/mention.ts";
import type { Block, Link, Message } from "../work/message.ts";
import { isOver, type Run } from "../work/run.ts";
import { clipLine } from "./clip.ts";
import { defuse } from "./defuse.ts";
import { actionsOf, linksOf, type ReportFacts } from "./report.ts";
import { elapsed, inWords, money, personName, stateMarks, stateWords } from "./words.ts";

/** Short answers to people: refusals and the commands. All are notes that call the one who asked. */
export interface AnswerFacts extends ReportFacts {
  readonly to: Author;
}

const note = (facts: AnswerFacts, blocks: readonly Block[], run?: Run): Message => ({
  part: "note",
  blocks,
  actions: run === undefined ? [] : actionsOf(run, facts),
  notify: facts.to.kind === "person" ? [facts.to] : [],
  marker: facts.marker,
});

const text = (sentence: string): Block => ({ type: "text", text: sentence });

const links = (all: readonly Link[]): readonly Block[] =>
  all.length === 0 ? [] : [{ type: "links", links: all }];

/** Sentences by us or a platform that may have an address worth a click. */
const words = (sentence: string, facts: ReportFacts): Block => ({
  type: "markdown",
  markdown: defuse(sentence, facts),
});

/** Why an ask is not run, and what to do. `link` is where to do it. */
export const describeRefusal = (
  refusal: {
    /** What came of it, when it was no request for work. */
    readonly title?: string | undefined;
    readonly why: string;
    readonly cure?: string | undefined;
    readonly link?: Link | undefined;
  },
  facts: AnswerFacts,
): Message =>
  note(facts, [
    { type: "status", state: "stopped", text: refusal.title ?? "Not started" },
    words(refusal.why, facts),
    ...(refusal.cure === undefined ? [] : [words(refusal.cure, facts)]),
    ...links(refusal.link === undefined ? [] : [refusal.link]),
  ]);

/** The ask waits until the person has linked the account; then it goes on by itself. `once`: the address is a secret of the one who asked. */
export const describeLinkNeeded = (
  needed: { readonly why: string; readonly url: string; readonly once: boolean },
  facts: AnswerFacts,
): Message =>
  note(facts, [
    { type: "status", state: "queued", text: "One step first: connect your account" },
    words(needed.why, facts),
    text(
      `${needed.once ? "The link is for you alone and works once. " : ""}Your request goes on by itself afterwards.`,
    ),
    { type: "links", links: [{ label: "Connect", url: needed.url }] },
  ]);

const mostCandidates = 10;

/** The place names no repository, or several: ask, never guess. */
export const describeRepositoryQuestion = (
  question: { readonly why: string; readonly candidates: readonly string[] },
  facts: AnswerFacts,
): Message => {
  const shown = question.candidates
    .slice(0, mostCandidates)
    .map((name) => `- \`${clipLine(name, 200).replaceAll("`", "")}\``);
  const example = question.candidates[0] ?? "owner/name";
  const asked = note(facts, [
    { type: "status", state: "waiting", text: "Which repository?" },
    words(question.why, facts),
    ...(shown.length === 0 ? [] : [{ type: "markdown", markdown: shown.join("\n") } as const]),
    text(
      `Ask again and name it, for instance \`${facts.handle} repo=${example.replaceAll("`", "")} …\`; \`repo=none\` works without one.`,
    ),
  ]);
  return { ...asked, actions: [{ kind: "choose-repository", label: "Search repositories", run: "" }] };
};

export const describeHelp = (facts: AnswerFacts): Message => {
  const { handle } = facts;
  const word = facts.changeRequest ?? "pull request";
  return note(facts, [
    text(
      `Mention \`${handle}\` with what you want done. OpenHands works on it, shows how far it is in one message here, and opens a ${word}.`,
    ),
    {
      type: "table",
      head: ["Write", "and"],
      rows: [
        [
          `\`${handle} fix the failing test\``,
          "OpenHands starts, or hears it as a follow-up where it is at work already",
        ],
        [`\`${handle} new …\``, "it begins in a fresh conversation"],
        [`\`${handle} status\``, "it says how far it is"],
        [`\`${handle} stop\``, "it stops and says what was already pushed"],
        [`\`${handle} retry\``, "it tries the last request again"],
        [`\`${handle} queue\``, "it shows what works and what waits"],
        [`\`${handle} why\``, "it says why a request was not started"],
        [`\`${handle} config\``, "it shows the settings here and where each comes from"],
      ],
    },
    text(
      "Options in the text: `repo=owner/name`, `branch=name`, `model=name`. A comment that begins with `//` or `[note]` is left to people.",
    ),
  ]);
};

const runLine = (run: Run, now: number): string => {
  const time = elapsed(run, now);
  const parts = [
    `${stateMarks[run.state]} ${stateWords[run.state]}`,
    ...(run.state === "queued" && run.position !== undefined ? [`number ${run.position} in line`] : []),
    ...(time === undefined ? [] : [isOver(run) ? `worked for ${inWords(time)}` : `for ${inWords(time)}`]),
    ...(run.cost === undefined ? [] : [money(run.cost)]),
  ];
  return parts.join(", ");
};

export const describeStatus = (run: Run | undefined, now: number, facts: AnswerFacts): Message => {
  if (run === undefined) return note(facts, [text("Nothing has run here yet.")]);
  const last = run.steps.at(-1);
  const done = run.tasks.filter((task) => task.state === "done").length;
  return note(
    facts,
    [
      text(`${isOver(run) ? "The last run here" : "The run here"}: ${runLine(run, now)}.`),
      ...(run.tasks.length === 0 ? [] : [text(`Tasks done: ${done} of ${run.tasks.length}.`)]),
      ...(isOver(run) || last === undefined ? [] : [text(`Last step: ${clipLine(last.text, 160)}`)]),
      ...links([
        ...(run.report?.ref?.url === undefined ? [] : [{ label: "Report", url: run.report.ref.url }]),
        ...linksOf(run, facts),
      ]),
    ],
    run,
  );
};

const mostRuns = 20;

const elsewhere = (count: number): string =>
  count === 1
    ? "One more is at work or waits where not everybody here can see it."
    : `${count} more are at work or wait where not everybody here can see them.`;

/** Runs that are live or wait, in the order in which they will work. Confidential places are named only where they are asked about; `hidden` ones are only counted. */
export const describeQueue = (
  runs: readonly Run[],
  now: number,
  facts: AnswerFacts & { readonly here: string; readonly hidden: number },
): Message => {
  const open = runs.filter((run) => !isOver(run));
  const counted = facts.hidden === 0 ? [] : [text(elsewhere(facts.hidden))];
  if (open.length === 0)
    return note(facts, counted.length === 0 ? [text("Nothing works and nothing waits.")] : counted);
  const place = (run: Run): string => {
    if (run.place.key === facts.here) return "here";
    return run.place.confidential === true
      ? "a confidential place"
      : [run.place.repository, run.place.label].filter((part) => part !== undefined).join(" ");
  };
  const rows = open
    .slice(0, mostRuns)
    .map((run) => [
      place(run),
      run.asks[0] === undefined ? "" : personName(run.asks[0].author),
      runLine(run, now),
    ]);
  const rest = open.length - rows.length;
  return note(facts, [
    { type: "table", head: ["Where", "Asked by", "State"], rows },
    ...(rest === 0 ? [] : [text(`… and ${rest} more.`)]),
    ...counted,
  ]);
};

/** Answer to `why`: the last refusal here, in the words that were stored with it. */
export const describeWhy = (
  last: { readonly outcome: string; readonly why?: string | undefined } | undefined,
  facts: AnswerFacts,
): Message => {
  if (last === undefined) return note(facts, [text("No request of yours was refused here.")]);
  return note(facts, [words(last.why ?? `Your last request here: ${last.outcome}.`, facts)]);
};

const sources: Readonly<Record<SettingSource, string>> = {
  page: "settings page",
  environment: "environment",
  default: "default",
};

export const describeConfig = (
  settings: readonly { readonly key: string; readonly value: string; readonly source: SettingSource }[],
  facts: AnswerFacts,
): Message =>
  note(facts, [
    text("These settings count here:"),
    {
      type: "table",
      head: ["Setting", "Value", "From"],
      rows: settings.map(({ key, value, source }) => [
        key,
        value === "" ? "(empty)" : clipLine(value, 200),
        sources[source],
      ]),
    },
  ]);

/** Plain answers to `stop` and `retry` where there is nothing to do, and other one-sentence answers. */
export const describeAnswer = (sentence: string, facts: AnswerFacts): Message =>
  note(facts, [words(sentence, facts)]);
