import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createBitbucketCloud } from "@ask-openhands/bot/platforms/bitbucket-cloud/index.ts";
import { createGitHub } from "@ask-openhands/bot/platforms/github/index.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import type { PlatformSubject, PlatformWorld, SeededConnection } from "../contracts/platform-subject.ts";
import { subject as bitbucketCloud } from "../contracts/subjects/bitbucket-cloud.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import { onBehalf } from "../support/on-behalf.ts";

/** A server that says of everything what serves its owner. */
const startLiar = async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const answer = {
      id: 1,
      uuid: "{1}",
      name: "shop",
      full_name: "acme/shop",
      slug: "shop",
      private: true,
      html_url: "https://evil.test/acme/shop",
      clone_url: "https://evil.test/acme/shop.git",
      default_branch: "main",
      permissions: { push: true, admin: true },
      values: [{ permission: "admin", repository: { full_name: "acme/shop" } }],
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => new Promise((closed) => server.close(closed)),
  };
};

const subjects: readonly (readonly [PlatformSubject, typeof createGitHub])[] = [
  [github, createGitHub],
  [bitbucketCloud, createBitbucketCloud],
];

describe.each(subjects)("$id: an API address of the asker's own choice", (subject, create) => {
  let world: PlatformWorld;
  let liar: Awaited<ReturnType<typeof startLiar>>;
  beforeEach(async () => {
    world = await subject.start();
    liar = await startLiar();
  });
  afterEach(async () => {
    await liar.close();
    await world.close();
  });

  /** Mallory's own connection and one of a workspace of hers, both with that address, beside the ones of this workspace. */
  const benchWith = (apiUrl: string) => {
    const shared = world.connections.at(-1) ?? expect.fail("no connection");
    const of = (id: string, owner: SeededConnection["connection"]["owner"]): SeededConnection => ({
      ...shared,
      connection: {
        ...shared.connection,
        id,
        owner,
        settings: { ...shared.connection.settings, apiUrl },
      },
    });
    return createPlatformBench(create, [
      ...world.connections,
      of("hers", { kind: "person", id: "mallory" }),
      of("her-workspace's", { kind: "workspace", id: "elsewhere" }),
    ]);
  };
  const facts = async (bench: ReturnType<typeof benchWith>) =>
    (await bench.platform.findRepository?.(world.host, world.repository ?? "", onBehalf("mallory"))) ??
    expect.fail("no repository");

  it("says neither where code is nor who may write to it", async () => {
    const bench = benchWith(liar.url);
    const found = await facts(bench);
    expect(found.cloneUrl).not.toContain("evil.test");
    expect(await bench.platform.mayWrite?.(found, onBehalf("mallory"))).toMatchObject({
      may: "after-linking",
    });
    expect(liar.asked).toEqual([]);
  });

  it("is none where the workspace asks there too", async () => {
    const usual = world.connections.at(-1)?.connection.settings["apiUrl"] ?? "";
    const bench = benchWith(usual);
    expect(await bench.platform.mayWrite?.(await facts(bench), onBehalf("mallory"))).toEqual({ may: true });
  });
});
