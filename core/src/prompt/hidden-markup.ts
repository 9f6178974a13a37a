import { findElementEnd, findHtmlTag } from "../trigger/html-tag.ts";
import { decodeEntities } from "./entities.ts";
import { removeHiddenLinks } from "./hidden-links.ts";
import type { Removals } from "./removals.ts";

const commentMark = /<!--|--!?>/g;
/** Elements that a page never shows. */
const unseen = new Set([
  "script",
  "style",
  "template",
  "title",
  "head",
  "noscript",
  "noembed",
  "noframes",
  "iframe",
  "object",
  "datalist",
  "param",
  "source",
  "track",
  "meta",
  "link",
  "base",
]);
const empty = new Set([
  "param",
  "source",
  "track",
  "meta",
  "link",
  "base",
  "img",
  "input",
  "br",
  "hr",
  "wbr",
  "col",
  "area",
  "embed",
]);
const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/g;
const hidingStyle =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d]*[1-9])|(?:max-)?(?:height|width)\s*:\s*0|color\s*:\s*transparent|text-indent\s*:\s*-|clip(?:-path)?\s*:|left\s*:\s*-\d{3}|transform\s*:\s*scale\(0/i;
const plainValue = /^[\w%#.-]{1,20}$/;
/** Attributes that say how something looks. Everything else is text that nobody sees. */
const plainNames = new Set(["width", "height", "align", "open", "start", "colspan", "rowspan", "valign"]);

interface Comment {
  readonly from: number;
  readonly to: number;
}

/** Where the comments stand: nested ones whole where they are balanced, else up to the first end mark as HTML has it, else to the end of the text. */
const findComments = (text: string): readonly Comment[] => {
  const opened: number[] = [];
  const endOf = new Map<number, number>();
  const ends: number[] = [];
  for (const { 0: mark, index } of text.matchAll(commentMark)) {
    if (mark === "<!--") opened.push(index);
    else {
      ends.push(index + mark.length);
      const from = opened.pop();
      if (from !== undefined) endOf.set(from, index + mark.length);
    }
  }
  const comments: Comment[] = [];
  let done = 0;
  let nextEnd = 0;
  for (const { 0: mark, index } of text.matchAll(commentMark)) {
    if (mark !== "<!--" || index < done) continue;
    while (nextEnd < ends.length && (ends[nextEnd] ?? 0) <= index) nextEnd += 1;
    done = endOf.get(index) ?? ends[nextEnd] ?? text.length;
    comments.push({ from: index, to: done });
  }
  return comments;
};

const removeComments = (text: string, removals: Removals): string => {
  const comments = findComments(text);
  removals.note("HTML comment", comments.length);
  let done = 0;
  const parts = comments.map(({ from, to }) => {
    const part = text.slice(done, from);
    done = to;
    return part;
  });
  return [...parts, text.slice(done)].join("");
};

const keptAttribute = (name: string, value: string | undefined): string | undefined => {
  if (
    (name === "href" || name === "src") &&
    value !== undefined &&
    /^(?:https?:\/\/[^\s"'<>]*|[\w./#?-][^\s"'<>:]*)$/i.test(value)
  )
    return ` ${name}="${value}"`;
  if (!plainNames.has(name)) return undefined;
  if (value === undefined) return ` ${name}`;
  return plainValue.test(value) ? ` ${name}="${value}"` : undefined;
};

interface ReadTag {
  readonly made: string;
  readonly hides: boolean;
  readonly dropped: number;
}

const readTag = (written: string, name: string, closing: boolean): ReadTag => {
  const inside = written.slice(name.length + (closing ? 2 : 1), -1).replace(/\/$/, "");
  const kept: string[] = [];
  let hides = unseen.has(name);
  let dropped = 0;
  for (const found of inside.matchAll(attribute)) {
    const key = (found[1] ?? "").toLowerCase();
    const value = found[2] ?? found[3] ?? found[4];
    hides ||=
      key === "hidden" ||
      (key === "style" && hidingStyle.test(value ?? "")) ||
      (name === "input" && key === "type" && /hidden/i.test(value ?? ""));
    const made = closing ? undefined : keptAttribute(key, value);
    if (made === undefined) dropped += 1;
    else kept.push(made);
  }
  // The name of an element that no page knows is a place for words too.
  if (name.includes("-")) return { made: "", hides: false, dropped: dropped + 1 };
  const asWritten = written.slice(closing ? 2 : 1, name.length + (closing ? 2 : 1));
  return { made: `<${closing ? "/" : ""}${asWritten}${kept.join("")}>`, hides: hides && !closing, dropped };
};

interface LastMarks {
  readonly angle: number;
  readonly data: number;
}

/** Declarations, processing instructions and what HTML reads as a comment: `<!x …>`, `<?x …>`, `</ …>`. Up to `>`, or to the end where they begin a line, as CommonMark has it. */
const otherInvisible = (text: string, at: number, last: LastMarks): number | undefined => {
  if (!/^<(?:\?|!(?=[A-Za-z[])|\/(?=[^A-Za-z\s]))/.test(text.slice(at, at + 3))) return undefined;
  const isData = text.startsWith("<![CDATA[", at);
  const closer = isData ? "]]>" : ">";
  if (at < (isData ? last.data : last.angle)) return text.indexOf(closer, at) + closer.length;
  return at === 0 || text[at - 1] === "\n" ? text.length : undefined;
};

/** How often the text may be read over for tags that turn out to be none; a text made to need more loses its remaining `<`. */
const rereads = 20;

const removeHiddenTags = (text: string, removals: Removals): string => {
  const last: LastMarks = { angle: text.lastIndexOf(">"), data: text.lastIndexOf("]]>") };
  const parts: string[] = [];
  let done = 0;
  let spent = 0;
  for (let at = text.indexOf("<"); at !== -1; at = text.indexOf("<", Math.max(at + 1, done))) {
    if (spent > rereads * text.length + 10_000) {
      removals.note("nested markup", 1);
      return parts.join("") + text.slice(done).replace(/</g, "");
    }
    const other = otherInvisible(text, at, last);
    if (other !== undefined) {
      parts.push(text.slice(done, at));
      done = other;
      removals.note("HTML comment", 1);
      continue;
    }
    const found = findHtmlTag(text, at, text.length);
    if ("brokenAt" in found) {
      spent += found.brokenAt - at;
      continue;
    }
    const { name, closing, end } = found.tag;
    const { made, hides, dropped } = readTag(text.slice(at, end), name, closing);
    parts.push(text.slice(done, at));
    if (hides) {
      done = empty.has(name) ? end : findElementEnd(text, name, end);
      removals.note("hidden element", 1);
    } else {
      parts.push(made);
      done = end;
      removals.note("hidden attribute", dropped);
    }
  }
  return parts.join("") + text.slice(done);
};

/** One pass over the markup; `removeHidden` repeats it until nothing changes. Acts only where the text has `<`, `&` or `[`. */
export const removeHiddenMarkup = (text: string, removals: Removals): string => {
  const decoded = decodeEntities(text);
  return removeHiddenLinks(removeHiddenTags(removeComments(decoded, removals), removals), removals);
};
