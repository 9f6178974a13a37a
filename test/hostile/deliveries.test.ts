import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import { afterAll, describe, expect, it } from "vitest";
import { everySubject } from "../contracts/every-subject.ts";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import type { PlatformSubject, PlatformWorld, Sent } from "../contracts/platform-subject.ts";
import { mutateBytes, mutateJson, oddBodies } from "./mutate.ts";
import { createRandom, type Random } from "./random.ts";

const perPlatform = 6_000;
/** Milliseconds that one delivery may hold the process. */
const longest = 1_000;
const allowed = new Set([200, 400, 401, 413, 503]);
const words = { title: "The basket", text: "It is wrong, @openhands." };

let tried = 0;
afterAll(() => console.log(`hostile deliveries tried: ${tried}`));

/** One delivery of everything that can happen at a place. */
const recordAll = async (subject: PlatformSubject, world: PlatformWorld): Promise<readonly Sent[]> => {
  const by = world.people.writer;
  for (const kind of subject.kinds) {
    const spot = await world.open(by, kind, { ...words, labels: ["openhands"] });
    const said = await world.comment(
      by,
      spot,
      "@openhands fix `this` <!-- hidden --> [link](https://x.test)",
    );
    await world.editComment?.(by, said, "@openhands fix that");
    await world.editDescription?.(by, spot, "@openhands and the description");
    await world.setLabels?.(by, spot, ["openhands", "more"]);
    await world.assign?.(by, spot, world.people.self);
    if (kind === "pull-request") await world.inline?.(by, spot, "@openhands here", { path: "a.ts", line: 3 });
    if (kind === "pull-request") await world.review?.(by, spot, "@openhands all", ["@openhands here"]);
    await world.removeComment?.(by, said);
  }
  return world.deliveries();
};

const isForm = (sent: Sent): boolean => (sent.headers["content-type"] ?? "").includes("urlencoded");

const changed = (sent: Sent, random: Random): Uint8Array => {
  if (random.chance(0.2) || isForm(sent)) return mutateBytes(sent.bytes, random);
  const body: unknown = JSON.parse(Buffer.from(sent.bytes).toString());
  return Buffer.from(JSON.stringify(mutateJson(body, random)) ?? "");
};

const headerTricks: readonly ((headers: Record<string, string>, random: Random) => void)[] = [
  (headers) => void Object.assign(headers, { "content-type": "text/plain; charset=utf-7" }),
  (headers) => void Object.assign(headers, { "x-github-event": "__proto__", "x-event-key": "constructor" }),
  (headers) => void Object.assign(headers, { "x-gitlab-event": "toString", "x-slack-retry-num": "NaN" }),
  (headers, random) => {
    const names = Object.keys(headers);
    if (names.length > 0) delete headers[random.pick(names)];
  },
  (headers, random) => {
    const name = random.pick([...Object.keys(headers), "x-request-id"]);
    headers[name] = `${headers[name] ?? ""}, ${"x".repeat(random.below(5_000))}`;
  },
];

describe.each(await everySubject())("signed nonsense: $id", (subject) => {
  it(`${perPlatform} changed deliveries: an answer within a second, nothing thrown, no prototype changed, no address called that is not the platform's`, async () => {
    const world = await subject.start();
    const called = new Set<string>();
    const entry = platforms.find(({ id }) => id === subject.id);
    if (entry === undefined) throw new Error(`no platform ${subject.id}`);
    const bench: PlatformBench = createPlatformBench(entry.create, world.connections, {
      fetch: (input, init) => {
        called.add(new URL(new Request(input, init).url).host);
        return fetch(input, init);
      },
    });
    world.deliverTo(undefined);
    const samples = await recordAll(subject, world);
    expect(samples.length).toBeGreaterThan(3);
    const secret = bench.secret(world.connections[0]?.connection.id ?? "", subject.signingSecrets[0]) ?? "";
    const random = createRandom(20_260_501);
    const slow: string[] = [];
    const odd: string[] = [];

    const put = async (sent: Sent): Promise<void> => {
      const startedAt = performance.now();
      const { status, body } = await bench.receive(sent);
      const took = performance.now() - startedAt;
      if (took > longest)
        slow.push(`${Math.round(took)} ms: ${Buffer.from(sent.bytes).toString().slice(0, 300)}`);
      if (!allowed.has(status)) odd.push(`${status} ${body?.slice(0, 200)}`);
      if (status >= 400 && /\bat \/|Error:|node_modules/.test(body ?? ""))
        odd.push(`tells too much: ${body}`);
      tried += 1;
    };
    const signed = (sent: Sent): Sent => world.signedWith?.(sent, secret) ?? sent;

    for (const text of oddBodies) {
      const [sample] = samples;
      if (sample === undefined) continue;
      await put(signed({ ...sample, bytes: Buffer.from(text) }));
      await put({ ...sample, bytes: Buffer.from(text) });
    }
    for (let count = oddBodies.length * 2; count < perPlatform; count += 1) {
      const sample = random.pick(samples);
      const sent = { ...sample, headers: { ...sample.headers }, bytes: changed(sample, random) };
      const tricked = signed(sent);
      if (random.chance(0.15)) {
        const headers = { ...tricked.headers };
        random.pick(headerTricks)(headers, random);
        await put({ ...tricked, headers });
      } else await put(tricked);
    }
    const own = new Set(world.connections.flatMap(({ connection }) => [connection.host, world.host]));
    await world.close();
    expect(slow).toEqual([]);
    expect(odd).toEqual([]);
    expect([...called].filter((host) => !own.has(host) && !/^127\.0\.0\.1:\d+$/.test(host))).toEqual([]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  }, 60_000);
});
