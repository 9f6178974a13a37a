import { Failure } from "@ask-openhands/core/failure.ts";
import { connectionFailure } from "@ask-openhands/core/http/failures.ts";
import { readBody } from "@ask-openhands/core/http/read-body.ts";
import type { Attachment, Mention } from "@ask-openhands/core/work/mention.ts";
import type { PlatformDeps } from "../deps.ts";
import { targetOf } from "./client.ts";
import { type Doors, orUndefined } from "./connect.ts";
import type { Spot } from "./spots.ts";

/** Files that people drop into a comment: `https://github.com/user-attachments/assets/<uuid>`, earlier `/<owner>/<name>/assets/<id>/<uuid>`. Bounded, because anybody may write the text. */
const uploaded =
  /https:\/\/[^\s"'<>()]{1,300}\/assets\/(?:\d+\/)?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})/g;
const image = /<img[^>]+src="([^"]+)"/g;
const mostPictures = 8;

/** Pictures in a text. GitHub tells neither type nor size before they are read. */
export const picturesIn = (text: string): readonly Attachment[] =>
  [...new Map([...text.matchAll(uploaded)].map(([url, id]) => [id ?? url, url])).values()]
    .slice(0, mostPictures)
    .map((url, index) => ({ name: `picture ${index + 1}`, type: "image/*", size: 0, url }));

const mediaType = { format: "full" } as const;

/** Comment and description as GitHub shows them: there the pictures of private repositories have addresses that work for some minutes without signing in. */
const shownHtml = async ({ client, owner, repo, number }: Spot, { reply }: Mention): Promise<string> => {
  const path = { owner, repo, mediaType };
  const { comment, reviewComment } = reply;
  const pages = [
    orUndefined(client.rest.issues.get({ ...path, issue_number: number })),
    comment
      ? orUndefined(client.rest.issues.getComment({ ...path, comment_id: Number(comment) }))
      : undefined,
    reviewComment
      ? orUndefined(client.rest.pulls.getReviewComment({ ...path, comment_id: Number(reviewComment) }))
      : undefined,
  ];
  return (await Promise.all(pages)).map((page) => page?.data.body_html ?? "").join("\n");
};

/** Only GitHub's own servers are asked, and never with credentials: the address comes from a text that anybody may have written. */
const isGitHubs = (url: URL, host: string): boolean =>
  url.host === host ||
  url.host.endsWith(`.${host}`) ||
  (host === "github.com" && url.host.endsWith(".githubusercontent.com"));

const elsewhere = (): Failure =>
  new Failure("bad-input", "This attachment is not on GitHub's own servers, so it is not read.");

export const createAttachments = (deps: PlatformDeps, doors: Doors) => ({
  attachmentsOf: async (mention: Mention): Promise<readonly Attachment[]> => picturesIn(mention.text),

  async attachment(
    mention: Mention,
    address: string,
    limit: number,
  ): Promise<{ readonly type: string; readonly bytes: Uint8Array }> {
    const spot = await doors.at(mention.place);
    const target = targetOf(spot.connection);
    const [known] = [...address.matchAll(uploaded)];
    if (!known || !isGitHubs(new URL(address), mention.place.host)) throw elsewhere();
    const pictures = [...(await shownHtml(spot, mention)).matchAll(image)].map(([, src]) =>
      (src ?? "").replaceAll("&amp;", "&"),
    );
    const url = new URL(pictures.find((src) => src.includes(known[1] ?? address)) ?? address);
    if (!isGitHubs(url, mention.place.host)) throw elsewhere();
    const response = await deps
      .fetch(url, { signal: AbortSignal.timeout(10_000) })
      .catch((error: unknown) => {
        throw connectionFailure(target, error);
      });
    if (!response.ok)
      throw new Failure(
        "not-found",
        `GitHub (${target.host}) does not give this attachment (HTTP ${response.status}).`,
        { status: response.status },
      );
    try {
      return {
        type: response.headers.get("content-type") ?? "application/octet-stream",
        bytes: await readBody(response, limit, target),
      };
    } catch (cause) {
      throw new Failure("bad-input", `The attachment is larger than ${limit} bytes.`, { cause });
    }
  },
});
