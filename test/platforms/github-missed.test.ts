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
      labels: ["openhands"],
    });
    await world.review?.(world.people.writer, pull, "@openhands lost three", []);
    expect(ways(await bench.missed(since()))).toEqual([
      "comment: @openhands lost one",
      "description: @openhands lost two",
      "label: @openhands lost two",
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
    await world.setLabels?.(writer, issue, ["openhands"]);
    const machine = world.github.state.users.find(({ login }) => login === "openhands-machine");
    await world.assign?.(writer, issue, { id: String(machine?.id), name: "openhands-machine" });
    const pull = await world.open(writer, "pull-request", { title: "Fix", text: "" });
    await world.inline?.(writer, pull, "@openhands on a line", { path: "a.ts", line: 1 });
    await world.review?.(writer, pull, "@openhands in a review", []);
    expect(ways(await bench.missed(since()))).toEqual([
      "assignment: @openhands in the description",
      "comment: @openhands in a comment",
      "description: @openhands in the description",
      "inline: @openhands on a line",
      "label: @openhands in the description",
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
