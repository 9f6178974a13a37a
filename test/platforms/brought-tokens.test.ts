import type { PlatformDeps } from "@ask-openhands/bot/platforms/deps.ts";
import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import type { Permission } from "@ask-openhands/bot/platforms/platform.ts";
import { describe, expect, it } from "vitest";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import type { PlatformSubject, PlatformWorld } from "../contracts/platform-subject.ts";
import { subject as bitbucketCloud } from "../contracts/subjects/bitbucket-cloud.ts";
import { subject as bitbucketDc } from "../contracts/subjects/bitbucket-dc.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import { subject as gitlab } from "../contracts/subjects/gitlab.ts";
import { onBehalf } from "../support/on-behalf.ts";

const codeHosts: readonly PlatformSubject[] = [github, gitlab, bitbucketCloud, bitbucketDc];

interface Brought {
  /** Whose account the token is said to be. */
  readonly account: "person" | "bot";
  /** Whether it was the asker who brought it. */
  readonly byAsker?: boolean;
}

const judge = async (id: string, world: PlatformWorld, brought: Brought): Promise<Permission | undefined> => {
  const seeded = world.connections.at(-1) ?? expect.fail("no connection");
  const settings = { ...seeded.connection.settings, account: brought.account };
  const token = { ...seeded, connection: { ...seeded.connection, settings } };
  const create = platforms.find((one) => one.id === id)?.create ?? expect.fail(`no platform ${id}`);
  const withIt = (deps: PlatformDeps) =>
    create({
      ...deps,
      connections: {
        ...deps.connections,
        broughtBy: () => (brought.byAsker === false ? [] : [token.connection]),
      },
    });
  const { platform } = createPlatformBench(withIt, [token]);
  const facts = await platform.findRepository?.(world.host, world.repository ?? "", onBehalf());
  return platform.mayWrite?.(facts ?? expect.fail("no repository"), onBehalf("p1"));
};

describe("a token of the workspace as a proof of what somebody may do", () => {
  it.each(codeHosts.map((subject) => [subject.id, subject] as const))(
    "%s: counts when it is a person's own and that person brought it, not when it is a bot's or another's",
    async (id, subject) => {
      const world = await subject.start();
      try {
        expect(await judge(id, world, { account: "person" })).toEqual({ may: true });
        const unknown = { may: "after-linking" };
        expect(await judge(id, world, { account: "person", byAsker: false })).toMatchObject(unknown);
        expect(await judge(id, world, { account: "bot" })).toMatchObject(unknown);
      } finally {
        await world.close();
      }
    },
  );
});
