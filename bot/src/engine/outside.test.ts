import { Failure } from "@ask-openhands/core/failure.ts";
import { describe, expect, it } from "vitest";
import { createOutside, type OutsideCall } from "./outside.ts";

const call: OutsideCall = { host: "forge.test", name: "The forge", within: 50 };
const down = (): Promise<never> => Promise.reject(new Failure("unavailable", "no answer", { status: 503 }));

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  try {
    await work;
  } catch (cause) {
    if (cause instanceof Failure) return cause;
    throw cause;
  }
  throw new Error("it went well");
};

describe("calls to the outside", () => {
  it("that take too long end as unavailable, in a sentence with the name", async () => {
    const failure = await failureOf(createOutside().call(call, () => new Promise(() => undefined)));
    expect([failure.kind, failure.hint]).toEqual([
      "unavailable",
      expect.stringContaining("The forge did not answer within"),
    ]);
  });

  it("leave a host alone after five failures in a row, say when it is tried again, and let one call through then", async () => {
    let clock = 1_000;
    let asked = 0;
    const outside = createOutside({ pause: 30, now: () => clock });
    const ask = () =>
      outside.call(call, () => {
        asked += 1;
        return down();
      });
    for (let at = 0; at < 5; at += 1) await failureOf(ask());
    const failure = await failureOf(ask());
    expect(asked).toBe(5);
    expect(failure).toMatchObject({ kind: "unavailable", retryAt: 1_030 });
    clock += 31;
    await new Promise((next) => setTimeout(next, 60));
    expect(await outside.call(call, async () => "back")).toBe("back");
    expect(await outside.call(call, async () => "for good")).toBe("for good");
  });

  it("do not count refusals and mistakes of ours as the host being down", async () => {
    const outside = createOutside();
    const refused = () => Promise.reject(new Failure("not-allowed", "no", { status: 403 }));
    for (let at = 0; at < 20; at += 1) await failureOf(outside.call(call, refused));
    expect(await outside.call(call, async () => "still asked")).toBe("still asked");
  });

  it("of one host do not suffer from another's trouble", async () => {
    const outside = createOutside();
    for (let at = 0; at < 9; at += 1) await failureOf(outside.call(call, down));
    expect(await outside.call({ ...call, host: "other.test" }, async () => "fine")).toBe("fine");
  });

  it("turn an error that is no failure into one sentence, and tell the log", async () => {
    const surprises: unknown[] = [];
    const outside = createOutside({ surprised: (_host, cause) => void surprises.push(cause) });
    const failure = await failureOf(
      outside.call(call, () => Promise.reject(new TypeError("x is not a function at /secret/path"))),
    );
    expect(failure.kind).toBe("unexpected-reply");
    expect(failure.hint).not.toContain("/secret/path");
    expect(surprises).toHaveLength(1);
  });

  it("tell times in the engine's own time, when the clients' clock is another", async () => {
    const outside = createOutside({ now: () => 10_000, lag: () => -3_600_000 });
    const failure = await failureOf(
      outside.call(call, () =>
        Promise.reject(
          new Failure("rate-limited", "slow down", { status: 429, retryAt: 12_000 - 3_600_000 }),
        ),
      ),
    );
    expect(failure).toMatchObject({ kind: "rate-limited", status: 429, retryAt: 12_000 });
  });
});
