import { createGitHub } from "@ask-openhands/bot/platforms/github/index.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import { startGitHubWorld } from "../contracts/subjects/github.ts";

type World = Awaited<ReturnType<typeof startGitHubWorld>>;

let world: World;
beforeEach(async () => {
  world = await startGitHubWorld();
});
afterEach(async () => {
  const { violations, unrouted } = world.requests;
  await world.close();
  expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
});

const since = (): number => Date.now() - 60_000;
const ways = (mentions: readonly Mention[]): readonly string[] =>
  mentions.map(({ way, text }) => `${way}: ${text.split("\n")[0]}`).toSorted();

describe("what the App's deliveries did not bring", () => {
  it("is read from GitHub's own list of failed deliveries, and only from those", async () => {
    const bench = createPlatformBench(createGitHub, world.connections.slice(0, 1));
    const spot = await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    await world.comment(world.people.writer, spot, "@openhands arrived");
    world.loseDeliveries(true);
    await world.comment(world.people.writer, spot, "@openhands lost one");
    const pull = await world.open(world.people.writer, "pull-request", {
      title: "Fix",
      text: "@openhands lost two",
    });
    await world.review?.(world.people.writer, pull, "@openhands lost three", []);
    const labels = ["openhands"];
    await world.open(world.people.writer, "issue", { title: "Slow", text: "Lost four", labels });
    expect(ways(await bench.missed(since()))).toEqual([
      "comment: @openhands lost one",
      "description: @openhands lost two",
      "description: Lost four",
      "label: Lost four",
      "review: @openhands lost three",
    ]);
    expect(await bench.missed(Date.now() + 60_000)).toEqual([]);
  });

  it("is found on all pages of that list", async () => {
    const bench = createPlatformBench(createGitHub, world.connections.slice(0, 1));
    const spot = await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    world.loseDeliveries(true);
    await world.comment(world.people.writer, spot, "@openhands long ago");
    world.loseDeliveries(false);
    for (let count = 0; count < 120; count += 1) await world.comment(world.people.reader, spot, "chat");
    expect(ways(await bench.missed(since()))).toEqual(["comment: @openhands long ago"]);
  });

  it("is found behind hundreds of deliveries that arrived", async () => {
    const bench = createPlatformBench(createGitHub, world.connections.slice(0, 1));
    const spot = await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    world.loseDeliveries(true);
    await world.comment(world.people.writer, spot, "@openhands long ago");
    world.loseDeliveries(false);
    const [chat] = world.github.state.deliveries;
    if (chat === undefined) throw new Error("nothing was delivered");
    world.github.state.deliveries.unshift(...Array.from({ length: 450 }, () => ({ ...chat, status: 200 })));
    expect(ways(await bench.missed(since()))).toEqual(["comment: @openhands long ago"]);
  });

  it("is read again from the oldest on, and what is too much for one look is left to the next", async () => {
    const bench = createPlatformBench(createGitHub, world.connections.slice(0, 1));
    const spot = await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    world.loseDeliveries(true);
    await world.comment(world.people.writer, spot, "@openhands the first");
    await world.comment(world.people.writer, spot, "@openhands the last");
    const { deliveries } = world.github.state;
    const [last, first] = deliveries;
    if (last === undefined || first === undefined) throw new Error("nothing was delivered");
    const now = Date.now();
    const at = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
    const between = Array.from({ length: 499 }, () => ({ ...first, at: at(50) }));
    deliveries.splice(0, 2, { ...last, at: at(40) }, ...between, { ...first, at: at(60) });
    let left: number | undefined;
    const look = async (from: number): Promise<readonly string[]> => {
      left = undefined;
      const found = new Set<string>();
      const reached = (time: number): void => {
        left = time;
      };
      for await (const one of bench.platform.missed?.(from, reached) ?? [])
        if (one.heard === "mention") found.add(one.mention.text);
      return [...found];
    };
    expect(await look(now - 90 * 60_000)).toEqual(["@openhands the first"]);
    expect(left).toBe(Date.parse(at(40)));
    expect(await look(left ?? 0)).toEqual(["@openhands the last"]);
    expect(left).toBeUndefined();
    expect(bench.log.lines.filter(({ message }) => message.includes("one look"))).toHaveLength(1);
  }, 30_000);
});

describe("looking with a token", () => {
  let bench: PlatformBench;
  beforeEach(() => {
    bench = createPlatformBench(createGitHub, world.connections.slice(1));
  });

  it("finds comments, inline comments, reviews, descriptions, labels and assignments", async () => {
    const { writer } = world.people;
    const issue = await world.open(writer, "issue", {
      title: "Crash",
      text: "@openhands in the description",
    });
    await world.comment(writer, issue, "@openhands in a comment");
    const plain = await world.open(writer, "issue", { title: "Slow", text: "It is slow." });
    await world.setLabels?.(writer, plain, ["openhands"]);
    const machine = world.github.state.users.find(({ login }) => login === "openhands-machine");
    await world.assign?.(writer, plain, { id: String(machine?.id), name: "openhands-machine" });
    const pull = await world.open(writer, "pull-request", { title: "Fix", text: "" });
    await world.inline?.(writer, pull, "@openhands on a line", { path: "a.ts", line: 1 });
    await world.review?.(writer, pull, "@openhands in a review", []);
    expect(ways(await bench.missed(since()))).toEqual([
      "assignment: It is slow.",
      "comment: @openhands in a comment",
      "description: @openhands in the description",
      "inline: @openhands on a line",
      "label: It is slow.",
      "review: @openhands in a review",
    ]);
  });

  it("finds who calls our account by its name instead of the handle", async () => {
    const { writer } = world.people;
    const issue = await world.open(writer, "issue", {
      title: "Crash",
      text: "@openhands-machine in the description",
    });
    await world.comment(writer, issue, "@openhands-machine in a comment");
    await world.comment(writer, issue, "@openhands-machines is somebody else");
    const pull = await world.open(writer, "pull-request", { title: "Fix", text: "" });
    await world.inline?.(writer, pull, "@openhands-machine on a line", { path: "a.ts", line: 1 });
    await world.review?.(writer, pull, "@openhands-machine in a review", []);
    expect(ways(await bench.missed(since()))).toEqual([
      "comment: @openhands in a comment",
      "description: @openhands in the description",
      "inline: @openhands on a line",
      "review: @openhands in a review",
    ]);
  });

  it("gives the keys that a webhook would give", async () => {
    const heard = createPlatformBench(createGitHub, world.connections.slice(0, 1));
    const { writer } = world.people;
    const issue = await world.open(writer, "issue", {
      title: "Crash",
      text: "@openhands one",
      labels: ["openhands"],
    });
    await world.comment(writer, issue, "@openhands two");
    const pull = await world.open(writer, "pull-request", { title: "Fix", text: "" });
    await world.review?.(writer, pull, "@openhands three", ["@openhands four"]);
    for (const sent of world.deliveries()) await heard.receive(sent);
    const told = heard.heard.filter(({ text }) => text.includes("@openhands")).map(({ key }) => key);
    const found = (await bench.missed(since())).map(({ key }) => key);
    expect(new Set(found)).toEqual(new Set(told));
  });

  it("asks only for what changed when it looks again", async () => {
    const issue = await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    await world.comment(world.people.writer, issue, "@openhands one");
    expect(await bench.missed(since())).toHaveLength(1);
    const before = world.github.http.calls.length;
    expect(await bench.missed(since())).toEqual([]);
    const unchanged = world.github.http.calls.slice(before).filter(({ status }) => status === 304);
    expect(unchanged.length).toBeGreaterThanOrEqual(4);
    await world.comment(world.people.writer, issue, "@openhands two");
    expect(ways(await bench.missed(since()))).toContain("comment: @openhands two");
  });

  it("is repeated from the start when it was broken off or not stored", async () => {
    const issue = await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    await world.comment(world.people.writer, issue, "@openhands one");
    for await (const _ of bench.platform.missed?.(since()) ?? []) break;
    expect(await bench.missed(since())).toHaveLength(1);
    await world.comment(world.people.writer, issue, "@openhands two");
    world.fail({ path: "/api/v3/repos/:owner/:repo/issues/events", status: 502, times: 2 });
    await expect(bench.missed(since())).rejects.toMatchObject({ kind: "unavailable" });
    expect(ways(await bench.missed(since()))).toContain("comment: @openhands two");
  });

  it("takes for the asker of an assignment who made it, not whom it went to", async () => {
    const issue = await world.open(world.people.writer, "issue", { title: "Crash", text: "It crashes." });
    const machine = world.github.state.users.find(({ login }) => login === "openhands-machine");
    await world.assign?.(world.people.writer, issue, { id: String(machine?.id), name: "openhands-machine" });
    const found = (await bench.missed(since())).filter(({ way }) => way === "assignment");
    expect(found.map(({ author }) => author)).toMatchObject([{ id: world.people.writer.id, kind: "person" }]);
  });

  it("says once that it looks at thirty repositories and no more", async () => {
    await bench.renew("github-token", { settings: { repositories: "" } });
    const [shop] = world.github.state.repositories;
    if (shop === undefined) throw new Error("no repository");
    for (let count = 0; count < 31; count += 1)
      world.github.state.repositories.push({ ...shop, id: 9_000 + count, name: `shop-${count}` });
    await bench.missed(since());
    await bench.missed(since());
    const told = bench.log.lines.filter(({ message }) => message.includes("GITHUB_REPOSITORIES"));
    expect(told.map(({ fields }) => fields["polled"])).toEqual([30]);
  });

  it("hears the other repositories when one does not answer, and looks at the same time again", async () => {
    await bench.renew("github-token", { settings: { repositories: "acme/down, acme/shop" } });
    const issue = await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    await world.comment(world.people.writer, issue, "@openhands one");
    world.fail({ path: "/api/v3/repos/acme/down", status: 502, times: 2 });
    const heard: string[] = [];
    const look = async () => {
      for await (const one of bench.platform.missed?.(since()) ?? [])
        if (one.heard === "mention") heard.push(one.mention.text);
    };
    await expect(look()).rejects.toMatchObject({ kind: "unavailable" });
    expect(heard).toEqual(["@openhands one"]);
  });

  it("leaves a repository alone that was taken away, and still hears the others", async () => {
    await bench.renew("github-token", { settings: { repositories: "acme/gone, acme/shop" } });
    const issue = await world.open(world.people.writer, "issue", { title: "Crash", text: "" });
    await world.comment(world.people.writer, issue, "@openhands one");
    expect(await bench.missed(since())).toHaveLength(1);
  });

  it("does not take an old description for a new ask because somebody commented", async () => {
    const issue = await world.open(world.people.writer, "issue", {
      title: "Crash",
      text: "@openhands long ago",
    });
    const later = Date.now() + 30_000;
    await world.comment(world.people.reader, issue, "Any news?");
    expect(ways(await bench.missed(later))).toEqual([]);
  });

  it("is wanted while a token has no webhook secret", async () => {
    expect(bench.platform.polls?.()).toBe(true);
    await bench.renew("github-token", { secrets: { webhookSecret: "x".repeat(32) } });
    expect(bench.platform.polls?.()).toBe(false);
  });
});
