import { Failure } from "@ask-openhands/core/failure.ts";
import { findMarker, toGfm } from "@ask-openhands/core/render/to-gfm.ts";
import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { PostRef } from "@ask-openhands/core/work/run.ts";
import type { BitbucketComment, Spot } from "./bitbucket-api.ts";
import type { BitbucketSites, Site } from "./bitbucket-sites.ts";
import type { Platform } from "./platform.ts";

/** Characters: both flavours refuse longer comments. */
export const bitbucketBodyLimit = 32_768;

/** Newest comments that are looked through for a post of ours. */
const lookedThrough = 500;

/** Both show HTML as text and have no task lists; the marker hides in a link definition. `mention` is the flavour's way to name a person. */
const renderWith =
  (mention: (author: Author) => string) =>
  (message: Message): string =>
    toGfm(message, {
      htmlComments: false,
      details: false,
      taskLists: false,
      limit: bitbucketBodyLimit,
      mention,
    });

/** What both servers answer for a comment to reply to that somebody deleted. */
const isUnanswerable = (error: unknown): boolean =>
  error instanceof Failure &&
  (error.kind === "not-found" || error.kind === "bad-input" || error.status === 409);

/** Posts and edits comments, in the thread that asked. */
export const createBitbucketTalk = (
  sites: BitbucketSites,
  mention: (author: Author) => string,
): Pick<Platform, "findPost" | "post" | "editPost"> => {
  const render = renderWith(mention);

  const refOf = (place: Place, comment: BitbucketComment, asker: string | undefined): PostRef => {
    const memo: Record<string, string> = {
      ...(comment.version === undefined ? {} : { version: String(comment.version) }),
      ...(asker ? { asker } : {}),
    };
    return { id: comment.id, url: comment.url ?? place.url, memo };
  };

  return {
    findPost: (place, marker, { reply }) =>
      sites.speak(place, reply["asker"], async (site, spot) => {
        const [own, comments] = await Promise.all([
          sites.account(site),
          site.api.comments(spot, lookedThrough),
        ]);
        // Credentials that may not ask who they are: the oldest comment with a marker nobody could guess is ours, any other a copy.
        const found = comments.find(
          ({ author, text }) => (own === undefined || author.id === own.id) && findMarker(text) === marker,
        );
        return found && refOf(place, found, reply["asker"]);
      }),

    post(place, message, { reply }) {
      const { asker, comment: parent } = reply;
      const text = render(message);
      const inThread = async ({ api }: Site, spot: Spot): Promise<BitbucketComment> => {
        try {
          return await api.addComment(spot, text, parent);
        } catch (error) {
          if (parent === undefined || !isUnanswerable(error)) throw error;
          return api.addComment(spot, text, undefined);
        }
      };
      return sites.speak(place, asker, async (site, spot) => {
        const said = await inThread(site, spot);
        await sites.learn(site, said.author);
        return refOf(place, said, asker);
      });
    },

    editPost(place, ref, message) {
      const { asker, version } = ref.memo ?? {};
      return sites.speak(place, asker, async ({ api }, spot) => {
        const known = version === undefined ? undefined : Number(version);
        return refOf(place, await api.editComment(spot, ref.id, render(message), known), asker);
      });
    },
  };
};
