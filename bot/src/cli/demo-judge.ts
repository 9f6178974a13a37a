import { botName, type DemoGitHub } from "./demo-github.ts";
import type { Growth } from "./demo-view.ts";

const linkIn = (body: string): number | undefined => {
  const found = /\/pull\/(\d+)/.exec(body)?.[1];
  return found === undefined ? undefined : Number(found);
};

export interface Verdict {
  readonly edits: number;
  readonly pullRequest?: { readonly url: string; readonly number: number } | undefined;
}

/** The story ended well when the report was edited at least three times and another comment links a pull request that exists. */
export const judge = async (
  github: Pick<DemoGitHub, "pullRequest">,
  growth: readonly Growth[],
): Promise<Verdict> => {
  const own = growth.filter(({ comment }) => comment.user.login === botName);
  const report = own[0];
  const closing = own.slice(1).find(({ comment }) => linkIn(comment.body) !== undefined);
  const pull = closing && (await github.pullRequest(linkIn(closing.comment.body) ?? 0));
  return {
    edits: report?.edits ?? 0,
    ...(pull ? { pullRequest: { url: pull.html_url, number: pull.number } } : {}),
  };
};

export const isWell = ({ edits, pullRequest }: Verdict): boolean => edits >= 3 && pullRequest !== undefined;
