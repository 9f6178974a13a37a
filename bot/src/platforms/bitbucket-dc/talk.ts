import { Failure } from "@ask-openhands/core/failure.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import type { BitbucketSites } from "../bitbucket-sites.ts";

/** Names with unusual characters are quoted. */
export const mentionDc = ({ name }: Author): string => (/^[\w.-]+$/.test(name) ? `@${name}` : `@"${name}"`);

const emoticons = { seen: "eyes", done: "white_check_mark", failed: "x" } as const;

/** Comments only: there is nothing to react to on a pull request itself. */
export const reactDc =
  (sites: BitbucketSites) =>
  async ({ place, reply }: Mention, feeling: keyof typeof emoticons): Promise<void> => {
    const { comment, asker } = reply;
    if (comment === undefined) return;
    const site = sites.at(place, asker);
    try {
      await site.api.react?.(await sites.spotAt(site, place), comment, emoticons[feeling]);
    } catch (error) {
      // Reactions came with 7.14 and can be switched off; a comment that is gone needs none.
      if (!(error instanceof Failure) || !["not-found", "bad-input"].includes(error.kind)) throw error;
    }
  };
