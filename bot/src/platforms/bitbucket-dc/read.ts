import { Failure } from "@ask-openhands/core/failure.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import { spotOf } from "../bitbucket-place.ts";
import type { PlatformDeps } from "../deps.ts";
import { inTime } from "../in-time.ts";
import type { DcConnect } from "./connect.ts";

/** Milliseconds: a delivery is answered soon; what is not told by then is read when the run begins. */
const patience = 2_000;

/** No delivery says where in the code a comment stands, so it is read back. A comment that cannot be read is heard without its place. */
export const completeDc =
  (deps: PlatformDeps, { sites, api }: DcConnect) =>
  async (mention: Mention): Promise<Heard> => {
    const { comment, asker } = mention.reply;
    if (comment === undefined || mention.change === "deleted") return { heard: "mention", mention };
    const ask = async () => {
      try {
        return await api(sites.at(mention.place, asker).connection).comment(spotOf(mention.place), comment);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        deps.log.info({ mention: mention.key, error: error.hint }, "could not read where a comment stands");
        return undefined;
      }
    };
    const spot = (await inTime(ask(), patience))?.spot;
    return { heard: "mention", mention: spot ? { ...mention, way: "inline", spot } : mention };
  };

/** What the agent needs to find the server beside its token. */
export const serverVariables = ({ host, cloneUrl }: RepositoryFacts): Readonly<Record<string, string>> => {
  const scheme = new URL(cloneUrl).protocol;
  return {
    BITBUCKET_DATA_CENTER_HOST: host,
    BITBUCKET_DATA_CENTER_REST_URL: `${scheme}//${host}/rest/api/latest`,
  };
};
