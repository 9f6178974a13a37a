import { createGitHub } from "@ask-openhands/bot/platforms/github/index.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import type { Spot } from "../contracts/platform-subject.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { startGitHubWorld } from "../contracts/subjects/github.ts";

type World = Awaited<ReturnType<typeof startGitHubWorld>>;

let world: World;
let bench: PlatformBench;
beforeEach(async () => {
  world = await startGitHubWorld();
  bench = createPlatformBench(createGitHub, world.connections.slice(0, 1));
});
afterEach(async () => {
  const { violations, unrouted } = world.requests;
  await world.close();
  expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
});

const hear = async (words: string): Promise<Mention> => {
  for (const sent of world.deliveries()) await bench.receive(sent);
  const mention = bench.heard.find(({ text }) => text.includes(words));
  if (!mention) throw new Error(`"${words}" was not heard`);
  return mention;
};
const open = (kind: "issue" | "pull-request" = "issue", text = ""): Promise<Spot> =>
  world.open(world.people.writer, kind, { title: "Crash", text });

describe("long talks", () => {
  it("are read from their newest pages, and our post is found on any of them", async () => {
    const spot = await open();
    await world.comment(world.people.writer, spot, "@openhands begin");
    const mention = await hear("begin");
    const posted = await bench.platform.post(mention.place, makeMessage("r1.early"), {
      reply: mention.reply,
    });
    for (let count = 1; count <= 620; count += 1)
      world.github.changes.comment(
        { id: 5, login: "chatty", type: "User" },
        world.github.state.issues[0] ?? fail(),
        `line ${count}`,
      );
    const { entries } = await bench.platform.thread(mention);
    expect(entries.at(-1)?.text).toBe("line 620");
    expect(entries.length).toBeGreaterThanOrEqual(400);
    expect(entries.length).toBeLessThanOrEqual(600);
    expect((await bench.platform.findPost(mention.place, "r1.early", { reply: mention.reply }))?.id).toBe(
      posted.id,
    );
  });
});

const fail = (): never => {
  throw new Error("nothing there");
};

describe("reviews", () => {
  it("whose asking part was deleted before its turn are told as gone", async () => {
    const pull = await open("pull-request");
    const said = await world.inline?.(world.people.writer, pull, "@openhands why this", {
      path: "a.ts",
      line: 1,
    });
    const mention = await hear("why this");
    if (said) await world.removeComment?.(world.people.writer, said);
    await expect(bench.platform.thread(mention)).rejects.toMatchObject({
      kind: "not-found",
      hint: "What asked for this was deleted before its turn came.",
    });
  });

  it("are read as they stand when their turn comes", async () => {
    const pull = await open("pull-request");
    const [first] =
      (await world.review?.(world.people.writer, pull, "@openhands see below", [
        "rename this",
        "and that",
      ])) ?? [];
    const mention = await hear("see below");
    if (first) await world.editComment?.(world.people.writer, first, "rename this to total");
    const { parts } = await bench.platform.thread(mention);
    expect(parts?.map(({ text }) => text)).toEqual([
      "@openhands see below",
      "rename this to total",
      "and that",
    ]);
  });

  it("get their answer in the conversation when the thread is gone", async () => {
    const pull = await open("pull-request");
    const said = await world.inline?.(world.people.writer, pull, "@openhands why this", {
      path: "a.ts",
      line: 1,
    });
    const mention = await hear("why this");
    if (said) await world.removeComment?.(world.people.writer, said);
    const posted = await bench.platform.post(mention.place, makeMessage("r1.gone"), { reply: mention.reply });
    expect(world.said(pull).find(({ id }) => id === posted.id)?.thread).toBeUndefined();
    expect((await bench.platform.findPost(mention.place, "r1.gone", { reply: mention.reply }))?.id).toBe(
      posted.id,
    );
    await bench.platform.editPost(mention.place, posted, makeMessage("r1.gone", "Done."));
    expect(world.said(pull).at(-1)?.text).toContain("Done.");
  });

  it("get their reactions on the comment, or on the pull request where only the review's own words ask", async () => {
    const pull = await open("pull-request");
    const [inline] =
      (await world.review?.(world.people.writer, pull, "@openhands in all", ["@openhands in one"])) ?? [];
    const whole = await hear("in all");
    await bench.platform.react?.(whole, "seen");
    expect(world.reactions?.(pull)).toEqual(["eyes"]);
    const one = bench.heard.find(({ text }) => text.includes("in one"));
    if (one) await bench.platform.react?.(one, "done");
    expect(inline && world.reactions?.(inline)).toEqual(["hooray"]);
  });
});

describe("pictures", () => {
  const id = "0f9c4e3a-1b2c-4d5e-8f90-a1b2c3d4e5f6";
  const picture = () => `![screen](https://${world.host}/user-attachments/assets/${id})`;

  it("of the ask and of the description are listed, and read without our credentials", async () => {
    const spot = await open("issue", "It is odd.");
    await world.comment(world.people.writer, spot, `@openhands look ${picture()}`);
    const mention = await hear("look");
    const { attachments = [] } = await bench.platform.thread(mention);
    expect(attachments).toMatchObject([{ type: "image/*", url: expect.stringContaining(id) }]);
    const before = world.github.http.calls.length;
    const read = await bench.platform.attachment?.(mention, attachments[0]?.url ?? "", 1_000);
    expect(read?.type).toBe("image/png");
    expect(Buffer.from(read?.bytes ?? []).toString()).toContain(id);
    const asked = world.github.http.calls.slice(before).find(({ path }) => path.startsWith("/private/"));
    expect(asked?.headers["authorization"]).toBeUndefined();
    await expect(bench.platform.attachment?.(mention, attachments[0]?.url ?? "", 5)).rejects.toMatchObject({
      kind: "bad-input",
    });
  });

  it("elsewhere are never fetched", async () => {
    const spot = await open();
    await world.comment(world.people.writer, spot, `@openhands look ![x](https://evil.example/assets/${id})`);
    const mention = await hear("look");
    await expect(
      bench.platform.attachment?.(mention, `https://evil.example/assets/${id}`, 1_000),
    ).rejects.toMatchObject({
      kind: "bad-input",
      hint: expect.stringContaining("not on GitHub's own servers"),
    });
    await expect(
      bench.platform.attachment?.(mention, "http://169.254.169.254/latest", 1_000),
    ).rejects.toMatchObject({ kind: "bad-input" });
  });
});
