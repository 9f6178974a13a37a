import { describe, expect, it } from "vitest";
import { createPostBudget } from "./post-budget.ts";

describe("the budget of writes", () => {
  const takeMany = async (budget: ReturnType<typeof createPostBudget>, account: string, times: number) => {
    const answers = [];
    for (let at = 0; at < times; at += 1) answers.push(await budget.take(account));
    return answers;
  };

  it("lets an account write so often a minute, then says how long to wait", async () => {
    const answers = await takeMany(createPostBudget(3, 100), "a", 4);
    expect(answers.slice(0, 3)).toEqual([{ taken: true }, { taken: true }, { taken: true }]);
    const last = answers[3];
    if (last === undefined || !("wait" in last)) throw new Error("the fourth was taken");
    expect(last.wait).toBeGreaterThan(0);
    expect(last.wait).toBeLessThanOrEqual(60_000);
  });

  it("counts hours too, and each account for itself", async () => {
    const budget = createPostBudget(100, 2);
    const [, , third] = await takeMany(budget, "a", 3);
    if (third === undefined || !("wait" in third)) throw new Error("the third was taken");
    expect(third.wait).toBeGreaterThan(60_000);
    expect(await budget.take("b")).toEqual({ taken: true });
  });
});
