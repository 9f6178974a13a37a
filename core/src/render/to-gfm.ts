import type { Author } from "../work/mention.ts";
import type { Block, Link, Message } from "../work/message.ts";
import { fitBlocks, namesBefore } from "./fit-blocks.ts";
import { escapeGfm } from "./gfm-text.ts";
import { counted, stateMarks, taskMarks } from "./words.ts";

/** Dialects: GitHub has all three; GitLab too; Bitbucket shows HTML as text and has no task lists. */
export interface GfmOptions {
  /** False: the marker hides in a link definition instead of an HTML comment. */
  readonly htmlComments: boolean;
  /** `<details>` and `<sub>`. */
  readonly details: boolean;
  readonly taskLists: boolean;
  /** Characters that the whole message may have. */
  readonly limit?: number | undefined;
  /** The platform's own mention of a person; `@name` when absent. */
  readonly mention?: ((author: Author) => string) | undefined;
}

const over: ReadonlySet<string> = new Set(["done", "failed", "stopped"]);

const isOverIn = (message: Message): boolean =>
  message.blocks.some((block) => block.type === "status" && over.has(block.state));

const linkUrl = (url: string): string =>
  url.replace(/[\s<>()\\]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`);

const gfmLink = ({ label, url }: Link): string => `[${escapeGfm(label)}](${linkUrl(url)})`;

const steps = (block: Extract<Block, { type: "steps" }>, options: GfmOptions, open: boolean): string => {
  const lines = block.steps.map(
    (step) => `- ${escapeGfm(step.text)}${step.failed === true ? " (failed)" : ""}`,
  );
  const earlier =
    block.earlier > 0 ? ` (${counted(block.earlier, "earlier one", "earlier ones")} not shown)` : "";
  if (!options.details) return `**Last steps**${earlier}\n\n${lines.join("\n")}`;
  return `<details${open ? " open" : ""}><summary>Last steps${earlier}</summary>\n\n${lines.join("\n")}\n\n</details>`;
};

const tasks = (block: Extract<Block, { type: "tasks" }>, options: GfmOptions): string =>
  block.tasks
    .map(({ title, state }) => {
      const mark = options.taskLists ? `[${state === "done" ? "x" : " "}]` : taskMarks[state];
      const text = escapeGfm(title);
      return `- ${mark} ${state === "doing" ? `**${text}**` : text}`;
    })
    .join("\n");

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => escapeGfm(cell).replace(/`[^`]*`/g, (code) => code.replace(/\|/g, "\\|"))).join(" | ")} |`;

const renderBlock = (block: Block, options: GfmOptions, open: boolean): string => {
  switch (block.type) {
    case "status":
      return `${stateMarks[block.state]} **${escapeGfm(block.text)}**`;
    case "markdown":
      return block.markdown.trim();
    case "text":
      return escapeGfm(block.text);
    case "tasks":
      return tasks(block, options);
    case "steps":
      return steps(block, options, open);
    case "links":
      return block.links.map(gfmLink).join(" · ");
    case "table":
      return [row(block.head), `| ${block.head.map(() => "---").join(" | ")} |`, ...block.rows.map(row)].join(
        "\n",
      );
    case "facts": {
      const facts = block.facts.map(escapeGfm).join(" · ");
      return options.details ? `<sub>${facts}</sub>` : facts;
    }
  }
};

/** What a marker may consist of, so that it can end neither the comment nor the definition that hides it. */
const isMarker = /^[\w.:=+/-]+$/;

export const hideMarker = (marker: string, htmlComments: boolean): string => {
  if (!isMarker.test(marker)) throw new TypeError("A marker may only have letters, digits and . : = + / _ -");
  return htmlComments ? `<!-- ask-openhands:${marker} -->` : `[//]: # (ask-openhands:${marker})`;
};

const hidden =
  /^(?:<!-- ask-openhands:([\w.:=+/-]+) -->|\[\/\/\]: # \(ask-openhands:([\w.:=+/-]+)\))[ \t]*\r?$/m;

/** The marker in a body that `toGfm` made, as the platform gave it back; it proves nothing until its signature and the author are checked. */
export const findMarker = (body: string): string | undefined => {
  const found = hidden.exec(body);
  return found?.[1] ?? found?.[2];
};

/** A message as GitHub-flavoured markdown. The marker comes first, so that no cut loses it. */
export const toGfm = (message: Message, options: GfmOptions): string => {
  const mention = options.mention ?? ((author: Author) => `@${author.name}`);
  const names = namesBefore(message.notify.map(mention), message.blocks);
  const open = !isOverIn(message);
  const lead = `${hideMarker(message.marker, options.htmlComments)}\n${options.htmlComments ? "" : "\n"}${names}`;
  return (
    lead +
    fitBlocks(
      message.blocks,
      (block) => renderBlock(block, options, open),
      (options.limit ?? Number.POSITIVE_INFINITY) - lead.length,
    )
  );
};
