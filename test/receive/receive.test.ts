import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ReceiveBench, sign, startReceiveBench } from "./receive-bench.ts";

const ask = (id: number, text = "@openhands fix it", by = "person"): string =>
  JSON.stringify({ id, text, by });

describe("the receive path", () => {
  let bench: ReceiveBench;
  const unread = async (): Promise<number> => (await bench.store.counts()).unread;

  beforeEach(async () => {
    bench = await startReceiveBench();
  });
  afterEach(() => bench.end());

  it("answers 200 when a mention is stored, and knows it when it is sent again", async () => {
    expect(await bench.send(ask(1))).toEqual({ status: 200, text: "stored" });
    expect(await bench.send(ask(1))).toEqual({ status: 200, text: "known" });
    expect(await bench.send(ask(2), {}, "/webhooks/forge/conn-1")).toEqual({ status: 200, text: "stored" });
    expect(await unread()).toBe(2);
  });

  it("answers 200 to what is not for us and stores nothing", async () => {
    const others = [
      ask(1, "no handle"),
      ask(2, "`@openhands` in code"),
      ask(3, "@openhands x", "bot"),
      ask(4, "@openhands x", "self"),
      '{"id":5}',
    ];
    for (const body of others) expect(await bench.send(body)).toEqual({ status: 200, text: "ignored" });
    expect(await unread()).toBe(0);
  });

  it("refuses wrong, missing, cut and foreign signatures before it looks at the body", async () => {
    const forged = ["", "0".repeat(64), sign(ask(1)).slice(1), `${sign(ask(1))}0`, sign(ask(2))];
    for (const signature of forged)
      expect((await bench.send(ask(1), { "x-signature": signature })).status).toBe(401);
    expect((await bench.send("{broken", { "x-signature": "x" })).status).toBe(401);
    expect(await unread()).toBe(0);
  });

  it("answers 400 to broken JSON and to a wrong shape, in words that hold nothing of the payload", async () => {
    for (const body of ["", "{", '{"a":}', "\u0000", '"hunter2"', "[".repeat(50_000), "1e999999"]) {
      const { status, text } = await bench.send(body);
      expect(status).toBe(400);
      expect(text).toMatch(/^The body [a-zA-Z ,:]+\.$/);
    }
  });

  it("answers 413 to a body over the limit, announced or not", async () => {
    expect((await bench.send("x".repeat(100_001))).status).toBe(413);
    const chunks = new ReadableStream({
      pull: (controller) => {
        controller.enqueue(new Uint8Array(60_000));
      },
    });
    const sent = fetch(`http://127.0.0.1:${bench.server.port}/webhooks/forge`, {
      method: "POST",
      body: chunks,
      duplex: "half",
    } as RequestInit);
    expect((await sent).status).toBe(413);
    expect((await bench.send(ask(1))).status).toBe(200);
  });

  it("answers a handshake with its own words", async () => {
    expect(await bench.send('{"handshake":"echo this"}')).toEqual({ status: 200, text: "echo this" });
  });

  it("names unknown receivers and methods, refuses compressed bodies, and hands other paths to the app", async () => {
    const url = `http://127.0.0.1:${bench.server.port}`;
    expect((await bench.send(ask(1), {}, "/webhooks/nothing")).status).toBe(404);
    expect((await bench.send(ask(1), {}, "/webhooks/forge/a/b")).status).toBe(404);
    expect((await bench.send(ask(1), {}, "/webhooks/forge/%E0%A4%A")).status).toBe(404);
    expect((await fetch(`${url}/webhooks/forge`)).status).toBe(405);
    expect((await bench.send(ask(1), { "content-encoding": "gzip" })).status).toBe(415);
    const other = await fetch(`${url}/health?x=1`);
    expect([other.status, await other.text()]).toEqual([203, "/health"]);
  });

  it("logs a flood of bad requests at most once a second and never a byte of their bodies", async () => {
    for (let at = 0; at < 200; at += 1) await bench.send(ask(1, "canary-5521"), { "x-signature": "wrong" });
    const warnings = bench.lines.filter((line) => line.level === "warn");
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.length).toBeLessThan(8);
    expect(JSON.stringify(bench.lines)).not.toContain("canary-5521");
  });

  it("survives senders that hang up in the middle", async () => {
    for (let at = 0; at < 20; at += 1) {
      const socket = connect(bench.server.port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write('POST /webhooks/forge HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n{"id":');
      await new Promise((done) => setTimeout(done, 5));
      socket.destroy();
    }
    expect((await bench.send(ask(1))).text).toBe("stored");
  });

  it("replaces and withdraws by edits and deletions of what is still unread", async () => {
    const change = async (part: object): Promise<string> =>
      (await bench.send(JSON.stringify({ id: 1, ...part }))).text;
    await change({ text: "@openhands one" });
    expect(await change({ text: "@openhands two", before: "@openhands one", change: "edited" })).toBe(
      "replaced",
    );
    expect((await bench.store.mention("forge:forge.test:comment:1"))?.mention.text).toBe("@openhands two");
    expect(await change({ text: "never mind", before: "@openhands two", change: "edited" })).toBe(
      "withdrawn",
    );
    expect(await change({ id: 2, text: "@openhands x", before: "x", change: "edited" })).toBe("stored");
    expect(await change({ id: 2, text: "@openhands x", change: "deleted" })).toBe("withdrawn");
    expect(await unread()).toBe(0);
  });

  it("ignores edits of old requests and of texts that never were for us", async () => {
    const edited = (id: number, text: string, before: string) =>
      bench.send(JSON.stringify({ id, text, before, change: "edited" }));
    expect((await edited(1, "@openhands typo mended", "@openhands tpyo")).text).toBe("ignored");
    expect((await edited(2, "b", "a")).text).toBe("ignored");
    expect((await bench.send(JSON.stringify({ id: 3, text: "a", change: "deleted" }))).text).toBe("ignored");
    expect(await unread()).toBe(0);
  });
});

describe("the receive path with a store in trouble", () => {
  it("answers 503 and a time to try again when nothing could be stored", async () => {
    const bench = await startReceiveBench(() => ({
      accept: () => Promise.reject(new Error("disk /secret/path is full")),
    }));
    const { status, text } = await bench.send(ask(1));
    expect([status, text]).toEqual([503, "The delivery could not be stored. Send it again."]);
    await bench.end();
  });

  it("answers 503 before the sender gives up when storing takes too long, and knows the delivery later", async () => {
    const slow = await startReceiveBench(
      (store) => ({
        accept: async (mention) => {
          await new Promise((done) => setTimeout(done, 300));
          return store.accept(mention);
        },
      }),
      100,
    );
    expect((await slow.send(ask(1))).status).toBe(503);
    await expect.poll(async () => (await slow.store.counts()).unread).toBe(1);
    await slow.end();
  });
});
