import type { PlatformDeps } from "@ask-openhands/bot/platforms/deps.ts";
import { createGitHub } from "@ask-openhands/bot/platforms/github/index.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import { startGitHubWorld } from "../contracts/subjects/github.ts";
import { onBehalf } from "../support/on-behalf.ts";

describe("rights in a repository on GitHub", () => {
  let world: Awaited<ReturnType<typeof startGitHubWorld>>;
  beforeEach(async () => {
    world = await startGitHubWorld();
  });
  afterEach(async () => {
    const { violations, unrouted } = world.requests;
    await world.close();
    expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
  });

  const facts = () => ({ platform: "github", host: world.host, name: "acme/shop", url: "", cloneUrl: "" });
  const account = (id: string, name: string) => ({ platform: "github", host: world.host, id, name });

  it("are those of the account, also under a new login, and not those of whoever took the old one", async () => {
    const { platform } = createPlatformBench(createGitHub, world.connections.slice(0, 1));
    const { writer, reader } = world.people;
    const judge = (id: string, name: string) =>
      platform.mayAccountWrite?.(account(id, name), facts(), "main");
    expect(await judge(writer.id, "mara-before")).toEqual({ may: true });
    expect(await judge(writer.id, reader.name)).toEqual({ may: true });
    expect(await judge(reader.id, writer.name)).toMatchObject({ may: false });
    expect(await judge("999999", "nobody")).toMatchObject({ may: false });
  });

  it.each([
    ["read", false],
    ["triage", false],
    ["write", true],
    ["maintain", true],
    ["admin", true],
  ] as const)("are enough to ask as %s: %s", async (role, may) => {
    const [repository] = world.github.state.repositories;
    const { reader } = world.people;
    repository?.roles.set(Number(reader.id), role);
    const { platform } = createPlatformBench(createGitHub, world.connections.slice(0, 1));
    expect(await platform.mayAccountWrite?.(account(reader.id, reader.name), facts(), "main")).toMatchObject({
      may,
    });
  });

  it("are not shown by the App that a maintainer brought: what it may do says nothing of a person", async () => {
    const [app] = world.connections;
    if (app === undefined) throw new Error("the world has no App");
    const withIt = (deps: PlatformDeps) =>
      createGitHub({ ...deps, connections: { ...deps.connections, broughtBy: () => [app.connection] } });
    const { platform } = createPlatformBench(withIt, [app]);
    expect(await platform.mayWrite?.(facts(), onBehalf("p1"))).toMatchObject({ may: "after-linking" });
  });
});
