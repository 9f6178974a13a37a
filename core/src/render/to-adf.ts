import type { Author } from "../work/mention.ts";
import type { Block, Link, Message } from "../work/message.ts";
import { fitsAdf } from "./adf-nesting.ts";
import { clip } from "./clip.ts";
import { toValidAdf } from "./to-valid-adf.ts";
import { counted, joinLines, stateMarks, taskMarks } from "./words.ts";

/** A node of the Atlassian Document Format: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
export interface AdfNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly AdfNode[];
  readonly text?: string;
  readonly marks?: readonly { readonly type: string; readonly attrs?: Readonly<Record<string, unknown>> }[];
}

export interface AdfDocument {
  readonly version: 1;
  readonly type: "doc";
  readonly content: readonly AdfNode[];
}

export interface AdfOptions {
  /** Turns (defused) markdown to nodes; a library does that where the bot has one. They may nest as Jira refuses it. */
  readonly markdown: (markdown: string) => readonly AdfNode[];
  /** Characters that the text of the whole message may have. */
  readonly limit?: number | undefined;
  readonly mention?: ((author: Author) => AdfNode) | undefined;
}

type Marks = NonNullable<AdfNode["marks"]>;

/** Text nodes must not be empty: ADF refuses them. */
const textNodes = (text: string, marks?: Marks): readonly AdfNode[] =>
  text === "" ? [] : [{ type: "text", text, ...(marks === undefined ? {} : { marks }) }];

/** A plain sentence, in which only `` `code` `` is markup. */
const sentence = (text: string, marks?: Marks): readonly AdfNode[] =>
  joinLines(text)
    .split(/`([^`]+)`/)
    .flatMap((part, at) => (at % 2 === 1 ? textNodes(part, [{ type: "code" }]) : textNodes(part, marks)));

const paragraph = (content: readonly AdfNode[]): AdfNode => ({ type: "paragraph", content });

const strong: Marks = [{ type: "strong" }];

const list = (items: readonly (readonly AdfNode[])[]): AdfNode => ({
  type: "bulletList",
  content: items.map((content) => ({ type: "listItem", content: [paragraph(content)] })),
});

const linkNodes = ({ label, url }: Link): readonly AdfNode[] =>
  textNodes(label, /^https?:\/\//i.test(url) ? [{ type: "link", attrs: { href: url } }] : undefined);

const separated = (groups: readonly (readonly AdfNode[])[]): readonly AdfNode[] =>
  groups.flatMap((group, at) => (at === 0 ? group : [...textNodes(" · "), ...group]));

const table = (head: readonly string[], rows: readonly (readonly string[])[]): AdfNode => {
  const row = (cells: readonly string[], type: string): AdfNode => ({
    type: "tableRow",
    content: cells.map((cell) => ({ type, attrs: {}, content: [paragraph(sentence(cell))] })),
  });
  return {
    type: "table",
    content: [row(head, "tableHeader"), ...rows.map((cells) => row(cells, "tableCell"))],
  };
};

const renderBlock = (block: Block, markdown: (text: string) => readonly AdfNode[]): readonly AdfNode[] => {
  switch (block.type) {
    case "status":
      return [paragraph([...textNodes(`${stateMarks[block.state]} `), ...sentence(block.text, strong)])];
    case "markdown":
      return markdown(block.markdown);
    case "text":
      return [paragraph(sentence(block.text))];
    case "tasks":
      return [list(block.tasks.map(({ title, state }) => sentence(`${taskMarks[state]} ${title}`)))];
    case "steps": {
      const earlier =
        block.earlier > 0 ? ` (${counted(block.earlier, "earlier one", "earlier ones")} not shown)` : "";
      const items = block.steps.map((step) =>
        sentence(`${step.text}${step.failed === true ? " (failed)" : ""}`),
      );
      return [paragraph([...textNodes("Last steps", strong), ...textNodes(earlier)]), list(items)];
    }
    case "links":
      return [paragraph(separated(block.links.map(linkNodes)))];
    case "table":
      return [table(block.head, block.rows)];
    case "facts":
      return [paragraph(separated(block.facts.map((fact) => textNodes(fact, [{ type: "em" }]))))];
  }
};

/** What a node adds to a comment as Jira counts it: its text, the addresses of its links, and a sign for itself. */
const lengthOf = (nodes: readonly AdfNode[]): number =>
  nodes.reduce((sum, node) => {
    const addresses = (node.marks ?? []).map((mark) => String(mark.attrs?.["href"] ?? "").length);
    return (
      sum +
      1 +
      (node.text?.length ?? 0) +
      addresses.reduce((all, one) => all + one, 0) +
      lengthOf(node.content ?? [])
    );
  }, 0);

/** Markdown as nodes that Jira takes: a document that it refuses would lose the whole message, so what cannot be brought into shape is said as plain lines. */
const markdownNodes = (markdown: string, render: AdfOptions["markdown"]): readonly AdfNode[] => {
  try {
    const nodes = toValidAdf(render(markdown));
    if (fitsAdf(nodes)) return nodes;
  } catch {
    // A library that reads by recursion gives up on thousands of quotes within quotes; the words are still there.
  }
  return markdown.split(/\n+/).map((line) => paragraph(textNodes(line)));
};

/** Least that is left of the agent's words when the rest of the message takes all the room. */
const least = 200;

/** Blocks as nodes, the markdown of others clipped until all fits. Markdown and its text differ in length, so it is found by trying. */
const fitNodes = (blocks: readonly Block[], options: AdfOptions, limit: number): readonly AdfNode[] => {
  let allowed = Math.max(
    0,
    ...blocks.map((block) => (block.type === "markdown" ? block.markdown.length : 0)),
  );
  for (;;) {
    const most = allowed;
    const nodes = blocks.flatMap((block) =>
      renderBlock(block, (text) => markdownNodes(clip(text, most), options.markdown)),
    );
    const length = lengthOf(nodes);
    if (length <= limit || allowed <= least) return nodes;
    allowed = Math.max(least, Math.floor(allowed * Math.min(0.9, limit / length)));
  }
};

/** A message as an ADF document. The marker is kept beside the comment (a comment property), not in it. */
export const toAdf = (message: Message, options: AdfOptions): AdfDocument => {
  const mention =
    options.mention ??
    ((author: Author): AdfNode => ({
      type: "mention",
      attrs: { id: author.id, text: `@${author.displayName ?? author.name}` },
    }));
  const names = message.notify.flatMap((author) => [mention(author), ...textNodes(" ")]);
  const room = (options.limit ?? Number.POSITIVE_INFINITY) - message.notify.length * 80;
  const content = fitNodes(message.blocks, options, room);
  const [first, ...rest] = content;
  if (names.length === 0) return { version: 1, type: "doc", content };
  if (first?.type !== "paragraph")
    return { version: 1, type: "doc", content: [paragraph(names), ...content] };
  return { version: 1, type: "doc", content: [paragraph([...names, ...(first.content ?? [])]), ...rest] };
};
