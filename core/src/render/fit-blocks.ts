import type { Block } from "../work/message.ts";
import { clip } from "./clip.ts";

const gap = "\n\n";

/** Least that is left of a markdown block; below that the end of the message is cut instead. */
const least = 200;

/** Blocks rendered and joined within `limit` characters: the markdown of others is clipped first, the longest piece most; then the end of the whole. */
export const fitBlocks = (
  blocks: readonly Block[],
  render: (block: Block) => string,
  limit: number,
): string => {
  const texts = blocks.map(render);
  let excess =
    texts.filter((text) => text !== "").reduce((sum, text) => sum + text.length + gap.length, -gap.length) -
    limit;
  const byLength = [...blocks.keys()]
    .filter((at) => blocks[at]?.type === "markdown")
    .sort((a, b) => (texts[b]?.length ?? 0) - (texts[a]?.length ?? 0));
  for (const at of byLength) {
    const text = texts[at] ?? "";
    if (excess <= 0) break;
    const clipped = clip(text, Math.max(least, text.length - excess));
    excess -= text.length - clipped.length;
    texts[at] = clipped;
  }
  const whole = texts.filter((text) => text !== "").join(gap);
  return whole.length <= limit ? whole : clip(whole, limit);
};
