import { inlineCode } from "./gfm-text.ts";

/** Breaks a mention without changing how it looks. Zero width space: no platform goes on with an account name after it. */
const breaker = "\u200b";
const plainTag = /<\/?(?:br|sub|sup|kbd|b|i|em|strong|del|ins)\s?\/?>/iy;
const plainEntity = /&(?:lt|gt|amp|quot|nbsp|#39);/y;
const anyEntity = /&(?:#\d{1,8}|#x[0-9a-f]{1,8}|[a-z0-9]{2,40});?/iy;
const absolute = /^https?:\/\/([a-z0-9.-]+(?::\d{1,5})?)(?=[/?#]|$)[^\s\\<>]*$/i;
/** An address on the page's own host, with nothing in it that a browser could read as another host. */
const relative =
  /^(?:#[\w./-]*|\/(?![/\\])[^\s\\:&<>]*|\.{1,2}\/[^\s\\:&<>]*|[\w-][\w.-]*(?:\/[^\s\\:&<>]*)?)$/;
const link =
  /(!?)\[((?:\\[\s\S]|[^\\[\]]){0,2000})\]\(\s{0,3}<?([^\s<>()]{1,2000}(?:\([^\s<>()]{0,500}\)[^\s<>()]{0,500}){0,3})>?(?:\s{1,3}(?:"[^"]{0,500}"|'[^']{0,500}'))?\s{0,3}\)/y;
const bare = /(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.)[^\s<>`]{1,4000}/iy;
/** Of an address that may stay: what cannot be read as markup, a mention or an entity. */
const harmlessAddress = /^https?:\/\/(?:[\w/.~%?=+,;:#-]|&(?!#|[a-z]{1,40};))*/i;
const escapable = /[!-/:-?[-`{-~]/;

/** True for addresses on the page's own host and for http(s) addresses of the given hosts. */
export const hostAllowed = (address: string, hosts: readonly string[]): boolean => {
  const host = absolute.exec(address)?.[1]?.toLowerCase();
  return host === undefined
    ? relative.test(address)
    : hosts.some((allowed) => allowed.toLowerCase() === host);
};

/** An address as code: it shows and leads nowhere. */
export const addressAsCode = (address: string): string =>
  inlineCode(address.replace(/`/g, "%60").replace(/\|/g, "%7C"));

/** Closing punctuation belongs to the sentence, not to the address. */
const withoutSentenceEnd = (address: string): string => {
  let end = address.length;
  while (end > 0 && ".,;:!?)]}'\"*_~".includes(address[end - 1] ?? " ")) end -= 1;
  return end === 0 ? address : address.slice(0, end);
};

const runOf = (line: string, at: number): string => {
  let end = at;
  while (line[end] === "`") end += 1;
  return line.slice(at, end);
};

/** The code span that opens at `at`, as CommonMark reads it within this line. */
const codeAt = (line: string, at: number): string | undefined => {
  const mark = runOf(line, at);
  let close = line.indexOf(mark, at + mark.length);
  while (close !== -1) {
    const run = runOf(line, close);
    if (run.length === mark.length) return line.slice(at, close + mark.length);
    close = line.indexOf(mark, close + run.length);
  }
  return undefined;
};

/** One line outside fences, see `defuse`. Every backtick left over is escaped, so that no code span reaches from one line into another. */
export const defuseLine = (line: string, hosts: readonly string[]): string => {
  const out: string[] = [];
  const isRow = line.includes("|");
  let i = 0;
  let wordBefore = false;
  let afterWords = false;
  let spansClose = true;

  const put = (made: string, length: number): void => {
    // Two runs of backticks that touch would be one run of another length.
    if (made.startsWith("`") && out.at(-1)?.endsWith("`") === true) out.push(" ");
    out.push(made);
    i += length;
    wordBefore = /[A-Za-z0-9]$/.test(made);
    afterWords ||= /[\p{L}|]/u.test(made);
  };
  const matchAt = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = i;
    return pattern.exec(line);
  };
  const putBackticks = (): void => {
    const code = spansClose ? codeAt(line, i) : undefined;
    // A table cell ends at `|` even inside code.
    if (code !== undefined && !(isRow && code.includes("|"))) {
      put(code, code.length);
      return;
    }
    if (code === undefined) spansClose = false;
    const run = runOf(line, i);
    put(run.replaceAll("`", "\\`"), run.length);
  };
  const putLink = (): void => {
    const found = matchAt(link);
    if (found === null) {
      put(line[i] === "!" ? "!" : "[", 1);
      return;
    }
    const [whole, image = "", label = "", address = ""] = found;
    const inner = defuseLine(label, []);
    if (hostAllowed(address, hosts)) {
      put(`${image}[${inner}](${address})`, whole.length);
      return;
    }
    put(inner === "" ? addressAsCode(address) : `${inner} (${addressAsCode(address)})`, whole.length);
  };
  const putAngle = (): void => {
    // A tag that begins its line would begin a block of raw HTML: https://spec.commonmark.org/0.31.2/#html-blocks
    const tag = afterWords ? matchAt(plainTag)?.[0] : undefined;
    put(tag ?? "&lt;", tag?.length ?? 1);
  };
  const putOther = (): void => {
    const found = matchAt(bare);
    if (found === null) {
      put(line[i] ?? "", 1);
      return;
    }
    const address = withoutSentenceEnd(found[0]);
    if (!absolute.test(address) || !hostAllowed(address, hosts)) {
      put(addressAsCode(address), address.length);
      return;
    }
    const kept = withoutSentenceEnd(harmlessAddress.exec(address)?.[0] ?? "");
    // In angle brackets, since a bare one would go on into what follows.
    put(`<${kept}>`, kept.length);
  };

  while (i < line.length) {
    const char = line[i] ?? "";
    const next = line[i + 1] ?? "";
    if (char === "\\" && next === "@") put(`\\@${breaker}`, 2);
    else if (char === "\\" && escapable.test(next)) put(char + next, 2);
    // A backslash that escapes nothing would escape the backtick that we may put next.
    else if (char === "\\") put("\\\\", 1);
    else if (char === "`") putBackticks();
    else if (char === "<") putAngle();
    else if (char === "&")
      put(
        matchAt(plainEntity)?.[0] ?? (matchAt(anyEntity) === null ? "&" : "&amp;"),
        matchAt(plainEntity)?.[0].length ?? 1,
      );
    else if (char === "@" && !wordBefore) put(`@${breaker}`, 1);
    else if (char === "[" && next === "~") put(`[${breaker}~`, 2);
    else if (char === "[" || (char === "!" && next === "[")) putLink();
    // What is left of links and link definitions over several lines must not become one.
    else if (char === "]" && next === "(") put("]\\(", 2);
    else if (char === "]" && next === ":") put("\\]:", 2);
    else putOther();
  }
  return out.join("");
};
