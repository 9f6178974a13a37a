import { Failure } from "@ask-openhands/core/failure.ts";
import { expect } from "vitest";
import { makeMessage, type Tools } from "./platform-tools.ts";

const failureOf = async (promise: Promise<unknown>): Promise<Failure> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("expected a Failure");
};

/** Posts are ours, found again, edited in place, and never lost or doubled by trouble on the way. */
export function speaking({ feature, always }: Tools): void {
  feature(
    "report edited in place",
    "a post is found by its marker and edited where it stands",
    async ({ world, platform, open, ask }) => {
      const spot = await open();
      const { mention } = await ask(spot);
      const options = { reply: mention.reply };
      const before = world.said(spot).length;
      const posted = await platform.post(mention.place, makeMessage("r1.abc"), options);
      expect((await platform.findPost(mention.place, "r1.abc", options))?.id).toBe(posted.id);
      expect(await platform.findPost(mention.place, "r1.abcd", options)).toBeUndefined();
      const edited = await platform.editPost(mention.place, posted, makeMessage("r1.abc", "Done."));
      expect(edited.id).toBe(posted.id);
      await platform.editPost(mention.place, edited, makeMessage("r1.abc", "Done and dusted."));
      const own = world.said(spot).filter(({ author }) => author.id === world.people.self.id);
      expect(world.said(spot)).toHaveLength(before + 1);
      expect(own).toHaveLength(1);
      expect(own[0]?.text).toContain("Done and dusted.");
      expect(own[0]?.text).not.toContain("Working on it.");
      expect((await platform.findPost(mention.place, "r1.abc", options))?.id).toBe(posted.id);
    },
  );

  always("a marker that somebody else copied is not ours", async ({ world, platform, open, ask }) => {
    const spot = await open();
    const { mention } = await ask(spot);
    const options = { reply: mention.reply };
    await platform.post(mention.place, makeMessage("r1.abc"), options);
    const own = world.said(spot).find(({ author }) => author.id === world.people.self.id);
    if (!own) throw new Error("our post is missing");
    await world.comment(world.people.reader, spot, own.text);
    await world.removeComment?.(world.people.writer, own);
    const found = await platform.findPost(mention.place, "r1.abc", options);
    expect(found?.id).toBe(world.removeComment ? undefined : own.id);
  });

  always("editing what somebody deleted is told as not found", async ({ world, platform, open, ask }) => {
    if (!world.removeComment) return;
    const spot = await open();
    const { mention } = await ask(spot);
    const posted = await platform.post(mention.place, makeMessage("r1.abc"), { reply: mention.reply });
    const own = world.said(spot).find(({ author }) => author.id === world.people.self.id);
    if (own) await world.removeComment(world.people.writer, own);
    expect((await failureOf(platform.editPost(mention.place, posted, makeMessage("r1.abc", "x")))).kind).toBe(
      "not-found",
    );
  });

  always("a post whose answer was lost is found, not doubled", async ({ world, platform, open, ask }) => {
    const spot = await open();
    const { mention } = await ask(spot);
    const options = { reply: mention.reply };
    // Whatever the platform asks before it posts is asked before the trouble begins.
    await platform.findPost(mention.place, "r1.none", options);
    world.fail({ method: "POST", dropAfterEffect: true });
    expect((await failureOf(platform.post(mention.place, makeMessage("r1.lost"), options))).passing).toBe(
      true,
    );
    expect(await platform.findPost(mention.place, "r1.lost", options)).toBeDefined();
    const own = world.said(spot).filter(({ author }) => author.id === world.people.self.id);
    expect(own).toHaveLength(1);
  });

  always(
    "a message of any length is clipped to what the platform takes",
    async ({ world, platform, open, ask }) => {
      const spot = await open();
      const { mention } = await ask(spot);
      const markdown = `${"A long line with **bold** words, `code` and a [link](https://example.com).\n\n".repeat(4000)}The end.`;
      const long = makeMessage("r1.long", "", {
        blocks: [
          { type: "status", state: "done", text: "Done" },
          { type: "markdown", markdown },
        ],
      });
      const posted = await platform.post(mention.place, long, { reply: mention.reply });
      await platform.editPost(mention.place, posted, long);
      const own = world.said(spot).find(({ author }) => author.id === world.people.self.id);
      expect(own?.text.length).toBeGreaterThan(1000);
      expect(own?.text.length).toBeLessThanOrEqual(platform.bodyLimit);
      expect(await platform.findPost(mention.place, "r1.long", { reply: mention.reply })).toBeDefined();
    },
  );

  always("a message with every kind of block is taken", async ({ world, platform, open, ask }) => {
    const spot = await open();
    const { mention } = await ask(spot);
    const message = makeMessage("r1.all", "", {
      notify: [mention.author],
      blocks: [
        { type: "status", state: "working", text: "Working" },
        { type: "text", text: "A <b>sentence</b> with *marks* & more." },
        { type: "markdown", markdown: "# Title\n\n- one\n- two\n\n```ts\nconst a = 1;\n```" },
        {
          type: "tasks",
          tasks: [
            { title: "Look", state: "done" },
            { title: "Mend", state: "doing" },
            { title: "Test", state: "todo" },
          ],
        },
        { type: "steps", steps: [{ id: "1", at: 0, text: "Ran `npm test`" }], earlier: 3 },
        { type: "links", links: [{ label: "Conversation", url: "https://openhands.example/c/1" }] },
        { type: "table", head: ["Setting", "Value"], rows: [["handles", "@openhands"]] },
        { type: "facts", facts: ["4 min", "12 steps", "$0.31"] },
      ],
    });
    await platform.post(mention.place, message, { reply: mention.reply });
    const own = world.said(spot).find(({ author }) => author.id === world.people.self.id);
    for (const words of ["Working", "sentence", "Mend", "npm test", "Conversation", "handles", "12 steps"])
      expect(own?.text).toContain(words);
  });

  feature(
    "answer in the same thread",
    "an answer goes to the thread that the ask stands in",
    async ({ world, platform, open, hear }) => {
      const spot = await open();
      const said = world.inline
        ? await world.inline(world.people.writer, spot, "@openhands why this", {
            path: "src/cart.ts",
            line: 2,
          })
        : await world.comment(world.people.writer, spot, "@openhands why this");
      const mention = (await hear()).find(({ text }) => text.includes("why this"));
      if (!mention) throw new Error("not heard");
      const options = { reply: mention.reply };
      const posted = await platform.post(mention.place, makeMessage("r1.thread"), options);
      const own = world.said(spot).find(({ author }) => author.id === world.people.self.id);
      expect(own?.thread).toBe(said.thread ?? said.id);
      expect((await platform.findPost(mention.place, "r1.thread", options))?.id).toBe(posted.id);
      await platform.editPost(mention.place, posted, makeMessage("r1.thread", "Because of the list."));
      expect(world.said(spot).find(({ author }) => author.id === world.people.self.id)?.text).toContain(
        "Because of the list.",
      );
    },
  );

  feature(
    "reaction",
    "what was asked gets a reaction when it is seen, and may get it twice",
    async ({ world, platform, open, ask }) => {
      const spot = await open();
      const { mention, said } = await ask(spot);
      await platform.react?.(mention, "seen");
      await platform.react?.(mention, "seen");
      expect(world.reactions?.(said)).toHaveLength(1);
      await platform.react?.(mention, "done");
      expect(world.reactions?.(said).length).toBeGreaterThanOrEqual(1);
    },
  );

  always(
    "a limit is told with the time to go on, other trouble as passing or not, each in one sentence",
    async ({ world, platform, bench, open, ask }) => {
      const spot = await open();
      const { mention } = await ask(spot);
      const post = () => platform.post(mention.place, makeMessage("r1.abc"), { reply: mention.reply });
      await platform.findPost(mention.place, "r1.none", { reply: mention.reply });
      world.fail({ method: "POST", status: 429, retryAfter: 7, times: 1 });
      const limited = await failureOf(post());
      expect(limited.kind).toBe("rate-limited");
      expect((limited.retryAt ?? 0) - Date.now()).toBeGreaterThan(5_000);
      bench.pass(8_000);
      world.fail({ method: "POST", status: 503, times: 1 });
      expect((await failureOf(post())).passing).toBe(true);
      world.fail({ method: "POST", status: 403, times: 1 });
      const refused = await failureOf(post());
      expect([refused.kind, refused.passing]).toEqual(["not-allowed", false]);
      world.fail({ method: "POST", html: true, times: 1 });
      expect((await failureOf(post())).kind).toBe("unexpected-reply");
      for (const { hint } of [limited, refused]) expect(hint).toMatch(/^[A-Z"].*\.$/s);
      const secrets = world.connections.flatMap((one) => Object.values(one.secrets));
      for (const secret of secrets)
        expect(JSON.stringify([limited.hint, refused.hint])).not.toContain(secret);
    },
  );
}
