import { Failure } from "@ask-openhands/core/failure.ts";
import { type AttachedFile, isTextFile, readText } from "@ask-openhands/core/prompt/attached-files.ts";
import type { Attachment, Mention } from "@ask-openhands/core/work/mention.ts";
import { askPlatform, type Turn } from "./turn.ts";

const mostImages = 4;
const imageLimit = 4 * 1024 * 1024;
const mostTexts = 6;
/** Bytes that are read of a text file; the prompt keeps its beginning and its end. */
const textLimit = 1024 * 1024;
/** Attachments that are looked at. */
const mostFiles = 50;

export interface Files {
  /** data: URLs. */
  readonly images: readonly string[];
  readonly files: readonly AttachedFile[];
}

interface Bytes {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** One that cannot be read is left out, the text names it anyway. */
const read = async (turn: Turn, mention: Mention, url: string, limit: number): Promise<Bytes | undefined> => {
  try {
    return await askPlatform(turn.deps, mention.place, async (platform) =>
      platform.attachment?.(mention, url, limit),
    );
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    turn.log.info({ kind: cause.kind }, "attachment left out");
    return undefined;
  }
};

/** Each once; those of the ask first; none that was added when the ask was already made. */
const attachedTo = (mention: Mention, others: readonly Attachment[]): readonly Attachment[] => {
  const asked = Date.parse(mention.at);
  const all = [...(mention.attachments ?? []), ...others].filter(
    ({ at }) => at === undefined || !(Date.parse(at) > asked),
  );
  return [...new Map(all.map((one) => [one.url, one])).values()].slice(0, mostFiles);
};

/** Pictures and text files of an ask, `others` being those of its place, within the limits of count and size. */
export const filesOf = async (
  turn: Turn,
  mention: Mention,
  others: readonly Attachment[] = [],
): Promise<Files> => {
  const images: string[] = [];
  const files: AttachedFile[] = [];
  let texts = 0;
  for (const one of attachedTo(mention, others)) {
    const isPicture = one.type.startsWith("image/") && one.size <= imageLimit && images.length < mostImages;
    const isText = isTextFile(one) && one.size <= textLimit && texts < mostTexts;
    const found =
      isPicture || isText
        ? await read(turn, mention, one.url, isPicture ? imageLimit : textLimit)
        : undefined;
    const { name, type, size } = one;
    const text = isText && found !== undefined ? readText(found.bytes) : undefined;
    const shown = isPicture && found?.type.startsWith("image/") === true;
    if (shown) images.push(`data:${found.type};base64,${Buffer.from(found.bytes).toString("base64")}`);
    if (text !== undefined) texts += 1;
    files.push({
      name,
      type,
      size,
      ...(text === undefined ? {} : { text }),
      ...(shown ? { shown } : {}),
    });
  }
  return { images, files };
};

/** Files of a follow-up: those that came with it, and those that its words name. */
export const filesOfFollowUp = async (turn: Turn, mention: Mention): Promise<Files> => {
  const named = await askPlatform(turn.deps, mention.place, async (platform) =>
    platform.attachmentsOf?.(mention),
  ).catch((cause: unknown) => {
    if (!(cause instanceof Failure)) throw cause;
    turn.log.info({ kind: cause.kind }, "attachments not found");
    return undefined;
  });
  return filesOf(turn, mention, named ?? []);
};
