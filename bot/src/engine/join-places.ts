import { Failure } from "@ask-openhands/core/failure.ts";
import { advance } from "@ask-openhands/core/work/advance.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { OnBehalf } from "../platforms/platform.ts";
import { isOwn } from "./judge.ts";
import { withLater, withoutLater } from "./later.ts";
import { ensureRunPost, withPosted } from "./post-run.ts";
import { askPlatform, putOff, type Result, type Turn } from "./turn.ts";

const mostTries = 5;

/** The repository itself, or a fork of it. */
const isSameWork = async (
  turn: Turn,
  repository: RepositoryFacts,
  place: Place,
  asker: OnBehalf,
): Promise<boolean> => {
  if (isOwn(place, repository)) return true;
  const { platform: id, host, repository: name } = place;
  if (id !== repository.platform || host !== repository.host || name === undefined) return false;
  const found = await askPlatform(turn.deps, place, async (platform) =>
    platform.findRepository?.(host, name, asker),
  );
  return found?.forkOf?.toLowerCase() === repository.name.toLowerCase();
};

/** The place behind an address, when it is one of the run's own repository or of a fork: an agent may be talked into naming any other. */
const placeOf = async (turn: Turn, run: Run, url: string): Promise<Place | undefined> => {
  const { deps, view } = turn;
  const { order } = view.notes;
  const repository = order?.repository;
  const platform = deps.platforms.get(repository?.platform ?? "");
  if (order === undefined || repository === undefined || platform?.placeAt === undefined) return undefined;
  const asker: OnBehalf = { workspaceId: order.workspaceId, personId: order.personId };
  const place = await deps.outside.call(
    { host: repository.host, name: platform.name, within: deps.times.request },
    async () => platform.placeAt?.(url, asker, run.place),
  );
  return place !== undefined && (await isSameWork(turn, repository, place, asker)) ? place : undefined;
};

const hasOwnRuns = async ({ deps }: Turn, place: Place): Promise<boolean> =>
  (await deps.store.runs({ place: place.key, limit: 1 })).length > 0;

/** The pull request that a run opened belongs to its lane: a mention there goes on with the conversation. */
export const bind = async (turn: Turn, run: Run): Promise<Result> => {
  const { notes } = turn.view;
  const url = run.pullRequest?.url;
  if (url === undefined) return {};
  const bound = { ...withoutLater(notes, "bind"), bound: [...(notes.bound ?? []), url] };
  try {
    const place = await placeOf(turn, run, url);
    if (place === undefined) {
      turn.log.info({ run: run.id }, "place not joined: it is none of the run's repository");
      return { notes: bound };
    }
    // Work that people asked for there is not given to whoever's agent names it.
    const taken = run.pullRequest?.said === true && (await hasOwnRuns(turn, place));
    if (taken) {
      turn.log.info({ run: run.id, place: place.key }, "place not joined: it has runs of its own");
      return { notes: bound };
    }
    turn.log.info({ place: place.key }, "place joined");
    return { notes: bound, joins: [place.key] };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    const tries = notes.later?.bind?.tries ?? 0;
    return cause.passing && tries < mostTries ? { notes: putOff(turn, "bind", cause) } : { notes: bound };
  }
};

/** The report of the run that began the conversation elsewhere says where it goes on, and how that stands. */
export const point = async (turn: Turn, run: Run): Promise<Result> => {
  const { deps, view } = turn;
  const { origin } = view.notes;
  if (origin === undefined) return {};
  const done = { ...withoutLater(view.notes, "origin"), origin: { ...origin, shown: run.state } };
  const stored = await deps.store.run(origin.run);
  if (stored?.report?.ref === undefined) return { notes: done };
  let earlier = advance(
    stored,
    {
      type: "continued",
      url: run.report?.ref?.url ?? run.place.url,
      label: run.place.label,
      state: run.state,
    },
    deps.now(),
  );
  try {
    const result = await ensureRunPost(turn, earlier, "report", async (changed) => {
      earlier = changed;
      await turn.save({ others: [changed] });
    });
    if ("wait" in result)
      return { notes: withLater(view.notes, "origin", { at: result.wait, tries: 0, since: deps.now() }) };
    // A report that somebody deleted is not brought back to say where the work went on.
    const shown =
      "deleted" in result
        ? advance(earlier, { type: "post-given-up", part: "report", why: "deleted" }, deps.now())
        : withPosted(earlier, "report", result, deps.now());
    return { others: [shown], notes: done };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    const tries = view.notes.later?.origin?.tries ?? 0;
    return cause.passing && tries < mostTries ? { notes: putOff(turn, "origin", cause) } : { notes: done };
  }
};
