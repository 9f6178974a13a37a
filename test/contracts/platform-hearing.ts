import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { expect } from "vitest";
import { makeMessage, type Tools } from "./platform-tools.ts";

const keysOf = (mentions: readonly Mention[]): readonly string[] => [
  ...new Set(mentions.map(({ key }) => key)),
];
const withWords = (mentions: readonly Mention[], words: string): readonly Mention[] =>
  mentions.filter(({ text }) => text.includes(words));
const byWay = (mentions: readonly Mention[], way: Mention["way"]): readonly Mention[] =>
  mentions.filter((one) => one.way === way);

/** What a person does at a place arrives once, with the right place and author. */
export function hearing({ subject, feature, always }: Tools): void {
  feature(
    "mention in a comment",
    "a comment is heard with its place and its author, on every kind of place",
    async ({ world, open, hear }) => {
      for (const kind of subject.kinds) {
        const spot = await open(kind);
        await world.comment(world.people.writer, spot, "@openhands please fix this");
        const heard = withWords(await hear(), "please fix this");
        expect(keysOf(heard)).toHaveLength(1);
        expect(heard[0]).toMatchObject({
          change: "new",
          place: { platform: subject.id, host: world.host, kind, url: spot.url },
          author: {
            platform: subject.id,
            id: world.people.writer.id,
            name: world.people.writer.name,
            kind: "person",
          },
        });
        expect(heard[0]?.text).toContain("@openhands");
        expect(heard[0]?.place.connection).toBe(world.connections[0]?.connection.id);
        expect(Number.isNaN(Date.parse(heard[0]?.at ?? ""))).toBe(false);
        if (world.repository) expect(heard[0]?.place.repository).toBe(world.repository);
      }
    },
  );

  always(
    "one thing has one key, told any number of times; two things have two, at one place",
    async ({ world, bench, open, hear }) => {
      const spot = await open();
      await world.comment(world.people.writer, spot, "@openhands first");
      const first = world.deliveries();
      for (const sent of [...first, ...first]) expect((await bench.receive(sent)).status).toBe(200);
      const heard = withWords(bench.heard, "first");
      expect(heard.length).toBeGreaterThan(1);
      expect(keysOf(heard)).toHaveLength(1);
      await world.comment(world.people.reader, spot, "@openhands second");
      const second = withWords(await hear(), "second");
      expect(second[0]?.key).not.toBe(heard[0]?.key);
      expect(second[0]?.place.key).toBe(heard[0]?.place.key);
      expect(second[0]?.author.id).toBe(world.people.reader.id);
    },
  );

  feature(
    "mention in the description",
    "a description is heard when it is written",
    async ({ world, kind, hear }) => {
      await world.open(world.people.writer, kind, { title: "Crash", text: "@openhands find out why" });
      const heard = byWay(await hear(), "description");
      expect(keysOf(heard)).toHaveLength(1);
      expect(heard[0]).toMatchObject({ author: { id: world.people.writer.id } });
      expect(heard[0]?.text).toContain("@openhands find out why");
    },
  );

  feature(
    "mention in an inline comment",
    "a comment on a line of code tells file and line",
    async ({ world, open, hear }) => {
      const spot = await open();
      await world.inline?.(world.people.writer, spot, "@openhands why this", {
        path: "src/cart.ts",
        line: 2,
      });
      const heard = withWords(await hear(), "why this");
      expect(keysOf(heard)).toHaveLength(1);
      expect(heard[0]).toMatchObject({ way: "inline", spot: { path: "src/cart.ts", line: 2 } });
    },
  );

  feature(
    "several mentions in one review are one ask",
    "a review with several mentions has one key",
    async ({ world, open, hear }) => {
      const spot = await open();
      await world.review?.(world.people.writer, spot, "@openhands in all", [
        "@openhands in one",
        "@openhands in two",
      ]);
      const heard = withWords(await hear(), "@openhands in");
      expect(heard).toHaveLength(3);
      expect(keysOf(heard)).toHaveLength(1);
    },
  );

  feature(
    "label",
    "a label asks when it is added, again when it is added again, and never because it is still there",
    async ({ world, open, hear }) => {
      const spot = await open();
      const add = async (labels: readonly string[]) => {
        await world.setLabels?.(world.people.writer, spot, labels);
        return byWay(await hear(), "label");
      };
      const added = await add(["bug", "OpenHands", "urgent", "cart"]);
      expect(keysOf(added)).toHaveLength(1);
      expect(added[0]).toMatchObject({
        author: { id: world.people.writer.id, kind: "person" },
        place: { url: spot.url },
      });
      expect(await add(["bug", "OpenHands", "urgent"])).toEqual([]);
      await world.touch?.(world.people.writer, spot);
      expect(byWay(await hear(), "label")).toEqual([]);
      expect(await add(["bug"])).toEqual([]);
      const again = await add(["bug", "openhands"]);
      expect(keysOf(again)).toHaveLength(1);
      expect(again[0]?.key).not.toBe(added[0]?.key);
    },
  );

  feature(
    "label at creation",
    "a label that is there from the start asks once",
    async ({ world, kind, hear }) => {
      await world.open(world.people.writer, kind, { title: "Crash", text: "", labels: ["bug", "openhands"] });
      expect(keysOf(byWay(await hear(), "label"))).toHaveLength(1);
    },
  );

  feature(
    "assignment",
    "assigning our account asks, assigning somebody else does not",
    async ({ world, open, hear }) => {
      const spot = await open(subject.kinds[0]);
      await world.assign?.(world.people.writer, spot, world.people.reader);
      expect(byWay(await hear(), "assignment")).toEqual([]);
      await world.assign?.(world.people.writer, spot, world.people.self);
      const heard = byWay(await hear(), "assignment");
      expect(keysOf(heard)).toHaveLength(1);
      expect(heard[0]).toMatchObject({ author: { id: world.people.writer.id } });
    },
  );

  feature(
    "edited ask",
    "an edit is told as an edit of the same thing",
    async ({ world, open, ask, hear }) => {
      const spot = await open();
      const { mention, said } = await ask(spot, "@openhands fix the cart");
      await world.editComment?.(world.people.writer, said, "@openhands fix the cart and the bill");
      const edited = withWords(await hear(), "and the bill");
      expect(keysOf(edited)).toEqual([mention.key]);
      expect(edited[0]?.change).toBe("edited");
    },
  );

  feature(
    "deleted ask",
    "a deletion is told as one of the same thing",
    async ({ world, open, ask, hear }) => {
      const spot = await open();
      const { mention, said } = await ask(spot);
      await world.removeComment?.(world.people.writer, said);
      const gone = (await hear()).filter(({ change }) => change === "deleted");
      expect(keysOf(gone)).toEqual([mention.key]);
    },
  );

  always("our own posts are told apart from people's", async ({ platform, open, ask, hear }) => {
    const spot = await open();
    const { mention } = await ask(spot);
    await platform.post(mention.place, makeMessage("r1.own", "Say @openhands stop to stop."), {
      reply: mention.reply,
    });
    const own = withWords(await hear(), "to stop");
    expect(own.filter(({ author }) => author.kind !== "self")).toEqual([]);
  });

  feature(
    "other bots recognised",
    "posts of other bots are told apart from people's",
    async ({ world, open, hear }) => {
      const spot = await open();
      await world.comment(world.people.bot, spot, "@openhands says the other bot");
      const other = withWords(await hear(), "says the other bot");
      // Heard all the same: a workspace may allow a bot by name.
      expect([...new Set(other.map(({ author }) => author.kind))]).toEqual(["bot"]);
    },
  );
}
