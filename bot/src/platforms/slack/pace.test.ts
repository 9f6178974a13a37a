import { Failure } from "@ask-openhands/core/failure.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createPace, type Pace } from "./pace.ts";

describe("the pace of writing to Slack", () => {
  let now: number;
  let pace: Pace;
  beforeEach(() => {
    now = 1_000_000;
    pace = createPace(() => now);
  });
  const refuse = (seconds: number) => async (): Promise<string> => {
    throw new Failure("rate-limited", "Slow.", { retryAt: now + seconds * 1_000, status: 429 });
  };
  const write = (
    message: string,
    work: () => Promise<string> = async () => "sent",
  ): Promise<string | number> =>
    pace
      .take({ connection: "c", method: "chat.update", channel: "C1", message }, work)
      .catch((failure: unknown) => (failure instanceof Failure ? (failure.retryAt ?? 0) : 0));

  it("does not hold back a burst that Slack takes", async () => {
    expect(await Promise.all(["1", "2", "3"].map((message) => write(message)))).toEqual([
      "sent",
      "sent",
      "sent",
    ]);
  });

  it("makes no call of a method before the time that Slack named, in any channel", async () => {
    await write("1", refuse(30));
    now += 29_000;
    let calls = 0;
    const other = pace.take({ connection: "c", method: "chat.update", channel: "C2" }, async () => {
      calls += 1;
    });
    await expect(other).rejects.toMatchObject({ kind: "rate-limited", retryAt: 1_030_000 });
    now += 1_000;
    expect(await write("1")).toBe("sent");
    expect(calls).toBe(0);
  });

  it("knows a refusal before the next write of the method leaves", async () => {
    const left: string[] = [];
    await Promise.all([
      write("1", refuse(5)),
      write("2", async () => {
        left.push("2");
        return "sent";
      }),
    ]);
    expect(left).toEqual([]);
  });

  it("makes no call that waited so long behind a slow one that its caller has given up", async () => {
    const left: string[] = [];
    const slow = Promise.withResolvers<string>();
    const first = write("1", () => slow.promise);
    const second = write("2", async () => {
      left.push("2");
      return "sent";
    });
    // Both stand in the queue.
    await new Promise((done) => setTimeout(done, 20));
    now += 2_001;
    slow.resolve("sent");
    expect(await first).toBe("sent");
    expect(await second).toBe(now + 1_000);
    expect(left).toEqual([]);
  });

  it("gives turns in order after a refusal, and keeps the turn of a message that came too early", async () => {
    await write("0", refuse(1));
    now += 1_000;
    expect(await write("1")).toBe("sent");
    now += 1;
    const second = await write("2").then(() => write("3"));
    const third = await write("4");
    expect(typeof second).toBe("number");
    expect(Number(third) - Number(second)).toBe(1_100);
    now = Number(third) + 10;
    expect(await write("4")).toBe("sent");
  });

  it("lets reads go at once while there is room, then one by one, and keeps none waiting for long", async () => {
    let under = 0;
    let most = 0;
    let left = 0;
    const read = () =>
      pace.take({ connection: "c", method: "users.info" }, async () => {
        under += 1;
        most = Math.max(most, under);
        await new Promise((done) => setTimeout(done, 1));
        under -= 1;
        left += 1;
      });
    await Promise.all(Array.from({ length: 50 }, read));
    expect([most, left]).toEqual([50, 50]);
    most = 0;
    const ends = await Promise.allSettled(Array.from({ length: 20 }, read));
    expect(most).toBe(1);
    const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    expect(refused).toHaveLength(8);
    expect(refused[0]).toMatchObject({ kind: "rate-limited", retryAt: 1_001_000 });
    now += 60_001;
    most = 0;
    await Promise.all(Array.from({ length: 20 }, read));
    expect(most).toBe(20);
  });

  it("leaves out progress when most of a minute's edits are used, and never the end", async () => {
    const edit = (patient: boolean) =>
      pace.take(
        { connection: "c", method: "chat.update", channel: "C1", message: "1", patient },
        async () => "sent",
      );
    for (let at = 0; at < 35; at += 1) expect(await edit(true)).toBe("sent");
    await expect(edit(true)).rejects.toMatchObject({ kind: "rate-limited", retryAt: 1_060_000 });
    for (let at = 0; at < 15; at += 1) expect(await edit(false)).toBe("sent");
    now += 60_001;
    expect(await edit(true)).toBe("sent");
  });

  it("holds up no other method when one has used up its tier", async () => {
    await write("1", refuse(30));
    const post = pace.take(
      { connection: "c", method: "chat.postMessage", channel: "C1" },
      async () => "sent",
    );
    expect(await post).toBe("sent");
  });
});
