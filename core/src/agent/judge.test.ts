import { describe, expect, it } from "vitest";
import { judge, type Standing } from "./judge.ts";
import { freshProgress, type Progress, readCursor, writeCursor } from "./progress.ts";

const worked: Progress = { ...freshProgress, turn: "m1", news: true, ended: true };
const standing = (more: Partial<Standing>): Standing => ({
  status: "finished",
  now: 1_000_000,
  patience: 30_000,
  ...more,
});

const end = (progress: Progress, more: Partial<Standing>, answer = "The answer."): unknown => {
  const verdict = judge(progress, standing(more));
  return verdict.over ? verdict.tell(answer) : "not over";
};

describe("is the work over", () => {
  it("not while the agent works, which is told once a turn", () => {
    const first = judge(worked, standing({ status: "running" }));
    expect(first).toMatchObject({ over: false, events: [{ type: "working" }] });
    expect(judge(first.progress, standing({ status: "running" }))).toMatchObject({ over: false, events: [] });
  });

  it.each(["idle", null, undefined] as const)(
    "not when the status is %s: that is a beginning, or unknown",
    (status) => {
      expect(end(worked, { status })).toBe("not over");
    },
  );

  it("when it finished and the history shows how; told once", () => {
    expect(end(worked, {})).toEqual({ type: "ended", reason: "finished", summary: "The answer." });
    const verdict = judge(worked, standing({}));
    expect(end(verdict.progress, {})).toBe("not over");
  });

  it("not while the history does not show the end yet, but for ever neither", () => {
    const behind: Progress = { ...worked, ended: false };
    const doubting = judge(behind, standing({ now: 0 }));
    expect(doubting.over).toBe(false);
    expect(judge(doubting.progress, standing({ now: 29_999 })).over).toBe(false);
    expect(judge(doubting.progress, standing({ now: 30_000 })).over).toBe(true);
  });

  it("not with an end that is older than the newest follow-up", () => {
    expect(end(worked, { said: "c2" })).toBe("not over");
    expect(end({ ...worked, told: "m1" }, { said: "c2" })).toBe("not over");
    expect(end({ ...worked, turn: "m2", heard: ["c2"], told: "m1" }, { said: "c2" })).toMatchObject({
      reason: "finished",
    });
  });

  it("with the words of the error, as soon as they are known", () => {
    const error = { reason: "error", trouble: "auth", detail: "bad key" } as const;
    expect(end({ ...worked, error }, { status: "error" })).toEqual({ type: "ended", ...error });
    expect(end(worked, { status: "error" })).toBe("not over");
  });

  it("as a question, as stuck, as stopped, as deleted", () => {
    expect(end(worked, {}, "Which one?")).toEqual({ type: "question", text: "Which one?" });
    expect(end({ ...worked, delivered: true }, {}, "Anything else?")).toMatchObject({
      type: "ended",
      reason: "finished",
    });
    expect(end(worked, { status: "stuck" })).toMatchObject({ reason: "stuck" });
    expect(end({ ...worked, stopped: true }, { status: "paused" })).toEqual({
      type: "ended",
      reason: "stopped",
    });
    expect(end(worked, { status: "deleting" })).toMatchObject({ reason: "archived" });
    expect(end(worked, { status: "waiting_for_confirmation" })).toMatchObject({ type: "question" });
  });
});

describe("the cursor", () => {
  it("brings back what it was made from", () => {
    const cursor = { position: { after: "x", seen: ["a"] }, progress: { ...worked, held: "Hm", cost: 1.5 } };
    expect(readCursor(writeCursor(cursor))).toEqual(cursor);
  });

  it.each([undefined, "", "null", "{}", "nonsense", '{"position":{}}'])(
    "begins anew when it is none of ours: %s",
    (text) => {
      expect(readCursor(text).progress).toEqual(freshProgress);
    },
  );
});
