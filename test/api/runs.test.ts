import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePlace, makeRun } from "../support/make-mention.ts";
import { type ApiWorld, createApiWorld } from "./api-world.ts";
import { seed, seededParams, seededRun, seedRun } from "./seed.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  await seed(world);
});
afterEach(() => world.end());

const main = { workspace: "main" };
const url = "https://forge.test/acme/site/issues/7";
const linked = async (name: string, role: "owner" | "maintainer" | "member") => {
  const browser = await world.signedIn(name, role);
  await world.people.links.add(
    { platform: "forge", host: "forge.test", id: `acc-${name}`, name },
    browser.personId,
    "token",
  );
  return browser;
};

/** Runs in the store, oldest first. */
const storeRuns = async (count: number, connection: string): Promise<void> => {
  for (let index = 0; index < count; index += 1) {
    const id = `00000000-0000-4000-8000-${connection.length}${String(index).padStart(11, "0")}`;
    const place = makePlace(`${connection}-${index}`, { connection, title: `Title ${index}` });
    const { makeMention } = await import("../support/make-mention.ts");
    await world.store.accept(makeMention(`${connection}-${index}`, { place }));
    const work = await world.store.claim("test", 60_000, world.clock.at);
    if (work === undefined) throw new Error("nothing to claim");
    const run = makeRun(id, {
      place,
      queuedAt: 1_000 + index,
      state: index % 2 === 0 ? "done" : "failed",
      endedAt: 2_000,
      steps: [{ id: "s", at: 5, text: "read known-secret-value" }],
      stepCount: 1,
    });
    await world.store.settle(
      work,
      { run, read: work.unread.map(({ seq }) => ({ seq, outcome: "ran", run: id })) },
      world.clock.at,
    );
  }
};

describe("asking from the page", () => {
  const body = { url, text: "fix it", requestId: "click-0001" };

  it("hands the ask to the engine as the person's own account, once per click", async () => {
    const browser = await linked("ada", "member");
    const first = await browser.call("ask", {
      params: main,
      body: { ...body, branch: "dev", context: [{ kind: "lines", title: "src/a.ts:3", text: "a ``` b" }] },
    });
    expect(first).toMatchObject({ accepted: "new", place: { label: "#7", repository: "acme/site" } });
    expect(await browser.call("ask", { params: main, body })).toMatchObject({
      accepted: "known",
      key: first.key,
    });
    const stored = await world.store.mention(first.key);
    expect(stored?.mention).toMatchObject({
      way: "button",
      person: browser.personId,
      author: { id: "acc-ada", name: "ada", kind: "person" },
      chosen: { branch: "dev" },
    });
    expect(stored?.mention.text).toBe("fix it\n\nSelected lines:\n````\nsrc/a.ts:3\na ``` b\n````");
    expect(await browser.call("getAsk", { params: main, query: { key: first.key } })).toMatchObject({
      accepted: "known",
    });
    const other = await linked("bob", "member");
    expect(await other.problem("getAsk", { params: main, query: { key: first.key } })).toMatchObject({
      status: 404,
    });
  });

  it("is refused without a linked account, by the lists, by the platform, and where nothing is connected", async () => {
    const unlinked = await world.signedIn("eve", "owner");
    expect(await unlinked.problem("ask", { params: main, body })).toMatchObject({
      status: 403,
      type: "urn:ask-openhands:problem:account-not-linked",
      host: "forge.test",
    });
    const ada = await linked("ada", "member");
    expect(
      await ada.problem("ask", {
        params: main,
        body: { ...body, url: "https://elsewhere.test/acme/site/issues/7" },
      }),
    ).toMatchObject({ status: 422, cure: expect.stringContaining("elsewhere.test") });
    await unlinked.call("changeSettings", { params: main, body: { values: { blockedPeople: "ada" } } });
    expect(await ada.problem("ask", { params: main, body })).toMatchObject({
      status: 403,
      detail: expect.stringContaining("blocked"),
    });
    await unlinked.call("changeSettings", { params: main, body: { values: { blockedPeople: null } } });
    expect(await ada.problem("ask", { params: main, body: { ...body, agent: "nobody" } })).toMatchObject({
      status: 422,
      fields: [{ field: "agent" }],
    });
    world.forge.permission = { may: false, why: "You may not write to acme/site.", cure: "Ask its owner." };
    expect(await ada.problem("ask", { params: main, body })).toMatchObject({
      status: 403,
      detail: "You may not write to acme/site.",
      cure: "Ask its owner.",
    });
    expect((await world.store.counts()).unread).toBe(0);
  });

  it("does not reach through the connection of another workspace", async () => {
    await world.people.directory.write([
      { put: "workspaces", id: "other", value: { name: "Other", createdAt: new Date(0).toISOString() } },
    ]);
    const stranger = await world.signedIn("stranger", "owner", "other");
    await world.people.links.add(
      { platform: "forge", host: "forge.test", id: "acc-s", name: "stranger" },
      stranger.personId,
      "token",
    );
    expect(await stranger.problem("ask", { params: { workspace: "other" }, body })).toMatchObject({
      status: 422,
    });
    expect(await stranger.call("getPlace", { params: { workspace: "other" }, query: { url } })).toMatchObject(
      { ask: { may: "no" }, runs: [] },
    );
  });
});

describe("runs", () => {
  it("are listed newest first, page by page, of this workspace only, with secrets taken out", async () => {
    await world.people.directory.write([
      {
        put: "connections",
        id: "conn-other",
        value: {
          ...(world.people.directory.get("connections", seededParams.connection)?.value ?? expect.fail()),
          owner: { kind: "workspace", id: "other" },
        },
      },
    ]);
    await storeRuns(25, seededParams.connection);
    await storeRuns(5, "conn-other");
    const browser = await world.signedIn("ada", "member");
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await browser.call("listRuns", {
        params: main,
        query: { limit: 10, ...(cursor === undefined ? {} : { cursor }) },
      });
      seen.push(...page.runs.map(({ place }) => place.title ?? ""));
      expect(JSON.stringify(page)).not.toContain("known-secret-value");
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => `Title ${24 - index}`));
    expect(
      (
        await browser.call("listRuns", { params: main, query: { state: "failed", text: "title 1" } })
      ).runs.map(({ place }) => place.title),
    ).toEqual(["Title 19", "Title 17", "Title 15", "Title 13", "Title 11", "Title 1"]);
    expect((await browser.call("listRuns", { params: main, query: { asker: "me" } })).runs).toEqual([]);
    for (const query of [{ cursor: "nonsense" }, { state: "sleeping" }, { limit: 0 }])
      expect((await browser.problem("listRuns", { params: main, query })).status, JSON.stringify(query)).toBe(
        400,
      );
  });

  it("stop by their asker's account or by a maintainer without one, and by nobody else", async () => {
    await seedRun(world);
    const params = { run: seededRun };
    const [maintainer, member] = [
      await world.signedIn("max", "maintainer"),
      await world.signedIn("mia", "member"),
    ];
    expect(await member.problem("stopRun", { params })).toMatchObject({ status: 403 });
    expect(await maintainer.call("getRun", { params })).toMatchObject({
      state: "working",
      may: { stop: true, retry: false, say: false },
    });
    expect(await maintainer.call("stopRun", { params })).toMatchObject({ accepted: "new" });
    const work = await world.store.claim("test", 60_000, world.clock.at);
    expect(work?.unread.map(({ mention }) => [mention.text, mention.person, mention.author.name])).toEqual([
      ["stop", maintainer.personId, "max"],
    ]);
  });

  it("that are over are retried and talked to, not stopped", async () => {
    await seedRun(world, { state: "failed", endedAt: 5 });
    const params = { run: seededRun };
    const ada = await linked("ada", "member");
    expect(await ada.problem("stopRun", { params })).toMatchObject({ status: 409 });
    await ada.call("retryRun", { params });
    await ada.call("sayToRun", { params, body: { text: "use the other branch" } });
    const work = await world.store.claim("test", 60_000, world.clock.at);
    expect(work?.unread.map(({ mention }) => mention.text)).toEqual(["retry", "use the other branch"]);
  });
});

describe("the status of a place", () => {
  it("tells connection, scopes, webhook, right and runs", async () => {
    const ada = await linked("ada", "maintainer");
    const status = await ada.call("getPlace", { params: main, query: { url } });
    expect(status).toMatchObject({
      place: { platformName: "Forge", label: "#7" },
      connection: {
        id: seededParams.connection,
        ok: true,
        account: "ada",
        scopes: [{ name: "api", state: "present" }],
      },
      identity: { name: "ada" },
      hook: { state: "missing", resource: "r1", mayInstall: true },
      ask: { may: "yes" },
      runs: [],
    });
    const member = await world.signedIn("mia", "member");
    expect(await member.call("getPlace", { params: main, query: { url } })).toMatchObject({
      hook: { mayInstall: false },
      ask: { may: "after-linking" },
    });
  });
});
