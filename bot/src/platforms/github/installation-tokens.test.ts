import { describe, expect, it } from "vitest";
import { createInstallationTokens } from "./installation-tokens.ts";

const hour = 3_600_000;

function setUp(
  minted: (installation: number, count: number) => Promise<string> = async (id, count) => `${id}-${count}`,
) {
  let clock = 0;
  let count = 0;
  const slept: number[] = [];
  const tokens = createInstallationTokens(
    async (id) => {
      count += 1;
      return { token: await minted(id, count), expiresAt: clock + hour };
    },
    () => clock,
    async (milliseconds) => {
      slept.push(milliseconds);
      clock += milliseconds;
    },
  );
  const pass = (milliseconds: number): void => {
    clock += milliseconds;
  };
  return { tokens, slept, pass, minted: () => count };
}
const refused = Object.assign(new Error("Bad credentials"), { status: 401 });
const echo = async (token: string): Promise<string> => token;

describe("installation tokens", () => {
  it("are asked for once, also by many at the same moment, and kept until shortly before their end", async () => {
    const { tokens, pass, minted } = setUp();
    expect(await Promise.all([tokens.with(1, echo), tokens.with(1, echo), tokens.with(2, echo)])).toEqual([
      "1-1",
      "1-1",
      "2-2",
    ]);
    pass(hour - 6 * 60_000);
    expect(await tokens.with(1, echo)).toBe("1-1");
    pass(2 * 60_000);
    expect(await Promise.all([tokens.with(1, echo), tokens.with(1, echo)])).toEqual(["1-3", "1-3"]);
    expect(minted()).toBe(3);
  });

  it("of two servers are never mixed up, though the installations have the same number", async () => {
    const [first, second] = [setUp(async () => "first"), setUp(async () => "second")];
    expect(await Promise.all([first.tokens.with(42, echo), second.tokens.with(42, echo)])).toEqual([
      "first",
      "second",
    ]);
  });

  it("that are new may be unknown for a moment", async () => {
    const { tokens, slept } = setUp();
    let tries = 0;
    const work = async (token: string) => {
      tries += 1;
      if (tries < 3) throw refused;
      return token;
    };
    expect(await tokens.with(1, work)).toBe("1-1");
    expect(slept).toEqual([1_000, 2_000]);
    await expect(tokens.with(2, () => Promise.reject(refused))).rejects.toBe(refused);
  });

  it("that GitHub took back are replaced once", async () => {
    const { tokens, pass, minted } = setUp();
    await tokens.with(1, echo);
    pass(60_000);
    expect(await tokens.with(1, async (token) => (token === "1-1" ? Promise.reject(refused) : token))).toBe(
      "1-2",
    );
    expect(minted()).toBe(2);
  });

  it("that ran out unseen, because the clock was set back after they were made, are replaced at once", async () => {
    const { tokens, slept, pass, minted } = setUp();
    await tokens.with(1, echo);
    pass(-3 * hour);
    expect(await tokens.with(1, async (token) => (token === "1-1" ? Promise.reject(refused) : token))).toBe(
      "1-2",
    );
    expect([minted(), slept]).toEqual([2, []]);
  });

  it("that could not be had are asked for again, and other errors are left as they are", async () => {
    let fails = true;
    const { tokens } = setUp(async () => (fails ? Promise.reject(new Error("down")) : "good"));
    await expect(tokens.with(1, echo)).rejects.toThrow("down");
    fails = false;
    expect(await tokens.with(1, echo)).toBe("good");
    await expect(tokens.with(1, () => Promise.reject(new Error("other")))).rejects.toThrow("other");
  });
});
