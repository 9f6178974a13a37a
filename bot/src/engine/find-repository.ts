import { Failure } from "@ask-openhands/core/failure.ts";
import { repositoryWords } from "@ask-openhands/core/trigger/repository-words.ts";
import type { Pending } from "@ask-openhands/core/work/lane.ts";
import { type Mention, noRepository } from "@ask-openhands/core/work/mention.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import { readRepositoryName } from "../people/repository-name.ts";
import { usableHosts } from "../people/usable-hosts.ts";
import type { OnBehalf, RepositoryChoice } from "../platforms/platform.ts";
import { isForeign } from "./holder.ts";
import { askPlatform, platformAt, type Turn } from "./turn.ts";

/** With which repository an ask runs; `none`: the asker chose to work without one. */
export type Meant = RepositoryChoice | { readonly none: true };

/** A named repository, looked for on every connected code host. */
export const findNamed = async (
  turn: Turn,
  mention: Mention,
  written: string,
  onBehalf: OnBehalf,
): Promise<RepositoryChoice> => {
  const { deps } = turn;
  const searching = [...deps.platforms.values()]
    .filter(({ findRepository }) => findRepository !== undefined)
    .flatMap((platform) =>
      usableHosts(deps.connections, platform.id, onBehalf).map((host) => ({ platform, host })),
    );
  const own = mention.place.host;
  const isHost = (one: string): boolean => searching.some((known) => known.host === one);
  const { host: wanted, name } = readRepositoryName(written, isHost);
  // The place's own host first, so that a bare name means a repository next door.
  const near = searching.filter(({ host }) => host === own);
  const far = searching.filter(({ host }) => host !== own);
  const found: RepositoryFacts[] = [];
  for (const { platform, host } of [...near, ...far]) {
    if (wanted !== undefined && host !== wanted) continue;
    const facts = await deps.outside.call(
      { host, name: platform.name, within: deps.times.request },
      async () => platform.findRepository?.(host, name, onBehalf),
    );
    if (facts === undefined) continue;
    if (wanted === undefined && host === own) return { found: facts };
    found.push(facts);
  }
  const only = found[0];
  if (only !== undefined && found.length === 1) return { found: only };
  if (only !== undefined)
    return {
      candidates: found.map((facts) => `${facts.host}/${facts.name}`),
      why: `Several connected servers have a repository ${name}. Name the server too.`,
    };
  return {
    candidates: [],
    why: `I see no repository ${written}: it does not exist, is not connected, or is hidden from this account.`,
  };
};

const ownRepository = async (
  turn: Turn,
  mention: Mention,
  name: string,
  onBehalf: OnBehalf,
): Promise<RepositoryChoice> => {
  const { deps } = turn;
  if (platformAt(deps, mention.place).findRepository !== undefined) {
    const { host } = mention.place;
    const facts = await askPlatform(deps, mention.place, async (platform) =>
      platform.findRepository?.(host, name, onBehalf),
    );
    if (facts !== undefined) return { found: facts };
  }
  const thread = await askPlatform(
    deps,
    mention.place,
    (platform) => platform.thread(mention),
    deps.times.request * 4,
  );
  if (thread.repository !== undefined) return { found: thread.repository };
  throw new Failure("not-found", `I see no repository ${name} with the connection I have here.`);
};

/** What the talk here was about before counts for what follows, until the words of an ask name another repository that exists, or `new` begins afresh. */
const asBefore = async (
  turn: Turn,
  { mention, wish }: Pending,
  onBehalf: OnBehalf,
): Promise<Meant | undefined> => {
  const { order } = turn.view.notes;
  if (turn.view.run === undefined || order === undefined || (wish.kind === "ask" && wish.fresh))
    return undefined;
  if (isForeign(order, onBehalf.workspaceId)) return undefined;
  const words = wish.kind === "ask" ? repositoryWords(wish.request) : [];
  for (const { host, name } of words) {
    const named = await findNamed(turn, mention, host === undefined ? name : `${host}/${name}`, onBehalf);
    if ("found" in named || named.candidates.length > 0) return undefined;
  }
  return order.repository === undefined ? { none: true } : { found: order.repository };
};

/** Which repository an ask means: the one it names, the place's own, the one that the talk was about, or the one that the platform finds by words, mapping and links. Throws `Failure`. */
export const findRepository = async (turn: Turn, pending: Pending): Promise<Meant> => {
  const { deps } = turn;
  const { mention, wish } = pending;
  const { author, place } = mention;
  const workspaceId = deps.policy.workspaceOf(place.connection);
  const personId = deps.connections.personOf(author.platform, author.host, author.id, workspaceId);
  const onBehalf: OnBehalf = { personId, workspaceId };
  const named = wish.kind === "ask" ? wish.options.repository : undefined;
  if (named === noRepository) return { none: true };
  if (named !== undefined && named.toLowerCase() !== place.repository?.toLowerCase())
    return findNamed(turn, mention, named, onBehalf);
  if (place.repository !== undefined) return ownRepository(turn, mention, place.repository, onBehalf);
  const before = await asBefore(turn, pending, onBehalf);
  if (before !== undefined) return before;
  if (platformAt(deps, place).chooseRepository === undefined)
    return { candidates: [], why: "Nothing here says which repository is meant." };
  const thread = await askPlatform(
    deps,
    place,
    (platform) => platform.thread(mention),
    deps.times.request * 4,
  );
  if (thread.repository !== undefined) return { found: thread.repository };
  const chosen = await askPlatform(
    deps,
    place,
    async (platform) => platform.chooseRepository?.(mention, thread),
    deps.times.request * 4,
  );
  return chosen ?? { candidates: [], why: "Nothing here says which repository is meant." };
};
