import type { Agent } from "@ask-openhands/core/agent/agent.ts";
import type { Place, PlatformId } from "@ask-openhands/core/work/place.ts";
import type { Log } from "../log.ts";
import type { Connections } from "../people/connections.ts";
import type { Policy } from "../people/policy.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Store } from "../store/store.ts";
import type { Outside } from "./outside.ts";
import type { PostBudget } from "./post-budget.ts";
import type { Renewals } from "./renewals.ts";

/** The back ends. */
export interface Agents {
  /** Throws `Failure` (bad-settings) for a connection that is gone or switched off. */
  get(connectionId: string): Agent;
  /** The back end for an ask: the person's own, else the one named when it is the workspace's, else the workspace's first. Never somebody else's. */
  choose(asker: {
    readonly personId?: string | undefined;
    readonly workspaceId: string;
    readonly preferred?: string | undefined;
  }): string | undefined;
}

/** What the engine measures; every method is cheap and never throws. */
export interface EngineMetrics {
  turn(step: string, milliseconds: number): void;
  outside(host: string, outcome: string): void;
  posted(kind: "post" | "edit" | "unchanged" | "waited"): void;
}

export interface EngineTimes {
  /** Longest time that one request may be in flight, here or at the other side after we gave up; waited out before looking for a post of ours. */
  readonly request: number;
  readonly lease: number;
  /** A server that fails several times in a row is left alone for this long. */
  readonly pause: number;
  /** A back end that does not answer for this long ends the run as unreachable. */
  readonly unreachable: number;
  /** Trying to post is given up after this long. */
  readonly posting: number;
}

export const usualTimes: EngineTimes = {
  request: 15_000,
  lease: 30_000,
  pause: 30_000,
  unreachable: 30 * 60_000,
  posting: 6 * 3_600_000,
};

/** Everything the engine works with. */
export interface EngineDeps {
  readonly store: Store;
  readonly policy: Policy;
  readonly connections: Connections;
  readonly platforms: ReadonlyMap<PlatformId, Platform>;
  readonly agents: Agents;
  readonly outside: Outside;
  readonly budget: PostBudget;
  readonly renewals: Renewals;
  /** Signed mark of one thing that we say: same input, same mark. */
  marker(id: string, part: string): string;
  /** Takes every known secret and everything that looks like one out of a text. */
  redact(text: string): string;
  /** From now on this value counts as a secret: tokens that were made for one run stand in no list. */
  hide(secret: string): void;
  /** Hosts that links in the agent's words may lead to. */
  hosts(place: Place): readonly string[];
  readonly times: EngineTimes;
  readonly metrics: EngineMetrics;
  readonly log: Log;
  /** Epoch milliseconds. */
  now(): number;
  /** 0 ≤ x < 1, for jitter. */
  random(): number;
}
