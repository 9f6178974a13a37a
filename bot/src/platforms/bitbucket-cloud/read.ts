import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import { authorOf, withHandle } from "../bitbucket-account.ts";
import { ignored, spotOf } from "../bitbucket-place.ts";
import type { PlatformDeps } from "../deps.ts";
import type { CloudConnect } from "./connect.ts";
import { platform } from "./hear.ts";
import { userOf } from "./shapes.ts";

/** Milliseconds by which the pull request's time of change and the activity's may differ. */
const tolerance = 2_000;

/**
 * `pullrequest:updated` tells of new commits as well as of a new description, with everything as it is now. The pull request's activity has
 * every description it had, so it tells what this update changed and who did it. Comments and new pull requests pass as they are.
 */
export const completeCloud =
  (deps: PlatformDeps, { sites, api }: CloudConnect) =>
  async (mention: Mention): Promise<Heard> => {
    if (mention.way !== "description" || mention.change !== "edited") return { heard: "mention", mention };
    const { place, at } = mention;
    const { connection } = sites.at(place, mention.reply["asker"]);
    const versions = await api(connection).descriptions(spotOf(place));
    const now = versions.findIndex((one) => Date.parse(one.at) <= Date.parse(at) + tolerance);
    const [current, before] = versions.slice(Math.max(0, now));
    if (current === undefined || before === undefined || current.text === before.text)
      return ignored(`the description of ${place.label} is as it was`);
    const own = sites.known(place.host);
    const handle = deps.handles(place.connection)[0] ?? "@openhands";
    const writer = userOf(current.by);
    return {
      heard: "mention",
      mention: {
        ...mention,
        before: withHandle(before.text, own, place.host, handle),
        ...(writer === undefined
          ? {}
          : {
              author: authorOf({ platform, host: place.host }, writer, current.text, own),
              reply: { ...mention.reply, asker: writer.id },
            }),
      },
    };
  };
