import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import type { WriteLimits } from "@ask-openhands/bot/platforms/platform.ts";
import { expect, it } from "vitest";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import { makePlace } from "../support/make-mention.ts";

/** By folder: what it says of its public server, and of one that somebody runs themselves. */
const limitsAt = (host: string): Readonly<Record<string, WriteLimits | undefined>> => {
  const place = makePlace(1, { host, address: { installation: "42" } });
  return Object.fromEntries(
    platforms.map(({ id, create }) => [
      id,
      createPlatformBench(create, []).platform.writeLimits?.({ ...place, platform: id }),
    ]),
  );
};

it("each platform says what its own servers let an account write, and nobody is bound by the limits of another", () => {
  const silent = { gitlab: undefined, "jira-cloud": undefined, "jira-dc": undefined, slack: undefined };
  expect(limitsAt("github.com")).toEqual({
    ...silent,
    github: { perMinute: 80, perHour: 500, account: "42" },
    "bitbucket-cloud": { perHour: 500 },
    "bitbucket-dc": undefined,
  });
  expect(limitsAt("git.example.com")["github"]).toBeUndefined();
  expect(limitsAt("acme.ghe.com")["github"]).toMatchObject({ perHour: 500 });
});
