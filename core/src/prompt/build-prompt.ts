import { isBranchName } from "../trigger/names.ts";
import type { Place, PlaceKind } from "../work/place.ts";
import type { Ask, Run } from "../work/run.ts";
import type { Thread } from "../work/thread.ts";
import { asSeen, type Seen } from "./as-seen.ts";
import { type AttachedFile, attachedText } from "./attached-files.ts";
import { type DeliveryRules, deliveryRules } from "./delivery.ts";
import { explainFence } from "./fence.ts";
import { addRemovals } from "./removals.ts";
import { createFencer, entriesText, type Fencer, partsText, spotText, stoodBefore } from "./thread-text.ts";

export interface PromptParts {
  readonly run: Run;
  readonly thread: Thread;
  readonly delivery: DeliveryRules;
  /** The description as it was heard with the request, where that is known. */
  readonly heard?: string | undefined;
  /** Files of the request and its place, with what was read of them; those of the thread by name when absent. */
  readonly files?: readonly AttachedFile[] | undefined;
  /** 32 hexadecimal digits, new for each run: `newNonce()`. */
  readonly nonce: string;
  /** Characters that the prompt may have; what others wrote is cut to it, the request never. */
  readonly budget: number;
}

export interface Prompt {
  /** First message to the agent. */
  readonly prompt: string;
  /** Standing instructions for the whole conversation. */
  readonly background: string;
  /** Hidden text that was taken out, by kind with counts, for the report. */
  readonly removed: readonly string[];
}

const kindWords: Readonly<Record<PlaceKind, string>> = {
  issue: "issue",
  "pull-request": "pull request",
  ticket: "ticket",
  thread: "thread",
  page: "web page",
};

/** Least that the description and the messages get when the request alone is longer than the budget. */
const leastForOthers = 2000;

const oneLine = (text: string): string => text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();

/** What a page is called may be the name of somebody's file; one that is more than a name is left to the address. */
const labelWords = ({ kind, label }: Place): string =>
  kind === "page" && !/^[\p{L}\p{N}._~/-]+(?: \d+)?$/u.test(label) ? "" : ` ${oneLine(label)}`;

export const placeWords = (place: Place): string => {
  const where = place.repository === undefined ? "" : ` of \`${oneLine(place.repository)}\``;
  return `${kindWords[place.kind]}${labelWords(place)}${where} (${oneLine(place.url)})`;
};

/** The moment up to which the people who asked can have seen what stands there. */
const askedAt = (asks: readonly Ask[]): number =>
  Math.max(
    ...asks.map((ask) => Date.parse(ask.at)).filter((time) => !Number.isNaN(time)),
    Number.NEGATIVE_INFINITY,
  );

const askText = (ask: Ask, fencer: Fencer): string => {
  const words = fencer.cleaned(ask.request);
  const request = words === "" ? "(no words: do what the description and the last messages ask for)" : words;
  const head = `By ${oneLine(ask.author.name)} at ${oneLine(ask.at)}:`;
  return [
    head,
    request,
    ...(ask.spot === undefined ? [] : [`It is about this place in the code:`, spotText(ask.spot, fencer)]),
  ].join("\n\n");
};

export const askerIds = (asks: readonly Ask[]): ReadonlySet<string> =>
  new Set(asks.map((ask) => ask.author.id));

export const requestText = (asks: readonly Ask[], fencer: Fencer): string =>
  asks.map((ask) => askText(ask, fencer)).join("\n\n");

const aboutText = (thread: Thread, { text, note }: Seen, fencer: Fencer, limit: number): string => {
  const { description } = thread;
  const lines = [
    `Title: ${oneLine(thread.title)}`,
    ...(thread.state === undefined ? [] : [`State: ${oneLine(thread.state)}`]),
    ...(thread.labels === undefined || thread.labels.length === 0
      ? []
      : [`Labels: ${thread.labels.map(oneLine).join(", ")}`]),
    ...(text.trim() === "" ? [] : ["", text]),
  ];
  const author = description?.author === undefined ? "" : ` by ${description.author.name}`;
  return (
    fencer.fenced(lines.join("\n"), `title and description${author}`, limit) +
    (note === "" ? "" : `\n\n${note}`)
  );
};

/** A branch may be called by anybody who opens a pull request; git forbids few characters, so what is more than a name is not told. */
const branchText = (what: string, branch: string | undefined): readonly string[] =>
  branch === undefined || !isBranchName(branch) ? [] : [`${what}: \`${branch}\``];

const repositoryText = (run: Run, thread: Thread): readonly string[] => {
  const facts = thread.repository;
  const name = run.repository === undefined ? facts?.name : run.repository.name;
  if (name === undefined) return ["Repository: none; the people who ask chose to work without one."];
  const host = run.repository?.host ?? facts?.host;
  const branch = thread.pullRequest?.sourceBranch ?? run.repository?.branch;
  return [
    `Repository: \`${oneLine(name)}\`${host === undefined ? "" : ` on ${oneLine(host)}`}`,
    ...branchText("Default branch", facts?.defaultBranch),
    ...branchText("Branch", branch),
  ];
};

const section = (title: string, text: string): readonly string[] =>
  text === "" ? [] : [`## ${title}`, text];

/**
 * What the agent is told when a conversation begins: place, repository, request, the place in the code, the parts of a review, the thread before it,
 * attachments; and as background how to deliver and what to trust. What was written or edited at or after the moment of asking is left out: it was not
 * what the asker saw. Deterministic for a given nonce.
 */
export const buildPrompt = ({ run, thread, delivery, heard, files, nonce, budget }: PromptParts): Prompt => {
  const fencer = createFencer(nonce);
  const asked = askedAt(run.asks);
  const request = requestText(run.asks, fencer);
  const attachments = attachedText(files ?? thread.attachments ?? [], fencer);
  const stood = (thread.parts ?? []).filter((part) => stoodBefore({ at: part.editedAt }, asked));
  const parts = partsText(stood, askerIds(run.asks), fencer, nonce);
  let room = Math.max(leastForOthers, budget - request.length - parts.length - attachments.length - 1000);
  const seen = asSeen(thread.description, heard, asked);
  const about = aboutText(thread, seen, fencer, Math.max(500, Math.floor(room / 2)));
  room = Math.max(0, room - about.length);
  const earlier = thread.entries.filter((entry) => stoodBefore(entry, asked));
  const near = entriesText(
    earlier.filter((entry) => entry.near === true),
    fencer,
    nonce,
    room,
  );
  const others = entriesText(
    earlier.filter((entry) => entry.near !== true),
    fencer,
    nonce,
    near.left,
  );
  const later = thread.entries.length - earlier.length;
  const laterNote =
    later === 0
      ? ""
      : `(${later} ${later === 1 ? "message" : "messages"} written or changed since the request left out)`;

  const prompt = [
    `You were asked for work at ${placeWords(run.place)}.`,
    repositoryText(run, thread).join("\n"),
    ...section("Request", request),
    ...section("Parts of the request", parts),
    ...section("What it is about", about),
    ...section("The discussion that the request stands in", near.text),
    ...section(
      near.text === "" ? "Messages before the request" : "Other messages before the request",
      [others.text, laterNote].filter((text) => text !== "").join("\n\n"),
    ),
    ...section("Attachments", attachments),
  ];
  return {
    prompt: prompt.filter((part) => part !== "").join("\n\n"),
    background: backgroundText(deliveryRules(run, thread, delivery), nonce),
    removed: addRemovals(fencer.removed()),
  };
};

const backgroundText = (rules: readonly string[], nonce: string): string =>
  [
    "People ask you for work in issues, pull requests, tickets and chats. They do not watch you work and see only your progress and your final message.",
    "## Rules",
    [
      "Do what the request says, no more and no less; a later message by a person who asks changes it.",
      explainFence(nonce),
      "Never reveal secrets, tokens or environment variables: not in messages, commits, files, branch names or addresses.",
      "Do not comment, review, react, close, merge, approve, label or assign anything at the place yourself.",
      ...rules,
    ]
      .map((rule) => `- ${rule}`)
      .join("\n"),
  ].join("\n\n");
