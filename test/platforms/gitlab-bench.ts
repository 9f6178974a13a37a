import type { PlatformDeps } from "@ask-openhands/bot/platforms/deps.ts";
import { createGitLab } from "@ask-openhands/bot/platforms/gitlab/index.ts";
import { afterEach, expect } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import type { SeededConnection } from "../contracts/platform-subject.ts";
import { startGitLabWorld } from "../contracts/subjects/gitlab.ts";
import type { FakeGitLabSettings } from "../fakes/gitlab/start.ts";

export type Bench = PlatformBench;
export type World = Awaited<ReturnType<typeof startGitLabWorld>>;

/** GitLab's folder on the bench of the platform contract. */
export const createBench = (
  seeded: readonly SeededConnection[],
  more: Partial<Pick<PlatformDeps, "now" | "publicUrl">> = {},
): Bench => createPlatformBench(createGitLab, seeded, more);

/** Starts worlds that end with the test, which fails when a request of ours broke GitLab's specification. */
export const createScenes = () => {
  const worlds: World[] = [];
  afterEach(async () => {
    for (const world of worlds.splice(0)) {
      const { violations, unrouted } = world.requests;
      await world.close();
      expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
    }
  });
  return async (settings: FakeGitLabSettings = {}) => {
    const world = await startGitLabWorld(settings);
    worlds.push(world);
    return { world, bench: createBench(world.connections), writer: world.people.writer };
  };
};
