import type { PlatformDeps } from "@ask-openhands/bot/platforms/deps.ts";
import { createGitLab } from "@ask-openhands/bot/platforms/gitlab/index.ts";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import type { SeededConnection } from "../contracts/platform-subject.ts";

export type Bench = PlatformBench;

/** GitLab's folder on the bench of the platform contract. */
export const createBench = (
  seeded: readonly SeededConnection[],
  more: Partial<Pick<PlatformDeps, "now" | "publicUrl">> = {},
): Bench => createPlatformBench(createGitLab, seeded, more);
