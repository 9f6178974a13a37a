import { defuseLine } from "./defuse-line.ts";

/** What text that others wrote may still do when we post it. */
export interface DefuseOptions {
  /** Hosts (with port when it is not the usual one) that links and images may lead to: the place's, the repository's, our own. */
  readonly hosts: readonly string[];
}

const fenceLine = /^([ \t]*)((?:(?:[-+*]|\d{1,9}[.)])[ \t]+){0,5})(`{3,}(?=[^`]*$)|~{3,})/;

interface Fence {
  readonly mark: string;
  readonly indent: number;
}

const noFence: Fence = { mark: "", indent: 0 };

const indentOf = (line: string): number => {
  let columns = 0;
  for (const char of line) {
    if (char === "\t") columns += 4 - (columns % 4);
    else if (char === " ") columns += 1;
    else break;
  }
  return columns;
};

const dedent = (line: string, columns: number): string => {
  let at = 0;
  let column = 0;
  while (column < columns && (line[at] === " " || line[at] === "\t")) {
    column += line[at] === "\t" ? 4 - (column % 4) : 1;
    at += 1;
  }
  return line.slice(at);
};

/**
 * Markdown that others wrote, made harmless to post: nobody is mentioned, links and images lead to allowed hosts only (others become text with the
 * address as code), HTML becomes text, and so do GitLab's quick actions and link definitions. Code stays as it is, but fences move to the left edge and
 * are always closed: whether an indented one is a fence depends on lists around it, and where we and a platform would not agree, a mention could hide.
 * Linear time.
 */
export const defuse = (markdown: string, { hosts }: DefuseOptions): string => {
  const out: string[] = [];
  let fence = noFence;

  const readOutside = (line: string): void => {
    const found = fenceLine.exec(line);
    if (found === null) {
      // https://docs.gitlab.com/user/project/quick_actions/: a line that begins with `/` is obeyed.
      out.push(defuseLine(line, hosts).replace(/^(\s*)\/(?=[a-z])/i, "$1\\/"));
      return;
    }
    const [whole, space = "", marker = "", mark = ""] = found;
    if (marker !== "") out.push(`${space}${marker}`.trimEnd());
    fence = { mark, indent: indentOf(space) + marker.length };
    out.push(mark + line.slice(whole.length).replace(/`/g, ""));
  };

  for (const line of markdown.split(/\r\n|\n|\r/)) {
    const bare = line.trim();
    if (fence.mark === "") readOutside(line);
    else if (bare.length >= fence.mark.length && bare === (fence.mark[0] ?? "").repeat(bare.length)) {
      out.push(fence.mark);
      fence = noFence;
    } else if (bare !== "" && indentOf(line) < fence.indent) {
      out.push(fence.mark);
      fence = noFence;
      readOutside(line);
    } else out.push(dedent(line, fence.indent));
  }
  if (fence.mark !== "") out.push(fence.mark);
  return out.join("\n");
};
