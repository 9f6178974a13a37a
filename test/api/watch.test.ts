import { hashToken } from "@ask-openhands/bot/people/tokens.ts";
import { readEvents } from "@ask-openhands/core/api/read-events.ts";
import type { LiveEvent } from "@ask-openhands/core/api/types.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeMention } from "../support/make-mention.ts";
import { type ApiWorld, createApiWorld } from "./api-world.ts";
import type { Browser } from "./browser.ts";
import { seed, seededRun, seedRun } from "./seed.ts";

/** Long enough to do something between the line and the first look, short enough to wait for. */
const watchEvery = 200;

let world: ApiWorld;
let ada: Browser & { readonly personId: string };
beforeEach(async () => {
  world = await createApiWorld({ watchEvery });
  await seed(world);
  ada = await world.signedIn("ada", "owner");
});
afterEach(() => world.end());

interface Line {
  readonly heard: readonly LiveEvent[];
  /** Resolves when the bot ends it. */
  readonly over: Promise<void>;
  until(holds: () => boolean): Promise<void>;
}

/** The line of a page, as it stands when its answer begins. */
const open = async (browser: Browser, workspace = "main"): Promise<Line> => {
  const response = await browser.raw(`/api/v1/workspaces/${workspace}/live`, {
    headers: { cookie: `__Host-session=${browser.cookie("__Host-session")}` },
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const heard: LiveEvent[] = [];
  const over = readEvents(response, (data) => heard.push(JSON.parse(data) as LiveEvent));
  return {
    heard,
    over,
    until: async (holds) => {
      for (let tries = 0; tries < 250 && !holds(); tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(holds(), JSON.stringify(heard)).toBe(true);
    },
  };
};

const finish = async (): Promise<void> => {
  const run = (await world.store.run(seededRun)) ?? expect.fail("no run");
  await world.store.accept({ ...makeMention(2), place: run.place });
  const work = (await world.store.claim("test", 60_000, world.clock.at)) ?? expect.fail("nothing to claim");
  const over = { ...run, state: "done", endedAt: world.clock.at, version: run.version + 1 } as const;
  await world.store.settle(work, { run: over }, world.clock.at);
};

const states = ({ heard }: Line): readonly string[] =>
  heard.flatMap((event) => (event.event === "run" ? event.run.state : []));

describe("watching", () => {
  it("tells runs as they change and end, and what else changed, until the bot ends it", async () => {
    const line = await open(ada);
    await seedRun(world);
    await line.until(() => states(line).includes("working"));
    await world.people.directory.write([{ put: "settings", id: "main", value: { values: { model: "x" } } }]);
    await line.until(() =>
      line.heard.some((event) => event.event === "changed" && event.what === "settings"),
    );
    await finish();
    await line.until(() => states(line).includes("done"));
    expect(states(line)).toEqual(["working", "done"]);
    world.api.close();
    await line.over;
  });

  it("tells the end of a run that ends before the first look", async () => {
    await seedRun(world);
    const line = await open(ada);
    await finish();
    await line.until(() => states(line).includes("done"));
    expect(states(line)).toEqual(["done"]);
  });

  it("tells a second page too, while the first one's line is only being put up", async () => {
    await seedRun(world);
    const lines = await Promise.all([open(ada), open(ada)]);
    await finish();
    for (const line of lines) await line.until(() => states(line).includes("done"));
  });

  it("tells a run that begins and ends between two looks, once", async () => {
    const line = await open(ada);
    await seedRun(world, { state: "done", queuedAt: world.clock.at, endedAt: world.clock.at });
    await line.until(() => states(line).includes("done"));
    await new Promise((resolve) => setTimeout(resolve, watchEvery * 3));
    expect(states(line)).toEqual(["done"]);
  });

  it("tells what changed in paired devices and tokens", async () => {
    const line = await open(ada);
    await ada.call("createToken", { body: { name: "Nightly", access: "read", days: 30 } });
    await line.until(() => line.heard.some((event) => event.event === "changed" && event.what === "devices"));
  });

  it("tells nothing to other workspaces", async () => {
    await world.people.directory.write([
      { put: "workspaces", id: "other", value: { name: "Other", createdAt: "2026-03-01T00:00:00.000Z" } },
    ]);
    const line = await open(await world.signedIn("eve", "owner", "other"), "other");
    const own = await open(ada);
    await seedRun(world);
    await own.until(() => states(own).includes("working"));
    expect(states(line)).toEqual([]);
  });

  it("ends at once for who is no member any more, signed out, or lost the token", async () => {
    const mia = await world.signedIn("mia", "member");
    const line = await open(mia);
    await ada.call("removeMember", { params: { workspace: "main", person: mia.personId } });
    await line.over;

    const signedOut = await open(ada);
    await world.people.sessions.end(hashToken(ada.cookie("__Host-session") ?? ""));
    await signedOut.over;

    const olga = await world.signedIn("olga", "owner");
    const { token, value } = await olga.call("createToken", {
      body: { name: "Watcher", access: "read", days: 30 },
    });
    const response = await world.browser().raw("/api/v1/workspaces/main/live", {
      headers: { authorization: `Bearer ${value}` },
    });
    const over = readEvents(response, () => undefined);
    await olga.call("deleteToken", { params: { token: token.id } });
    await over;
  });
});
