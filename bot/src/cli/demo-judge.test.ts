import { describe, expect, it } from "vitest";
import { botName } from "./demo-github.ts";
import { isWell, judge } from "./demo-judge.ts";
import type { Growth } from "./demo-view.ts";

const said = (body: string, edits = 0, login = botName): Growth => ({
  edits,
  comment: { id: edits, body, user: { login }, html_url: "", created_at: "", updated_at: "" },
});
const github = {
  pullRequest: async (number: number) =>
    number === 2 ? { number: 2, html_url: "http://x/pull/2", head: { ref: "b", sha: "c" } } : undefined,
};
const report = (edits: number): Growth => said("Working", edits);
const closing = said("Done: http://x/you/shop/pull/2");

describe("the demo's verdict", () => {
  const verdict = async (...growth: readonly Growth[]): Promise<boolean> =>
    isWell(await judge(github, growth));

  it("is good with three edits of the report and a closing comment that links a pull request that exists", async () => {
    expect(await verdict(said("please", 0, "you"), report(3), closing)).toBe(true);
  });

  it("is bad without the edits, the closing comment, the link, or the pull request behind it", async () => {
    expect(await verdict(report(2), closing)).toBe(false);
    expect(await verdict(report(3))).toBe(false);
    expect(await verdict(report(3), said("Done"))).toBe(false);
    expect(await verdict(report(3), said("Done: http://x/you/shop/pull/9"))).toBe(false);
    expect(await verdict(report(3), said("Look: http://x/you/shop/pull/2", 0, "you"))).toBe(false);
    expect(await verdict()).toBe(false);
  });
});
