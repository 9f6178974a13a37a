import type { PlatformDeps } from "@ask-openhands/bot/platforms/deps.ts";
import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import type { Platform } from "@ask-openhands/bot/platforms/platform.ts";
import { describe, expect, it } from "vitest";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import type { PlatformSubject } from "../contracts/platform-subject.ts";
import { subject as bitbucketCloud } from "../contracts/subjects/bitbucket-cloud.ts";
import { subject as bitbucketDc } from "../contracts/subjects/bitbucket-dc.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import { subject as gitlab } from "../contracts/subjects/gitlab.ts";

const codeHosts: readonly PlatformSubject[] = [github, gitlab, bitbucketCloud, bitbucketDc];

const factoryOf = (id: string): ((deps: PlatformDeps) => Platform) =>
  platforms.find((one) => one.id === id)?.create ?? expect.fail(`no platform ${id}`);

describe("two workspaces at the same server", () => {
  it.each(codeHosts.map((subject) => [subject.id, subject] as const))(
    "%s: one's repositories and tokens are not for the other",
    async (id, subject) => {
      const world = await subject.start();
      try {
        const { platform } = createPlatformBench(factoryOf(id), world.connections);
        const { host, repository } = world;
        const [first] = world.connections;
        if (repository === undefined || first?.connection.owner.kind !== "workspace")
          throw new Error("the world has no repository of a workspace");
        const own = { workspaceId: first.connection.owner.id };
        const other = { workspaceId: "another-workspace" };
        const facts = (await platform.findRepository?.(host, repository, own)) ?? expect.fail("not found");
        const found = await platform.searchRepositories?.(host, "", own);
        expect(found?.map(({ name }) => name)).toContain(repository);
        const place = {
          platform: id,
          host,
          key: "k",
          kind: "issue",
          url: facts.url,
          label: "#1",
          address: {},
        } as const;
        expect(await platform.agentToken?.(facts, own, place)).toBeDefined();

        expect(await platform.findRepository?.(host, repository, other)).toBeUndefined();
        expect(await platform.searchRepositories?.(host, "", other)).toEqual([]);
        expect(await platform.agentToken?.(facts, other, place)).toBeUndefined();

        const { writer } = world.people;
        const account = { platform: id, host, ...writer };
        const rights = (workspaceId: string) => platform.mayAccountWrite?.(account, facts, workspaceId);
        expect(await rights(own.workspaceId)).toEqual({ may: true });
        expect(await rights(other.workspaceId)).toMatchObject({ may: "after-linking" });

        const kind = subject.kinds.at(-1) ?? "issue";
        const spot = await world.open(writer, kind, { title: "Crash", text: "Here." });
        const spoken = (await platform.placeAt?.(spot.url, own)) ?? expect.fail("no place");
        expect(await platform.placeAt?.(spot.url, other)).toBeUndefined();

        // What was heard by a connection that is switched off or gone is spoken about with another of the same workspace, or not at all.
        const author = { ...account, kind: "person" } as const;
        const { platform: elsewhere } = createPlatformBench(factoryOf(id), world.connections, {
          workspaceOf: () => other.workspaceId,
        });
        const orphan = { ...spoken, connection: "gone" };
        expect(await platform.mayAsk(author, orphan)).toEqual({ may: true });
        await expect(elsewhere.mayAsk(author, orphan)).rejects.toMatchObject({ kind: "bad-settings" });
      } finally {
        await world.close();
      }
    },
  );
});
