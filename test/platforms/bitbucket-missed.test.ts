import { describe, expect, it } from "vitest";
import { makeMessage } from "../contracts/platform-tools.ts";
import { startBitbucketWorld } from "../fakes/bitbucket/world.ts";
import { benchOf, createScenes } from "./bitbucket-bench.ts";

const minute = 60_000;

describe.each(["cloud", "dc"] as const)("asking Bitbucket (%s) what was missed", (flavour) => {
  const scene = createScenes(flavour);

  it("finds what deliveries would have told, under the same keys, in the same threads", async () => {
    const { world, bench, one } = await scene();
    const { writer, reader } = world.people;
    const opened = await world.open(writer, "pull-request", {
      title: "Round",
      text: "@openhands review this",
    });
    await bench.receive(one());
    await world.comment(reader, opened, "@openhands and the totals");
    await bench.receive(one());
    const inline = await world.inline?.(writer, opened, "Odd.", { path: "src/cart.ts", line: 2 });
    if (!inline || !world.reply) throw new Error("no inline comments");
    await bench.receive(one());
    await world.reply(reader, inline, "@openhands explain it");
    await bench.receive(one());

    const found = await bench.missed(Date.now() - minute);
    const told = ({ key, text, way, author, place, reply, spot, url }: (typeof found)[number]) => {
      const { key: placeKey, url: placeUrl, label } = place;
      return { key, text, way, author, place: { placeKey, placeUrl, label }, reply, spot, url };
    };
    const asked = bench.heard.filter(({ text }) => text.includes("@openhands"));
    for (const mention of asked) {
      const again = found.find(({ key }) => key === mention.key);
      expect(again && told(again)).toEqual(told(mention));
    }
    expect(asked).toHaveLength(3);
  });

  it("is done often only while a connection has no webhook", async () => {
    const { bench, id } = await scene();
    expect(bench.platform.polls?.()).toBe(false);
    await bench.renew(id, { secrets: { webhookSecret: "" } });
    expect(bench.platform.polls?.()).toBe(true);
  });

  it("leaves out what is older, and what was deleted", async () => {
    const { world, bench, spot } = await scene();
    const { writer } = world.people;
    await world.comment(writer, spot, "@openhands long ago");
    const gone = await world.comment(writer, spot, "@openhands never mind");
    await world.removeComment?.(writer, gone);
    const since = world.fake.state.now() + 1;
    while (world.fake.state.now() <= since);
    await world.comment(writer, spot, "@openhands just now");
    const found = await bench.missed(since);
    expect(found.map(({ text }) => text)).toEqual(["@openhands just now"]);
  });

  it("finds a new comment on an old pull request and on a merged one, and knows our own posts", async () => {
    const { world, bench, spot, ask } = await scene();
    const { place, reply } = await ask();
    const since = world.fake.state.now();
    const pull = world.project.pulls[0];
    if (!pull) throw new Error("no pull request");
    await bench.platform.post(place, makeMessage("r1.abc", "Say @openhands stop."), { reply });
    if (flavour === "cloud") pull.state = "MERGED";
    await world.comment(world.people.reader, spot, "@openhands one more thing");
    const found = await bench.missed(since);
    expect(found.map(({ author, text }) => [author.kind, text.includes("stop")])).toEqual([
      ["self", true],
      ["person", false],
    ]);
  });

  it("asks the other connections before it tells of trouble with one", async () => {
    const { world, spot } = await scene();
    const other = await startBitbucketWorld(flavour);
    try {
      const broken = other.connections.map(({ connection, secrets }) => ({
        connection: { ...connection, id: "broken" },
        secrets,
      }));
      const bench = benchOf(flavour, [...broken, ...world.connections]);
      other.fail({ status: 503, times: Number.POSITIVE_INFINITY });
      await world.comment(world.people.writer, spot, "@openhands please");
      const found: string[] = [];
      const all = async () => {
        for await (const one of bench.platform.missed?.(Date.now() - minute) ?? [])
          if (one.heard === "mention") found.push(one.mention.text);
      };
      await expect(all()).rejects.toMatchObject({ kind: "unavailable" });
      expect(found).toContain("@openhands please");
    } finally {
      await other.close();
    }
  });

  it("hears the other repositories and pull requests when one cannot be read", async () => {
    const { world, bench, spot } = await scene();
    const { writer } = world.people;
    const { state, acts } = world.fake;
    const name = flavour === "cloud" ? "acme/gone" : "ACME/gone";
    const gone = { ...world.project, id: state.next(), name, pulls: [] };
    state.repositories.unshift(gone);
    acts.open(world.users.writer, gone, "Gone", "@openhands from what is gone");
    const other = await world.open(writer, "pull-request", { title: "Other", text: "" });
    await world.comment(writer, spot, "@openhands here");
    await world.comment(writer, other, "@openhands there");
    const fail = (path: RegExp, times: number) => world.fail({ path, status: 404, times });
    fail(/\/gone\/pull-?requests$/, 2);
    fail(new RegExp(`/${other.id}/(comments|activities)$`), 1);
    const found = await bench.missed(Date.now() - minute);
    const asks = found.map(({ text }) => text).filter((text) => text.startsWith("@openhands"));
    expect(asks).toEqual(["@openhands here"]);
    const warned = bench.log.lines.filter(({ level }) => level === "warn").map(({ fields }) => fields);
    expect(warned).toMatchObject([
      { repository: name },
      { repository: world.project.name, pullRequest: other.id },
    ]);
  });

  it("leaves a token alone that was revoked, with one line in the log", async () => {
    const { world, bench } = await scene();
    await bench.missed(Date.now() - minute);
    bench.pass(60 * minute);
    world.fail({ status: 401, times: Number.POSITIVE_INFINITY });
    expect(await bench.missed(Date.now() - minute)).toEqual([]);
    expect(bench.log.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
  });
});

describe("asking Bitbucket Cloud every minute", () => {
  const scene = createScenes("cloud");

  it("takes a quarter of the hour's requests at most, however many repositories there are, and misses nothing", async () => {
    const { world, bench, spot } = await scene();
    const { state, server } = world.fake;
    for (let count = 0; count < 60; count += 1)
      state.repositories.push({ ...world.project, id: state.next(), name: `acme/part-${count}`, pulls: [] });
    const start = Date.now();
    const now = state.now.bind(state);
    let passed = 0;
    state.now = () => now() + passed;
    let mark = start - minute;
    const heard = new Set<string>();
    const calls: number[] = [];
    const look = async (): Promise<void> => {
      let left = start + passed;
      const before = server.calls.length;
      const reached = (time: number): void => {
        left = Math.min(left, time);
      };
      for await (const one of bench.platform.missed?.(mark, reached) ?? [])
        if (one.heard === "mention") heard.add(one.mention.text);
      mark = left;
      calls.push(server.calls.length - before);
    };
    for (let at = 0; at < 150; at += 1) {
      if (at % 7 === 0) await world.comment(world.people.writer, spot, `@openhands [${at}]`);
      await look();
      bench.pass(minute);
      passed += minute;
    }
    const hours = Array.from({ length: 90 }, (_, from) => calls.slice(from, from + 60));
    const most = Math.max(...hours.map((some) => some.reduce((sum, one) => sum + one, 0)));
    expect(most).toBeLessThanOrEqual(250);
    expect(most).toBeGreaterThan(150);
    const asked = Array.from({ length: 18 }, (_, nth) => `@openhands [${nth * 7}]`);
    expect([...heard].filter((text) => text.startsWith("@openhands"))).toEqual(expect.arrayContaining(asked));
  });
});
