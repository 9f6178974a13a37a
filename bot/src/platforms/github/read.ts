import { Failure } from "@ask-openhands/core/failure.ts";
import type { GitHubAccount } from "@ask-openhands/core/wire/github.ts";
import type { Author, CodeSpot, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { RepositoryFacts, Thread, ThreadEntry } from "@ask-openhands/core/work/thread.ts";
import { editedAt, isLater } from "../edited-at.ts";
import type { Permission } from "../platform.ts";
import { authorOf, type OwnAccounts, type Words } from "./account.ts";
import { picturesIn } from "./attachments.ts";
import type { Doors } from "./connect.ts";
import { lastEditOfDescription } from "./description-time.ts";
import { itemsUntil, newestItems, perPage } from "./pages.ts";
import { askRights } from "./rights.ts";
import type { Spot } from "./spots.ts";

/** Pages of a hundred that are read of a discussion, newest first; the prompt keeps fewer. */
const mostPages = 5;

const ghost: GitHubAccount = { id: 10137, login: "ghost", type: "User" };

type Client = Spot["client"];
type IssueComment = Awaited<ReturnType<Client["rest"]["issues"]["listComments"]>>["data"][number];
type ReviewComment = Awaited<ReturnType<Client["rest"]["pulls"]["listReviewComments"]>>["data"][number];
type Review = Awaited<ReturnType<Client["rest"]["pulls"]["listReviews"]>>["data"][number];
type Pull = Awaited<ReturnType<Client["rest"]["pulls"]["get"]>>["data"];
type Repository = Awaited<ReturnType<Client["rest"]["repos"]["get"]>>["data"];

export const repositoryFacts = (
  host: string,
  repository: Pick<
    Repository,
    "id" | "full_name" | "html_url" | "clone_url" | "default_branch" | "private"
  > & {
    readonly parent?: { readonly full_name: string } | undefined;
  },
): RepositoryFacts => ({
  platform: "github",
  host,
  id: String(repository.id),
  name: repository.full_name,
  url: repository.html_url,
  cloneUrl: repository.clone_url,
  defaultBranch: repository.default_branch,
  private: repository.private,
  ...(repository.parent ? { forkOf: repository.parent.full_name } : {}),
});

const spotOf = (comment: ReviewComment): CodeSpot => {
  const line = comment.line ?? comment.original_line;
  const startLine = comment.start_line ?? comment.original_start_line;
  return {
    path: comment.path,
    ...(line ? { line } : {}),
    ...(startLine ? { startLine } : {}),
    ...(comment.side ? { side: comment.side === "LEFT" ? "old" : "new" } : {}),
    ...(comment.diff_hunk ? { diffHunk: comment.diff_hunk } : {}),
  };
};

const rootOf = (comment: ReviewComment): string => String(comment.in_reply_to_id ?? comment.id);

export function createRead(doors: Doors) {
  const authors =
    (host: string, own: OwnAccounts) =>
    (account: GitHubAccount | null | undefined, words: Words): Author =>
      authorOf(host, account ?? ghost, account ?? ghost, words, own);

  const readPull = async (spot: Spot, mention: Mention, by: ReturnType<typeof authors>) => {
    const { client, owner, repo, number } = spot;
    const pull = { owner, repo, pull_number: number };
    const [{ data: facts }, reviews, newestFirst] = await Promise.all([
      client.rest.pulls.get(pull),
      newestItems(mostPages, (page) => client.rest.pulls.listReviews({ ...pull, per_page: perPage, page })),
      itemsUntil(
        mostPages,
        (page) =>
          client.rest.pulls.listReviewComments({
            ...pull,
            sort: "created",
            direction: "desc",
            per_page: perPage,
            page,
          }),
        () => true,
      ),
    ]);
    const comments = newestFirst.toReversed();
    const { review, reviewComment, thread } = mention.reply;
    const threads = threadsOf(comments, thread, review);
    const entryOf = (comment: ReviewComment): ThreadEntry => ({
      author: by(comment.user, { text: comment.body }),
      at: comment.created_at,
      text: comment.body,
      url: comment.html_url,
      spot: spotOf(comment),
      ...(threads.has(rootOf(comment)) ? { near: true } : {}),
    });
    const isPart = (comment: ReviewComment): boolean =>
      review ? String(comment.pull_request_review_id) === review : String(comment.id) === reviewComment;
    const bodyOf = (one: Review): ThreadEntry => ({
      author: by(one.user, { text: one.body }),
      at: one.submitted_at ?? facts.updated_at,
      text: one.body,
      url: one.html_url,
    });
    const bodies = reviews.filter((one) => one.body !== "");
    const parts = [
      ...bodies.filter((one) => String(one.id) === review).map(bodyOf),
      ...comments.filter(isPart).map(entryOf),
    ];
    return {
      facts,
      parts,
      entries: [
        ...bodies.filter((one) => String(one.id) !== review).map(bodyOf),
        // Not for the parts: sending a review in changes its comments, which were written before.
        ...comments
          .filter((comment) => !isPart(comment))
          .map((comment) => ({ ...entryOf(comment), ...editedAt(comment.created_at, comment.updated_at) })),
      ],
    };
  };

  const entryOfComment = (comment: IssueComment, by: ReturnType<typeof authors>): ThreadEntry => ({
    author: by(comment.user, { text: comment.body ?? "", appId: comment.performed_via_github_app?.id }),
    at: comment.created_at,
    ...editedAt(comment.created_at, comment.updated_at),
    text: comment.body ?? "",
    url: comment.html_url,
  });

  return {
    /** Asked for every ask: rights change, and a webhook's own words on them (`author_association`) say nothing of write access. */
    async mayAsk(author: Author, place: Place): Promise<Permission> {
      const { client, owner, repo } = await doors.at(place);
      const repository = `${owner}/${repo}`;
      const answer = await askRights(client, author, repository);
      if (answer !== undefined) return answer;
      throw new Failure(
        "not-allowed",
        `Our credentials cannot see ${repository} on ${place.host}. Give the App or token access to it.`,
      );
    },

    async thread(mention: Mention): Promise<Thread> {
      const spot = await doors.at(mention.place);
      const { client, owner, repo, number, connection } = spot;
      const identity = await doors.identity(connection);
      const isPull = mention.place.kind === "pull-request";
      const by = authors(mention.place.host, { known: [identity], complete: true });
      const [comments, { data: repository }, issue, pull, edited] = await Promise.all([
        newestItems(mostPages, (page) =>
          client.rest.issues.listComments({ owner, repo, issue_number: number, per_page: perPage, page }),
        ),
        client.rest.repos.get({ owner, repo }),
        isPull ? undefined : client.rest.issues.get({ owner, repo, issue_number: number }),
        isPull ? readPull(spot, mention, by) : undefined,
        lastEditOfDescription(spot),
      ]);
      const subject = pull?.facts ?? issue?.data;
      if (!subject)
        throw new Failure(
          "unexpected-reply",
          `GitHub (${mention.place.host}) tells nothing of ${mention.place.label}.`,
        );
      if (isInReview(mention) && pull && pull.parts.length === 0) {
        throw new Failure("not-found", "What asked for this was deleted before its turn came.");
      }
      const said = comments
        .filter((comment) => String(comment.id) !== mention.reply["comment"])
        .map((comment) => entryOfComment(comment, by));
      const entries = [...said, ...(pull?.entries ?? [])].sort((a, b) => a.at.localeCompare(b.at));
      return {
        title: subject.title,
        description: {
          author: by(subject.user, { text: subject.body ?? "" }),
          text: subject.body ?? "",
          at: subject.created_at,
          ...editedAt(subject.created_at, edited),
        },
        state: subject.state,
        labels: subject.labels.map((label) => (typeof label === "string" ? label : (label.name ?? ""))),
        entries,
        repository: repositoryFacts(mention.place.host, repository),
        ...(pull ? { pullRequest: pullFacts(pull.facts) } : {}),
        ...(isInReview(mention) && pull ? { parts: pull.parts } : {}),
        // Not those of a description that was changed since: the asker did not see them.
        attachments: picturesIn(
          [mention.text, isLater(edited, mention.at) ? "" : (subject.body ?? "")].join("\n"),
        ),
      };
    },
  };
}

const isInReview = (mention: Mention): boolean => mention.way === "review" || mention.way === "inline";

/** Threads that the mention stands in: its own, or all that its review speaks in. */
function threadsOf(
  comments: readonly ReviewComment[],
  thread: string | undefined,
  review: string | undefined,
): ReadonlySet<string> {
  const ofReview = comments
    .filter((comment) => review && String(comment.pull_request_review_id) === review)
    .map(rootOf);
  return new Set(thread ? [thread, ...ofReview] : ofReview);
}

const pullFacts = (pull: Pull): NonNullable<Thread["pullRequest"]> => ({
  number: pull.number,
  sourceBranch: pull.head.ref,
  targetBranch: pull.base.ref,
  // `repo` is gone when the fork was deleted.
  fork: pull.head.repo?.full_name !== pull.base.repo.full_name,
  ...(pull.head.repo ? { sourceRepository: pull.head.repo.full_name } : {}),
});
