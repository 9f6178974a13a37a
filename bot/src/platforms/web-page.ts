import type { PageKind, PagePlace } from "@ask-openhands/core/connection/page-place/page.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { PostRef } from "@ask-openhands/core/work/run.ts";
import type { Platform } from "./platform.ts";

const silent: ReadonlySet<PageKind> = new Set<PageKind>(["repository", "file", "pipeline"]);

/** A repository's home, a file, a CI run: people read there, but nobody talks there. */
export const isWebPage = (page: Pick<PagePlace, "kind">): boolean => silent.has(page.kind);

interface PageFacts {
  /** Full path as the server writes it now. */
  readonly repository: string;
  readonly connection: string;
  /** What `mayAsk` needs to ask about the repository. */
  readonly address?: Place["address"] | undefined;
}

/** The place of an ask on a page where nobody talks. Asks on the same page share a conversation, like those on the same issue. */
export const webPagePlace = (
  page: PagePlace,
  { repository, connection, address = {} }: PageFacts,
): Place => ({
  platform: page.platform,
  host: page.host,
  key: `${page.platform}:${page.host}:page:${page.url}`,
  kind: "page",
  url: page.url,
  label: page.label,
  repository,
  connection,
  address,
});

/** What stands for a message that is not posted: state and outcome are told where the ask was made, in the extension and on our own page. */
const unposted = async (): Promise<PostRef> => ({ id: "unposted" });

/** Says nothing at web pages; everywhere else the platform itself speaks. */
export const quietAtPages = (platform: Platform): Platform => {
  const isPage = ({ kind }: Place): boolean => kind === "page";
  const { react } = platform;
  return {
    ...platform,
    thread: (mention) =>
      isPage(mention.place)
        ? Promise.resolve({ title: mention.place.title ?? "", entries: [] })
        : platform.thread(mention),
    findPost: (place, marker, options) =>
      isPage(place) ? unposted() : platform.findPost(place, marker, options),
    post: (place, message, options) => (isPage(place) ? unposted() : platform.post(place, message, options)),
    editPost: (place, ref, message) => (isPage(place) ? unposted() : platform.editPost(place, ref, message)),
    ...(react && {
      react: async (mention, feeling) =>
        isPage(mention.place) ? undefined : react.call(platform, mention, feeling),
    }),
  };
};
