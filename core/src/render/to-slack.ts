import type { Author } from "../work/mention.ts";
import type { Action, Block, Link, Message } from "../work/message.ts";
import { clip, clipLine } from "./clip.ts";
import { slackEscape, slackLink, slackMarkdown, slackSentence } from "./slack-text.ts";
import { counted, stateMarks, taskMarks } from "./words.ts";

/** Block Kit, only what we use. Limits: https://docs.slack.dev/reference/block-kit/blocks */
export type SlackBlock =
  | {
      readonly type: "header";
      readonly text: { readonly type: "plain_text"; readonly text: string; readonly emoji: true };
    }
  | { readonly type: "section"; readonly text: SlackText }
  | { readonly type: "context"; readonly elements: readonly SlackText[] }
  | { readonly type: "actions"; readonly elements: readonly (SlackButton | SlackSearch)[] };

/** `verbatim`: Slack links and mentions nothing on its own account. */
export interface SlackText {
  readonly type: "mrkdwn";
  readonly text: string;
  readonly verbatim: true;
}

export interface SlackButton {
  readonly type: "button";
  readonly action_id: string;
  readonly text: { readonly type: "plain_text"; readonly text: string; readonly emoji: true };
  readonly value: string;
  readonly url?: string;
  readonly style?: "primary" | "danger";
}

/** A searchable list whose entries are asked for while the person types. */
export interface SlackSearch {
  readonly type: "external_select";
  readonly action_id: string;
  readonly placeholder: { readonly type: "plain_text"; readonly text: string; readonly emoji: true };
  readonly min_query_length: 0;
}

export interface SlackBody {
  readonly blocks: readonly SlackBlock[];
  /** For notifications, and for clients that show no blocks. */
  readonly text: string;
}

export interface SlackOptions {
  /** `<@id>` when absent. */
  readonly mention?: ((author: Author) => string) | undefined;
}

const mostBlocks = 50;
const sectionLength = 3000;
const headerLength = 150;
const mostButtons = 25;
const labelLength = 75;
const urlLength = 3000;
const fallbackLength = 3000;

/** What an interaction names the button by; the button's value is the run's id. */
export const slackActionId = (kind: Action["kind"]): string => `ask-openhands:${kind}`;

const mrkdwn = (text: string): SlackText => ({ type: "mrkdwn", text, verbatim: true });

/** A section that is too long is cut between lines where it can be. */
const sections = (text: string): readonly SlackBlock[] => {
  const pieces: string[] = [];
  let piece = "";
  for (const line of text.split("\n")) {
    const fitting = clip(line, sectionLength);
    if (piece !== "" && piece.length + 1 + fitting.length > sectionLength) {
      pieces.push(piece);
      piece = fitting;
    } else piece = piece === "" ? fitting : `${piece}\n${fitting}`;
  }
  return [...pieces, piece]
    .filter((one) => one.trim() !== "")
    .map((one) => ({ type: "section", text: mrkdwn(one) }));
};

const tableText = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const plain = (cell: string): string => cell.replace(/`/g, "");
  return (
    rows
      .map(
        (row) =>
          `• ${row.map((cell, at) => (at === 0 ? `*${slackEscape(plain(cell))}*` : slackSentence(cell))).join(" · ")}`,
      )
      .join("\n") || slackEscape(head.join(" · "))
  );
};

/** What a button below leads to needs no link above it. */
const withoutButtons = (links: readonly Link[], actions: readonly Action[]): readonly Link[] =>
  links.filter(({ url }) => url.length > urlLength || !actions.some((action) => action.url === url));

const renderBlock = (block: Block, { part, actions }: Message): readonly SlackBlock[] => {
  switch (block.type) {
    case "status": {
      const text = `${stateMarks[block.state]} ${block.text}`;
      if (part === "report")
        return [
          { type: "header", text: { type: "plain_text", text: clipLine(text, headerLength), emoji: true } },
        ];
      return sections(
        `${stateMarks[block.state]} *${slackEscape(clipLine(block.text, headerLength)).replace(/\*/g, "")}*`,
      );
    }
    case "markdown":
      return slackMarkdown(block.markdown).flatMap(sections);
    case "text":
      return sections(slackSentence(block.text));
    case "tasks":
      return sections(
        block.tasks.map(({ title, state }) => `${taskMarks[state]} ${slackSentence(title)}`).join("\n"),
      );
    case "steps": {
      const earlier =
        block.earlier > 0 ? ` (${counted(block.earlier, "earlier one", "earlier ones")} not shown)` : "";
      return sections(
        [
          `*Last steps*${earlier}`,
          ...block.steps.map(
            (step) => `• ${slackSentence(step.text)}${step.failed === true ? " (failed)" : ""}`,
          ),
        ].join("\n"),
      );
    }
    case "links":
      return sections(
        withoutButtons(block.links, actions)
          .map(({ label, url }) => slackLink(url, label))
          .join(" · "),
      );
    case "table":
      return sections(tableText(block.head, block.rows));
    case "facts":
      return [
        {
          type: "context",
          elements: [mrkdwn(clip(block.facts.map(slackSentence).join(" · "), sectionLength))],
        },
      ];
  }
};

const styles: Readonly<Partial<Record<Action["kind"], "primary" | "danger">>> = {
  stop: "danger",
  "pull-request": "primary",
};

/** Buttons stand alone here, below the words: each says what it opens. */
const labels: Readonly<Partial<Record<Action["kind"], string>>> = { open: "Open conversation" };

const search = (action: Action): SlackSearch => ({
  type: "external_select",
  action_id: slackActionId(action.kind),
  placeholder: { type: "plain_text", text: clipLine(action.label, labelLength), emoji: true },
  min_query_length: 0,
});

const button = (action: Action): SlackButton => {
  const style = styles[action.kind];
  return {
    type: "button",
    action_id: slackActionId(action.kind),
    text: {
      type: "plain_text",
      text: clipLine(labels[action.kind] ?? action.label, labelLength),
      emoji: true,
    },
    value: action.run,
    ...(action.url === undefined ? {} : { url: action.url }),
    ...(style === undefined ? {} : { style }),
  };
};

/** Action ids must differ within one block: the first button of a kind wins. */
const buttons = (actions: readonly Action[]): readonly SlackBlock[] => {
  const firsts = actions.filter(
    (action, at) =>
      actions.findIndex((other) => other.kind === action.kind) === at &&
      (action.url?.length ?? 0) <= urlLength,
  );
  return firsts.length === 0
    ? []
    : [
        {
          type: "actions",
          elements: firsts
            .slice(0, mostButtons)
            .map((action) => (action.kind === "choose-repository" ? search(action) : button(action))),
        },
      ];
};

const fallback = (message: Message, names: string): string => {
  const first = message.blocks.find((block) => block.type === "status" || block.type === "text");
  const words =
    first?.type === "status" ? `${stateMarks[first.state]} ${first.text}` : (first?.text ?? "OpenHands");
  return clip(`${names}${slackEscape(words)}`, fallbackLength);
};

/** A message as Block Kit blocks with fallback text, within Slack's limits: 50 blocks, 3,000 characters a section, 150 a header. Send it with `unfurl_links: false`. */
export const toSlack = (message: Message, options: SlackOptions = {}): SlackBody => {
  const mention = options.mention ?? ((author: Author) => `<@${author.id.replace(/[^\w]/g, "")}>`);
  const names = message.notify.map((author) => `${mention(author)} `).join("");
  const body = message.blocks.flatMap((block) => renderBlock(block, message));
  const actions = buttons(message.actions);
  const [first, ...others] = body;
  const joins =
    names !== "" && first?.type === "section" && first.text.text.length + names.length <= sectionLength;
  const lead = names === "" || joins ? [] : sections(names.trim());
  const whole = joins ? [{ ...first, text: mrkdwn(names + first.text.text) }, ...others] : body;
  const room = mostBlocks - actions.length - lead.length;
  const shown =
    whole.length <= room
      ? whole
      : [
          ...whole.slice(0, room - 1),
          ...sections(`… (${counted(whole.length - room + 1, "part")} left out)`),
        ];
  return { blocks: [...lead, ...shown, ...actions], text: fallback(message, names) };
};
