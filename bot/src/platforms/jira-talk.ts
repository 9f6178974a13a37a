import { Failure } from "@ask-openhands/core/failure.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { PostRef } from "@ask-openhands/core/work/run.ts";
import type { JiraBody, NewComment } from "./jira-api.ts";
import { commentUrl } from "./jira-place.ts";
import { isInternalAsk } from "./jira-privacy.ts";
import type { JiraSites } from "./jira-sites.ts";
import type { Platform, PostOptions } from "./platform.ts";

/** Property of a comment in which the marker is kept: readers never see it, and only accounts that may edit the comment can set it. */
export const markerProperty = "ask-openhands";

/** Characters that Jira takes in a comment. */
export const jiraBodyLimit = 32_767;

/** Characters of text that we fill it with: marks, links and the document around the text count too. */
export const jiraTextLimit = 24_000;

/** Newest comments among which a marker is looked for; a lost answer is a matter of minutes. */
const lookedThrough = 60;

type Talking = Pick<Platform, "findPost" | "post" | "editPost">;

/** Posts and edits comments with our account. `render` gives the body that the flavour takes. */
export const createJiraTalk = (sites: JiraSites, render: (message: Message) => JiraBody): Talking => {
  const issueOf = (place: Place): string => place.address["issue"] ?? "";

  const commentOf = (message: Message, privacy: Readonly<Record<string, string>>): NewComment => ({
    body: render(message),
    property: { key: markerProperty, value: message.marker },
    ...(privacy["visibilityValue"]
      ? { visibility: { type: privacy["visibilityType"] ?? "role", value: privacy["visibilityValue"] } }
      : {}),
    ...(privacy["internal"] === "true" ? { internal: true } : {}),
  });

  /** Who may see the answer to an ask: whoever saw the ask. */
  const audienceFor = (reply: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
    const { visibilityType, visibilityValue } = reply;
    return {
      ...(isInternalAsk(reply) ? { internal: "true" } : {}),
      ...(visibilityType === undefined ? {} : { visibilityType }),
      ...(visibilityValue === undefined ? {} : { visibilityValue }),
    };
  };

  const refOf = (place: Place, id: string, memo: Readonly<Record<string, string>>): PostRef => ({
    id,
    url: commentUrl(place, id),
    memo,
  });

  return {
    async findPost(place, marker, options: PostOptions) {
      const connection = sites.forPlace(place);
      const api = sites.api(connection);
      const account = await sites.account(connection);
      const own = new Set([account.accountId, account.key, account.name].filter(Boolean));
      const comments = (await api.comments(issueOf(place), lookedThrough)).filter((comment) =>
        [comment.author?.accountId, comment.author?.key, comment.author?.name].some(
          (id) => !!id && own.has(id),
        ),
      );
      const ids = comments.map((comment) => comment.id);
      const values = await api.properties(issueOf(place), ids, markerProperty);
      const found = ids.find((id) => values.get(id) === marker);
      return found === undefined ? undefined : refOf(place, found, audienceFor(options.reply));
    },

    async post(place, message, options) {
      const api = sites.api(sites.forPlace(place));
      const privacy = audienceFor(options.reply);
      const comment = await api.addComment(issueOf(place), commentOf(message, privacy));
      return refOf(place, comment.id, privacy);
    },

    async editPost(place, ref, message) {
      const api = sites.api(sites.forPlace(place));
      try {
        await api.updateComment(issueOf(place), ref.id, commentOf(message, ref.memo ?? {}));
        return ref;
      } catch (error) {
        // Data Center answers 400 for a comment that somebody deleted.
        if (error instanceof Failure && error.status === 400 && (await isGone(place, ref.id))) {
          throw new Failure("not-found", "Our comment was deleted.", { cause: error });
        }
        throw error;
      }
    },
  };

  async function isGone(place: Place, id: string): Promise<boolean> {
    try {
      await sites.api(sites.forPlace(place)).comment(issueOf(place), id);
      return false;
    } catch (error) {
      if (error instanceof Failure && error.kind === "not-found") return true;
      throw error;
    }
  }
};
