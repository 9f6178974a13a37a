import { describe, expect, it } from "vitest";
import { createLimits, type Limits } from "./limits.ts";

describe.each(["guess", "call"] as const)("the limit of each %s", (what) => {
  const use = (limits: Limits, who: string): Promise<void> => limits[what](who);

  it("refuses one more than allowed with the time to wait, and nobody else", async () => {
    const limits = createLimits({ guessesPerMinute: 2, callsPerMinute: 2 });
    await use(limits, "ada");
    await use(limits, "ada");
    const refused = await use(limits, "ada").catch((error: unknown) => error);
    expect(refused).toMatchObject({
      problem: {
        status: 429,
        detail: expect.stringMatching(/^Too many requests\. Try again in \d+ seconds\.$/),
      },
      headers: { "retry-after": expect.stringMatching(/^[1-9]\d*$/) },
    });
    await expect(use(limits, "bob")).resolves.toBeUndefined();
  });

  it("is counted apart from the other", async () => {
    const limits = createLimits({ guessesPerMinute: 1, callsPerMinute: 1 });
    await limits.guess("ada");
    await expect(limits.call("ada")).resolves.toBeUndefined();
  });
});
