import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Run, RunState } from "@ask-openhands/core/work/run.ts";
import type { RunFilter } from "../store/store.ts";
import type { EngineDeps } from "./engine-deps.ts";

const open: readonly RunState[] = ["queued", "starting", "working", "waiting"];
const page = 100;
/** A bot with more open runs than these counts those of the newest. */
const mostPages = 10;

const openRuns = async ({ store }: Pick<EngineDeps, "store">): Promise<readonly Run[]> => {
  const found: Run[] = [];
  let before: RunFilter["before"];
  for (let pages = 0; pages < mostPages; pages += 1) {
    const runs = await store.runs({ states: open, limit: page, before });
    found.push(...runs);
    const last = runs.at(-1);
    if (last === undefined || runs.length < page) break;
    before = { queuedAt: last.queuedAt, id: last.id };
  }
  return found;
};

/** Open runs of a place's workspace, in the order in which they will work. */
export interface Queue {
  /** Those that everybody who reads the place may know of. */
  readonly seen: readonly Run[];
  /** How many more there are. */
  readonly hidden: number;
}

/** An answer is read by everybody at the place, so it names what they can look at anyway: the same repository, or the same room. */
export const queueOf = async (
  deps: Pick<EngineDeps, "store" | "policy" | "platforms">,
  here: Place,
): Promise<Queue> => {
  const workspace = deps.policy.workspaceOf(here.connection);
  const roomsOf = (place: Place): readonly string[] =>
    deps.platforms.get(place.platform)?.roomOf?.(place) ?? [];
  const rooms = new Set(roomsOf(here));
  const isSeen = ({ place }: Run): boolean => {
    if (place.key === here.key) return true;
    if (place.confidential === true || place.platform !== here.platform || place.host !== here.host)
      return false;
    return place.repository === undefined
      ? roomsOf(place).some((room) => rooms.has(room))
      : place.repository.toLowerCase() === here.repository?.toLowerCase();
  };
  const runs = (await openRuns(deps)).filter(
    ({ place }) => deps.policy.tenantOf(place.connection) === workspace,
  );
  const inOrder = runs.toSorted(
    (a, b) => Number(a.state === "queued") - Number(b.state === "queued") || a.queuedAt - b.queuedAt,
  );
  const seen = inOrder.filter(isSeen);
  return { seen, hidden: runs.length - seen.length };
};
