import { Failure } from "@ask-openhands/core/failure.ts";
import { advance } from "@ask-openhands/core/work/advance.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { withLater, withoutLater } from "./later.ts";
import { ensureRunPost, withPosted } from "./post-run.ts";
import { putOff, type Result, type Turn } from "./turn.ts";

const mostTries = 5;

const placeOf = async (turn: Turn, run: Run, url: string): Promise<Place | undefined> => {
  for (const platform of turn.deps.platforms.values()) {
    if (platform.placeAt === undefined) continue;
    const place = await turn.deps.outside.call(
      { host: run.place.host, name: platform.name, within: turn.deps.times.request },
      async () => platform.placeAt?.(url, run.place),
    );
    if (place !== undefined) return place;
  }
  return undefined;
};

/** The pull request that a run opened belongs to its lane: a mention there goes on with the conversation. */
export const bind = async (turn: Turn, run: Run): Promise<Result> => {
  const { notes } = turn.view;
  const url = run.pullRequest?.url;
  if (url === undefined) return {};
  const bound = { ...withoutLater(notes, "bind"), bound: [...(notes.bound ?? []), url] };
  try {
    const place = await placeOf(turn, run, url);
    if (place === undefined) return { notes: bound };
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
