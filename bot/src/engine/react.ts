import { Failure } from "@ask-openhands/core/failure.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { askPlatform, platformAt, type Turn } from "./turn.ts";

/** A reaction is a courtesy: when it fails, the report still says everything, so nothing is tried again. */
export const reactTo = async (
  turn: Turn,
  mention: Mention,
  feeling: "seen" | "done" | "failed",
): Promise<void> => {
  const { deps } = turn;
  try {
    if (platformAt(deps, mention.place).react === undefined) return;
    await askPlatform(deps, mention.place, async (platform) => platform.react?.(mention, feeling));
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    turn.log.info({ feeling, kind: cause.kind }, "reaction failed");
  }
};

/** Reacts to the ask that a run answers. */
export const react = async (turn: Turn, run: Run, feeling: "seen" | "done" | "failed"): Promise<void> => {
  const first = run.asks[0];
  if (first === undefined) return;
  const stored = await turn.deps.store.mention(first.key);
  if (stored !== undefined) await reactTo(turn, stored.mention, feeling);
};
