import type { PagePlace } from "@ask-openhands/core/connection/page-place/page.ts";
import type { Context } from "../messages.ts";
import type { PageFacts } from "../sites/site.ts";

/** One thing of the page that can go with an ask, and what people see of it. */
export interface Attachment {
  readonly label: string;
  readonly context: Context;
}

const longest = 20_000;

const clip = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

const selectionOf = (window: Window, page: PagePlace): Attachment | undefined => {
  const text = window.getSelection()?.toString().trim() ?? "";
  if (text === "") return undefined;
  const size = text.length === 1 ? "1 character" : `${text.length} characters`;
  return {
    label: `Selected text (${size})`,
    context: { kind: "selection", title: clip(`Selected on ${page.label}`, 300), text: clip(text, longest) },
  };
};

const linesOf = (window: Window, page: PagePlace): Attachment | undefined => {
  if (page.lines === undefined) return undefined;
  const { from, to } = page.lines;
  const name = page.path ?? page.refAndPath ?? page.label;
  const words = from === to ? `Line ${from}` : `Lines ${from} to ${to}`;
  return {
    label: `${words} of ${page.label}`,
    context: { kind: "lines", title: clip(`${words} of ${name}`, 300), url: window.location.href },
  };
};

const jobOf = (window: Window, page: PagePlace, facts: PageFacts): Attachment | undefined => {
  if (page.kind !== "pipeline") return undefined;
  const job = facts.failedJob ?? (page.job === undefined ? undefined : `job ${page.job}`);
  const title = job === undefined ? `CI: ${page.label}` : `Failed job: ${job}`;
  return { label: title, context: { kind: "job", title: clip(title, 300), url: window.location.href } };
};

const fileOf = (page: PagePlace): Attachment | undefined => {
  if (page.kind !== "file" || page.lines !== undefined) return undefined;
  return {
    label: `File ${page.label}`,
    context: { kind: "file", title: clip(page.path ?? page.refAndPath ?? page.label, 300), url: page.url },
  };
};

/** What this page offers to go along, most telling first. */
export const findAttachments = (window: Window, page: PagePlace, facts: PageFacts): readonly Attachment[] =>
  [selectionOf(window, page), linesOf(window, page), jobOf(window, page, facts), fileOf(page)].filter(
    (item) => item !== undefined,
  );
