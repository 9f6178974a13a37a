import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";
import type { Browser } from "./browser.ts";
import { follow } from "./follow.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.end());

describe("an app from a manifest", () => {
  const start = async (browser: Browser): Promise<string> => {
    const answer = await browser.call("createManifest", {
      params: { workspace: "main" },
      body: { platform: "forge", organization: "acme" },
    });
    return new URL(answer.action).searchParams.get("state") ?? "";
  };
  const finish = (browser: Browser, state: string, code = "the-code") =>
    follow(browser, new URL(`https://bot.test/manifest/callback?code=${code}&state=${state}`));

  it("becomes a connection, once, in the browser that began it", async () => {
    const maintainer = await world.signedIn("max", "maintainer");
    const state = await start(maintainer);
    expect(await finish(world.browser(), state)).toMatchObject({ status: 400 });
    expect(await finish(await world.signedIn("olga", "owner"), state)).toMatchObject({ status: 400 });
    expect(await finish(maintainer, state)).toMatchObject({
      status: 303,
      location: "https://forge.test/apps/ask/install",
    });
    expect(await finish(maintainer, state)).toMatchObject({ status: 400 });
    const { items } = await maintainer.call("listConnections", { params: { workspace: "main" } });
    expect(items).toMatchObject([
      {
        kind: "token",
        name: "Made app",
        status: { ok: true },
        secrets: [{ name: "token" }, { name: "webhookSecret" }],
      },
    ]);
  });

  it("says so when the server does not know the code", async () => {
    const maintainer = await world.signedIn("max", "maintainer");
    expect(await finish(maintainer, await start(maintainer), "wrong")).toMatchObject({
      status: 422,
      text: expect.stringContaining("The code is not known."),
    });
  });
});
