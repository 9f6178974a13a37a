import type { GitLabPosition } from "@ask-openhands/core/wire/gitlab.ts";
import type { CodeSpot } from "@ask-openhands/core/work/mention.ts";

/** File and line that a comment in a diff is about; comments on images and whole files have no line. */
export function spotOf(position: GitLabPosition | null | undefined): CodeSpot | undefined {
  if (!position) return undefined;
  const removed = !position.new_line && Boolean(position.old_line);
  const path = removed ? (position.old_path ?? position.new_path) : (position.new_path ?? position.old_path);
  if (!path) return undefined;
  const start = position.line_range?.start;
  const line = removed ? position.old_line : position.new_line;
  const startLine = removed ? start?.old_line : start?.new_line;
  return {
    path,
    ...(line ? { line, side: removed ? "old" : "new" } : {}),
    ...(line && startLine && startLine < line ? { startLine } : {}),
  };
}
