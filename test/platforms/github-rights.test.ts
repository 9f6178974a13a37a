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
  const [app, token] = [0, 1] as const;

  it("are those of the account, also under a new login, and not those of whoever took the old one", async () => {
    const { platform } = createPlatformBench(createGitHub, world.connections.slice(app, 1));
    const { writer, reader } = world.people;
    const judge = (id: string, name: string) =>
      platform.mayAccountWrite?.(account(id, name), facts(), "main");
    expect(await judge(writer.id, "mara-before")).toEqual({ may: true });
    expect(await judge(writer.id, reader.name)).toEqual({ may: true });
    expect(await judge(reader.id, writer.name)).toMatchObject({ may: false });
    expect(await judge("999999", "nobody")).toMatchObject({ may: false });
  });

  it("are shown by a person's token that a maintainer brought; a bot's, an App's or another's shows nothing", async () => {
    const seeded = world.connections[token];
    if (seeded === undefined) throw new Error("the world has no token");
    const judge = async (kept: 0 | 1, settings: Readonly<Record<string, string>>, brought = true) => {
      const chosen = world.connections[kept] ?? seeded;
      const { connection, secrets } = chosen;
      const mine = { ...connection, settings: { ...connection.settings, ...settings } };
      const withHers = (deps: PlatformDeps) =>
        createGitHub({
          ...deps,
          connections: { ...deps.connections, broughtBy: () => (brought ? [mine] : []) },
        });
      const { platform } = createPlatformBench(withHers, [{ connection: mine, secrets }]);
      return platform.mayWrite?.(facts(), onBehalf("p1"));
    };
    expect(await judge(token, { account: "person" })).toEqual({ may: true });
    expect(await judge(token, { account: "person" }, false)).toMatchObject({ may: "after-linking" });
    expect(await judge(token, { account: "bot" })).toMatchObject({ may: "after-linking" });
    expect(await judge(app, {})).toMatchObject({ may: "after-linking" });
  });
});
