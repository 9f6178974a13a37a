import { expect } from "vitest";
import type { Sent } from "./platform-subject.ts";
import type { Scene, Tools } from "./platform-tools.ts";

const whsec = (fill: string): string => `whsec_${Buffer.alloc(32, fill).toString("base64")}`;
/** Another secret of the same form. */
const otherThan = (secret: string, word: string): string =>
  secret.startsWith("whsec_") ? whsec(word) : `${word}-instead-of-${secret}`;

/** What a receiver answers; nothing forged is ever heard. */
export function receiving({ subject, feature, always }: Tools): void {
  const [current, previous] = subject.signingSecrets;

  const setUp = async ({ world, bench, open }: Scene) => {
    const spot = await open();
    await world.comment(world.people.writer, spot, "@openhands please");
    const sent = world.deliveries().at(-1);
    const id = world.connections[0]?.connection.id ?? "";
    const secret = bench.secret(id, current) ?? "";
    if (!sent || !world.signedWith) throw new Error(`${subject.id} delivers nothing, or cannot sign`);
    return { sent, id, secret, signedWith: world.signedWith };
  };

  feature(
    "signed deliveries",
    "a delivery that is not exactly as it was signed is refused and not heard",
    async (scene) => {
      const { sent, secret, signedWith } = await setUp(scene);
      const without = (name: string): Sent => ({
        ...sent,
        headers: Object.fromEntries(Object.entries(sent.headers).filter(([key]) => key !== name)),
      });
      const turned = (name: string, to: (value: string) => string): Sent => ({
        ...sent,
        headers: { ...sent.headers, [name]: to(sent.headers[name] ?? "") },
      });
      const flipped = Uint8Array.from(sent.bytes, (byte, index) =>
        index === sent.bytes.length - 2 ? byte ^ 1 : byte,
      );
      const forged: readonly Sent[] = [
        signedWith(sent, otherThan(secret, "wrong")),
        { ...sent, bytes: flipped },
        { ...sent, bytes: Buffer.concat([sent.bytes, Buffer.from(" ")]) },
        ...subject.signatureHeaders.flatMap((name) => [
          without(name),
          turned(name, () => ""),
          turned(name, (value) => value.slice(0, -1)),
          turned(name, (value) => `${value}0`),
          turned(name, (value) => `${value}, ${value}`),
          turned(name, (value) => value.replace(/^[^=,]*[=,]/, "")),
          turned(name, () => "sha256="),
        ]),
      ];
      for (const one of forged) expect((await scene.bench.receive(one)).status).toBe(401);
      expect(scene.bench.heard).toEqual([]);
      expect((await scene.bench.receive(sent)).status).toBe(200);
    },
  );

  feature(
    "secret rotation",
    "the previous secret is accepted beside the current one, and no longer once it is removed",
    async (scene) => {
      const { sent, id, secret, signedWith } = await setUp(scene);
      const fresh = otherThan(secret, "fresh");
      await scene.bench.renew(id, { secrets: { [current]: fresh, [previous]: secret } });
      expect((await scene.bench.receive(sent)).status).toBe(200);
      expect((await scene.bench.receive(signedWith(sent, fresh))).status).toBe(200);
      await scene.bench.renew(id, { secrets: { [previous]: "" } });
      expect((await scene.bench.receive(sent)).status).toBe(401);
      expect((await scene.bench.receive(signedWith(sent, fresh))).status).toBe(200);
    },
  );

  always(
    "a body that cannot be read is answered with 400, one that cannot be stored with 503",
    async (scene) => {
      const { sent, secret, signedWith } = await setUp(scene);
      const broken = signedWith({ ...sent, bytes: Buffer.from('{"a": ') }, secret);
      const answer = await scene.bench.receive(broken);
      expect(answer.status).toBe(400);
      expect(answer.body).not.toContain("SyntaxError");
      expect(scene.bench.heard).toEqual([]);
      scene.bench.refuse(true);
      expect((await scene.bench.receive(sent)).status).toBe(503);
      scene.bench.refuse(false);
      expect((await scene.bench.receive(sent)).status).toBe(200);
      expect(scene.bench.heard.length).toBeGreaterThan(0);
    },
  );

  always("signed nonsense of any shape is never heard and never breaks the receiver", async (scene) => {
    const { sent, secret, signedWith } = await setUp(scene);
    const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;
    for (const text of [
      "null",
      "3",
      '"text"',
      "[]",
      "{}",
      '{"__proto__":{"polluted":true}}',
      '{"action":5}',
      deep,
    ]) {
      const { status } = await scene.bench.receive(signedWith({ ...sent, bytes: Buffer.from(text) }, secret));
      expect([200, 400]).toContain(status);
    }
    expect(scene.bench.heard).toEqual([]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
}
