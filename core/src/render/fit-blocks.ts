import type { Block } from "../work/message.ts";
import { clip } from "./clip.ts";

const gap = "\n\n";

/** Least that is left of a markdown block; below that the end of the message is cut instead. */
const least = 200;

const joined = (texts: readonly string[]): string => texts.filter((text) => text !== "").join(gap);

/**
 * Blocks rendered and joined within `limit` characters: the markdown of others is clipped first, the longest piece most; then the end of the whole.
 * The markdown is cut before it is rendered, so that no markup is cut in two.
 */
export const fitBlocks = (
  blocks: readonly Block[],
  render: (block: Block) => string,
  limit: number,
): string => {
  const texts = blocks.map(render);
  const byLength = [...blocks.keys()].sort((a, b) => (texts[b]?.length ?? 0) - (texts[a]?.length ?? 0));
  for (const at of byLength) {
    const block = blocks[at];
    if (block?.type !== "markdown") continue;
    let room = block.markdown.length;
    for (
      let excess = joined(texts).length - limit;
      excess > 0 && room > least;
      excess = joined(texts).length - limit
    ) {
      room = Math.max(least, room - excess);
      texts[at] = render({ ...block, markdown: clip(block.markdown, room) });
    }
  }
  return clip(joined(texts), limit);
};

/** The people who are called, before the first sentence, or on a line of their own before what is no sentence. */
export const namesBefore = (names: readonly string[], blocks: readonly Block[]): string => {
  if (names.length === 0) return "";
  const first = blocks[0]?.type;
  return `${names.join(" ")}${first === "status" || first === "text" ? " " : gap}`;
};
