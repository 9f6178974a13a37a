import { Failure } from "@ask-openhands/core/failure.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { describe, expect, it } from "vitest";
import type { Said, Spot } from "../contracts/platform-subject.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { type Bench, createScenes, type World } from "./gitlab-bench.ts";

const start = createScenes();

const hear = async (world: World, bench: Bench): Promise<Mention> => {
  for (const sent of world.deliveries()) await bench.receive(sent);
  const mention = bench.heard.at(-1);
  if (mention === undefined) throw new Error("nothing was heard");
  return mention;
};

const open = (world: World, kind: "issue" | "pull-request", confidential = false): Promise<Spot> =>
  world.open(world.people.writer, kind, { title: "Checkout fails", text: "It says no.", confidential });

const failureOf = async (asking: Promise<unknown>): Promise<Failure> => {
  const error = await asking.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return error;
  throw new Error(`expected a Failure, got ${String(error)}`);
};

describe("what we say on GitLab", () => {
  it("stands in the discussion that asked, is found by its marker and edited in place", async () => {
    const { world, bench, writer } = await start();
    const request = await open(world, "pull-request");
    const asked = await world.inline?.(writer, request, "@openhands simplify", {
      path: "src/cart.ts",
      line: 17,
    });
    const mention = await hear(world, bench);
    const options = { reply: mention.reply };
    const { platform } = bench;

    expect(await platform.findPost(mention.place, "m1", options)).toBeUndefined();
    const ref = await platform.post(mention.place, makeMessage("m1"), options);
    expect(await platform.findPost(mention.place, "m1", options)).toEqual(ref);
    await platform.editPost(mention.place, ref, makeMessage("m1", "Done."));

    const posts = world.said(request).filter(({ author }) => author.id === world.people.self.id);
    expect(posts).toHaveLength(1);
    expect(posts[0]?.thread).toBe(asked?.thread);
    expect(posts[0]?.text).toContain("Done.");
    expect(posts[0]?.text).toContain("<!-- ask-openhands:m1 -->");
  });

  it("turns a single comment into a thread, as answering does on GitLab", async () => {
    const { world, bench, writer } = await start();
    const issue = await open(world, "issue");
    await world.comment(writer, issue, "@openhands fix");
    const mention = await hear(world, bench);
    await bench.platform.post(mention.place, makeMessage("m1"), { reply: mention.reply });
    const [asked, answer] = world.said(issue);
    expect(answer?.thread).toBe(asked?.thread);
    expect(answer?.thread).toBeDefined();
  });

  it("is not taken for found when somebody else copied the marker", async () => {
    const { world, bench, writer } = await start();
    const issue = await open(world, "issue");
    await world.comment(writer, issue, "<!-- ask-openhands:m1 -->\n@openhands fix");
    const mention = await hear(world, bench);
    expect(await bench.platform.findPost(mention.place, "m1", { reply: {} })).toBeUndefined();
  });

  it("is found behind two hundred comments, and never called missing when GitLab does not answer", async () => {
    const { world, bench, writer } = await start();
    const issue = await open(world, "issue");
    await world.comment(writer, issue, "@openhands fix");
    const mention = await hear(world, bench);
    const ref = await bench.platform.post(mention.place, makeMessage("m1"), { reply: {} });
    for (let count = 0; count < 210; count += 1) await world.comment(writer, issue, `chatter ${count}`);
    expect(await bench.platform.findPost(mention.place, "m1", { reply: {} })).toMatchObject({ id: ref.id });
    world.fail({ method: "GET", path: /notes$/, status: 503, times: Number.POSITIVE_INFINITY });
    expect(await failureOf(bench.platform.findPost(mention.place, "m1", { reply: {} }))).toMatchObject({
      kind: "unavailable",
    });
  });

  it("answers an internal comment internally, and a confidential issue in the issue", async () => {
    const { world, bench, writer } = await start();
    const issue = await open(world, "issue");
    const { fake } = world;
    const [one] = fake.state.issuables;
    const [user] = fake.state.users;
    if (one === undefined || user === undefined) throw new Error("nothing opened");
    const note = fake.acts.addNote(one, user, "@openhands between us", { internal: true });
    await fake.acts.settled();
    const mention = await hear(world, bench);
    expect(mention.place.confidential).toBe(true);

    await bench.platform.post(mention.place, makeMessage("m1"), { reply: mention.reply });
    // The discussion is gone by the second answer: it must not come out in the open.
    fake.acts.removeNote(one, note);
    await bench.platform.post(mention.place, makeMessage("m2"), {
      reply: { ...mention.reply, discussion: "gone" },
    });
    expect(one.notes.map(({ internal }) => internal)).toEqual([true, true]);

    const secret = await open(world, "issue", true);
    await world.comment(writer, secret, "@openhands quietly");
    const inSecret = await hear(world, bench);
    expect(inSecret.place).toMatchObject({ confidential: true, url: secret.url });
    await bench.platform.post(inSecret.place, makeMessage("m3"), { reply: inSecret.reply });
    expect(world.said(secret)).toHaveLength(2);
    expect(issue.url).not.toBe(secret.url);
  });

  it("reacts to the comment or, for a label, to the issue, and minds no reaction that is there", async () => {
    const { world, bench, writer } = await start();
    const issue = await open(world, "issue");
    const said: Said = await world.comment(writer, issue, "@openhands fix");
    const mention = await hear(world, bench);
    await bench.platform.react?.(mention, "seen");
    await bench.platform.react?.(mention, "seen");
    await bench.platform.react?.(mention, "done");
    expect(world.reactions?.(said)).toEqual(["eyes", "white_check_mark"]);
    await world.setLabels?.(writer, issue, ["openhands"]);
    await bench.platform.react?.(await hear(world, bench), "seen");
    expect(world.reactions?.(issue)).toEqual(["eyes"]);
  });

  it("tells of a deleted report, of limits with their end, and of lost tokens in a sentence", async () => {
    const { world, bench, writer } = await start();
    const issue = await open(world, "issue");
    await world.comment(writer, issue, "@openhands fix");
    const { place, reply } = await hear(world, bench);
    const ref = await bench.platform.post(place, makeMessage("m1"), { reply });
    const mine = world.said(issue).find(({ id }) => id === ref.id);
    if (mine) await world.removeComment?.(writer, mine);
    expect(await failureOf(bench.platform.editPost(place, ref, makeMessage("m1")))).toMatchObject({
      kind: "not-found",
    });

    world.fail({ method: "POST", path: /notes$/, status: 429, retryAfter: 40 });
    const limited = await failureOf(bench.platform.post(place, makeMessage("m2"), { reply }));
    expect(limited.kind).toBe("rate-limited");
    expect((limited.retryAt ?? 0) - Date.now()).toBeGreaterThan(35_000);

    world.fail({ method: "POST", path: /notes$/, status: 401, json: { message: "401 Unauthorized" } });
    expect(await failureOf(bench.platform.post(place, makeMessage("m2"), { reply }))).toMatchObject({
      kind: "bad-credentials",
    });
    world.fail({ method: "POST", path: /notes$/, html: true });
    const page = await failureOf(bench.platform.post(place, makeMessage("m2"), { reply }));
    expect(page.hint).toContain("web page instead of data");
    const token = world.connections[0]?.secrets["token"] ?? "";
    expect(JSON.stringify([limited.hint, page.hint, bench.log.lines])).not.toContain(token);
  });
});
