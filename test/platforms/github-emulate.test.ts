import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type DemoGitHub, repository, startDemoGitHub } from "@ask-openhands/bot/cli/demo-github.ts";
import { createGitHub } from "@ask-openhands/bot/platforms/github/index.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { onBehalf } from "../support/on-behalf.ts";

/**
 * A second opinion beside our own fake: `emulate` is an independent GitHub (App sign-in, comments, pull requests, signed deliveries).
 * It has no reactions, no replies in review threads, no labels in deliveries, no list of deliveries and none of an installation's repositories, so those are not asked here.
 */
let github: DemoGitHub;
let bench: PlatformBench;
let receiver: Server;
let arrived: (() => void) | undefined;

beforeEach(async () => {
  github = await startDemoGitHub();
  bench = createPlatformBench(createGitHub, [github.connection]);
  receiver = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", async () => {
      const headers = Object.fromEntries(
        Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
      );
      const answer = await bench.receive({
        method: "POST",
        path: message.url ?? "",
        headers,
        bytes: Buffer.concat(chunks),
      });
      response.writeHead(answer.status).end(answer.body);
      arrived?.();
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, "127.0.0.1", listening));
  const { port } = receiver.address() as AddressInfo;
  await github.deliverTo(`http://127.0.0.1:${port}/webhooks/github`);
});
afterEach(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await github.close();
});

const heard = async (words: string): Promise<Mention> => {
  for (let looks = 0; looks < 50; looks += 1) {
    const found = bench.heard.find(({ text }) => text.includes(words));
    if (found) return found;
    await new Promise<void>((next) => {
      arrived = next;
      setTimeout(next, 100);
    });
  }
  throw new Error(`"${words}" was not heard`);
};

const ask = async (): Promise<Mention> => {
  const issue = await github.openIssue("The cart crashes", "`total([])` throws.");
  await github.say(issue.number, "I see it too.");
  await github.say(issue.number, "@openhands please fix this");
  return heard("please fix this");
};

describe("GitHub as emulate plays it", () => {
  it("delivers a comment that is signed, and heard with place and author", async () => {
    const mention = await ask();
    expect(mention).toMatchObject({
      way: "comment",
      author: { name: "you", kind: "person" },
      place: { kind: "issue", label: "#1", repository, host: new URL(github.url).host },
    });
  });

  it("lets us post, find and edit as the App, and delivers our own posts as our own", async () => {
    const mention = await ask();
    const options = { reply: mention.reply };
    const posted = await bench.platform.post(mention.place, makeMessage("r1.abc"), options);
    expect((await bench.platform.findPost(mention.place, "r1.abc", options))?.id).toBe(posted.id);
    await bench.platform.editPost(mention.place, posted, makeMessage("r1.abc", "Done."));
    expect((await github.comments(1)).at(-1)).toMatchObject({
      user: { login: "ask-openhands[bot]" },
      body: expect.stringContaining("Done."),
    });
    // Our new posts call nobody and are not even parsed; an edit always is.
    expect((await heard("Done.")).author.kind).toBe("self");
  });

  it("tells the rights of a member, and nothing of strangers", async () => {
    const mention = await ask();
    expect(await bench.platform.mayAsk(mention.author, mention.place)).toEqual({ may: true });
    const stranger = { ...mention.author, id: "999", name: "nobody" };
    expect(await bench.platform.mayAsk(stranger, mention.place)).toMatchObject({ may: false });
    const renamed = { ...mention.author, id: "999" };
    expect(await bench.platform.mayAsk(renamed, mention.place)).toMatchObject({ may: false });
  });

  it("gives the thread, the place by its address, and a token for one repository", async () => {
    const mention = await ask();
    const thread = await bench.platform.thread(mention);
    expect(thread).toMatchObject({
      title: "The cart crashes",
      description: { text: "`total([])` throws." },
      repository: { name: repository, defaultBranch: "main" },
    });
    expect(thread.entries.map(({ text }) => text)).toEqual(["I see it too."]);
    expect((await bench.platform.placeAt?.(mention.place.url, onBehalf()))?.key).toBe(mention.place.key);
    const facts = await bench.platform.findRepository?.(mention.place.host, repository, onBehalf());
    if (!facts) throw new Error("the repository was not found");
    expect(await bench.platform.agentToken?.(facts, onBehalf(), mention.place)).toMatchObject({
      name: "GITHUB_TOKEN",
      value: expect.stringMatching(/^ghs_/),
    });
  });

  it("shows the App's rights and where it is installed", async () => {
    const status = await bench.platform.inspect("demo-github");
    expect(status.account?.name).toBe("ask-openhands[bot]");
    expect(status.scopes.filter(({ state }) => state === "missing").map(({ name }) => name)).toEqual([
      "actions: read",
      "checks: read",
      "statuses: read",
    ]);
    expect(await bench.platform.installations?.list("demo-github")).toMatchObject([
      { account: "you", repositories: "all" },
    ]);
  });
});
