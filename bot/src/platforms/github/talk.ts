import { findMarker, toGfm } from "@ask-openhands/core/render/to-gfm.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { PostRef } from "@ask-openhands/core/work/run.ts";
import type { PostOptions } from "../platform.ts";
import { type Identity, isOurs } from "./account.ts";
import { type Doors, orUndefined } from "./connect.ts";
import { findNewest, itemsUntil, perPage } from "./pages.ts";
import type { Spot } from "./spots.ts";

/** https://docs.github.com/rest/issues/comments: longer bodies are refused with 422. */
export const bodyLimit = 65_536;

/** Comments looked through for a marker, newest first. */
const mostPages = 30;

/** Milliseconds that all of a post may take, sign-in included. Who looks for a lost post waits longer than this, so nothing of ours may still be on its way then. */
const postWithin = 12_000;

const feelings = { seen: "eyes", done: "hooray", failed: "confused" } as const;

interface Post {
  readonly id: number;
  readonly body?: string | null | undefined;
  readonly html_url?: string | undefined;
  readonly user: { readonly id: number; readonly login: string; readonly type?: string | undefined } | null;
  readonly performed_via_github_app?: { readonly id: number } | null | undefined;
}

const refOf = (post: Post, where: "conversation" | "review"): PostRef => ({
  id: String(post.id),
  ...(post.html_url ? { url: post.html_url } : {}),
  memo: { where },
});

export function createTalk(doors: Doors) {
  const render = (message: Message): string =>
    toGfm(message, { htmlComments: true, details: true, taskLists: true, limit: bodyLimit });

  const postInConversation = async (
    { client, owner, repo, number }: Spot,
    body: string,
    signal: AbortSignal,
  ): Promise<PostRef> => {
    const { data } = await client.rest.issues.createComment({
      owner,
      repo,
      issue_number: number,
      body,
      request: { signal },
    });
    return refOf(data, "conversation");
  };

  const postInThread = async (
    { client, owner, repo, number }: Spot,
    thread: string,
    body: string,
    signal: AbortSignal,
  ): Promise<PostRef> => {
    const { data } = await client.rest.pulls.createReplyForReviewComment({
      owner,
      repo,
      pull_number: number,
      comment_id: Number(thread),
      body,
      request: { signal },
    });
    return refOf(data, "review");
  };

  const findInConversation = (
    { client, owner, repo, number }: Spot,
    isIt: (post: Post) => boolean,
  ): Promise<Post | undefined> =>
    findNewest(
      mostPages,
      (page) =>
        client.rest.issues.listComments({ owner, repo, issue_number: number, per_page: perPage, page }),
      isIt,
    );

  const findInReviews = async (
    { client, owner, repo, number }: Spot,
    isIt: (post: Post) => boolean,
  ): Promise<Post | undefined> => {
    const all = await itemsUntil(
      mostPages,
      (page) =>
        client.rest.pulls.listReviewComments({
          owner,
          repo,
          pull_number: number,
          sort: "created",
          direction: "desc",
          per_page: perPage,
          page,
        }),
      () => true,
    );
    return all.find(isIt);
  };

  return {
    findPost: (place: Place, marker: string, { reply }: PostOptions): Promise<PostRef | undefined> =>
      doors.speak(place, async (spot) => {
        const own: readonly Identity[] = [await doors.identity(spot.connection)];
        const isIt = (post: Post): boolean => {
          const text = post.body ?? "";
          if (post.user === null || findMarker(text) !== marker) return false;
          return isOurs(
            post.user,
            { text, appId: post.performed_via_github_app?.id },
            { known: own, complete: true },
          );
        };
        if (reply["thread"]) {
          const inThread = await findInReviews(spot, isIt);
          if (inThread) return refOf(inThread, "review");
        }
        const found = await findInConversation(spot, isIt);
        return found && refOf(found, "conversation");
      }),

    async post(place: Place, message: Message, { reply }: PostOptions): Promise<PostRef> {
      const signal = AbortSignal.timeout(postWithin);
      const body = render(message);
      return doors.speak(place, async (spot) => {
        // Somebody may have deleted the thread's first comment: then the answer goes to the conversation.
        const inThread = reply["thread"]
          ? await orUndefined(postInThread(spot, reply["thread"], body, signal))
          : undefined;
        return inThread ?? (await postInConversation(spot, body, signal));
      });
    },

    editPost(place: Place, ref: PostRef, message: Message): Promise<PostRef> {
      const body = render(message);
      return doors.speak(place, async ({ client, owner, repo }) => {
        const target = { owner, repo, comment_id: Number(ref.id), body };
        if (ref.memo?.["where"] === "review")
          return refOf((await client.rest.pulls.updateReviewComment(target)).data, "review");
        return refOf((await client.rest.issues.updateComment(target)).data, "conversation");
      });
    },

    async react(mention: Mention, feeling: "seen" | "done" | "failed"): Promise<void> {
      const { client, owner, repo, number } = await doors.at(mention.place);
      const content = feelings[feeling];
      const { comment, reviewComment } = mention.reply;
      if (comment)
        await client.rest.reactions.createForIssueComment({
          owner,
          repo,
          comment_id: Number(comment),
          content,
        });
      else if (reviewComment)
        await client.rest.reactions.createForPullRequestReviewComment({
          owner,
          repo,
          comment_id: Number(reviewComment),
          content,
        });
      // Descriptions and labels; a review's own body cannot carry reactions, the pull request stands for it.
      else await client.rest.reactions.createForIssue({ owner, repo, issue_number: number, content });
    },
  };
}
