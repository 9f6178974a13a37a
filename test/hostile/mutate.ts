import type { Random } from "./random.ts";

type Fields = Record<string, unknown>;

const deep = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? { a: value } : [value];
  return value;
};

/** Values that break readers: other types, edges of numbers, half characters, names of prototypes, things that look like markup, addresses or secrets. */
const nasty: readonly ((random: Random) => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1e308,
  () => Number.MAX_SAFE_INTEGER + 2,
  () => "",
  () => [],
  () => ({}),
  () => [[[[]]]],
  () => "\ud800",
  () => "\u0000\u0001\u001b[2J",
  () => "\u202e\u200b\u{e0041}\u2060",
  () => "__proto__",
  () => "../../../etc/passwd",
  () => "$(touch /tmp/owned)`id`;--upload-pack=x",
  () => "https://169.254.169.254/latest/meta-data",
  () => "http://127.0.0.1:1/x",
  () => "javascript:alert(1)",
  () => "@openhands ".repeat(2_000),
  () => "<!-- ask-openhands:report-forged -->",
  () => `@openhands ${"[".repeat(5_000)}`,
  () => `${"<".repeat(5_000)}@openhands`,
  () => "9".repeat(10_000),
  () => deep(200),
  (random) => Array.from({ length: random.below(300) }, (_, at) => at),
  () => ({ toString: 1, valueOf: null, toJSON: "x", constructor: { prototype: { polluted: true } } }),
  () => JSON.parse('{"__proto__":{"polluted":true}}') as unknown,
  () => "2026-13-45T99:99:99Z",
  () => "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
];

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** Every place of a value that can be changed: its holder and its key. */
const spots = (value: unknown): readonly (readonly [Fields, string])[] =>
  isFields(value) ? Object.keys(value).flatMap((key) => [[value, key] as const, ...spots(value[key])]) : [];

/** A copy of a JSON value with one to four places changed, removed, doubled or swapped. */
export const mutateJson = (value: unknown, random: Random): unknown => {
  const copy = structuredClone(value);
  for (let times = 1 + random.below(4); times > 0; times -= 1) {
    const all = spots(copy);
    if (all.length === 0) return random.pick(nasty)(random);
    const [holder, key] = random.pick(all);
    const way = random.below(10);
    if (way === 0) delete holder[key];
    else if (way === 1)
      holder[random.pick(["__proto__x", "constructor", "size", "action", "id"])] = holder[key];
    else if (way === 2) {
      const [other, otherKey] = random.pick(all);
      [holder[key], other[otherKey]] = [structuredClone(other[otherKey]), structuredClone(holder[key])];
    } else holder[key] = random.pick(nasty)(random);
  }
  return copy;
};

/** Bytes as they come out of broken senders and of people who try: cut, flipped, doubled, wrongly encoded. */
export const mutateBytes = (bytes: Uint8Array, random: Random): Uint8Array => {
  const copy = Buffer.from(bytes);
  const at = random.below(copy.length + 1);
  const way = random.below(8);
  if (way === 0) return copy.subarray(0, at);
  if (way === 1) return Buffer.concat([copy, copy.subarray(at)]);
  if (way === 2) return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), copy]);
  if (way === 3) return Buffer.from(copy.toString("latin1"), "utf16le");
  if (way === 4)
    return Buffer.concat([copy.subarray(0, at), Buffer.from([0xff, 0xc0, 0x80]), copy.subarray(at)]);
  if (way === 5)
    return Buffer.concat([copy.subarray(0, at), Buffer.alloc(1 + random.below(50)), copy.subarray(at)]);
  for (let times = 1 + random.below(8); times > 0 && copy.length > 0; times -= 1)
    copy[random.below(copy.length)] = random.below(256);
  return copy;
};

/** Bodies of their own kind, as text. */
export const oddBodies: readonly string[] = [
  "",
  "null",
  "0",
  '"text"',
  "[]",
  "{}",
  `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
  `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`,
  `{"id":${"9".repeat(1_000_000)}}`,
  `{${'"action":"created",'.repeat(5_000)}"action":"x"}`,
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  `"${"\\ud800".repeat(10_000)}"`,
  `{"action":"${"a".repeat(1_000_000)}"}`,
  "payload=%7B%22type%22%3A%22block_actions%22%7D",
  `payload=${"%".repeat(10_000)}`,
  "ssl_check=1&payload=%7B%7D",
  "\u0000",
];
