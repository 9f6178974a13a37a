import { Failure } from "@ask-openhands/core/failure.ts";
import { describe, expect, it } from "vitest";
import { createLog } from "./log.ts";

const canary = "ghp_canaryCanaryCanary0123456789abcdef";

const linesOf = (
  format: "json" | "pretty",
  write: (log: ReturnType<typeof createLog>) => void,
): readonly string[] => {
  const lines: string[] = [];
  write(
    createLog({
      level: "debug",
      format,
      redact: (text) => text.replaceAll(canary, "[redacted]"),
      to: { write: (line) => void lines.push(line) },
    }),
  );
  return lines;
};

describe("the log", () => {
  it.each(["json", "pretty"] as const)("lets no secret out, wherever it stands in a field (%s)", (format) => {
    const lines = linesOf(format, (log) => {
      log.warn(
        { error: new Error(`401 for ${canary}`), deep: { list: [{ header: `Bearer ${canary}` }] } },
        "call failed",
      );
      log
        .child({ url: `https://x:${canary}@forge.test/` })
        .error({ failure: new Failure("unavailable", canary) }, "again");
    });
    expect(lines).toHaveLength(2);
    expect(lines.join("")).not.toContain("canaryCanary");
    expect(lines.join("")).toContain("[redacted]");
  });

  it("lets no short secret out of an address either", () => {
    const lines: string[] = [];
    const redact = (text: string): string => text.replaceAll("hunter2", "[redacted]");
    createLog({ level: "info", format: "json", redact, to: { write: (line) => void lines.push(line) } }).info(
      { url: "https://mira:hunter2@forge.test/a" },
      "call failed",
    );
    expect(lines.join("")).toContain("mira:[redacted]@");
  });

  it("writes one line per message, whatever line breaks and escape sequences a field has", () => {
    const lines = linesOf("pretty", (log) => log.info({ text: "a\nFAKE line\u001b[31m" }, "heard"));
    expect(lines.join("").trimEnd().split("\n")).toHaveLength(1);
    expect(lines.join("")).not.toContain("\u001b");
  });

  it("nor what a message says that quotes somebody", () => {
    const said = 'The server said "a\nFAKE line\u001b[31m\u202e\u009b2J".';
    const [line = ""] = linesOf("pretty", (log) => log.warn({}, said));
    expect(line.trimEnd().split("\n")).toHaveLength(1);
    expect(line.trimEnd()).not.toMatch(/\p{C}/u);
    expect(line).toContain("FAKE line");
  });

  it("carries the fields of its parents", () => {
    const [line = "{}"] = linesOf("json", (log) =>
      log.child({ run: "r1" }).child({ lane: "l1" }).info({ step: "look" }, "step done"),
    );
    expect(JSON.parse(line)).toMatchObject({ run: "r1", lane: "l1", step: "look", msg: "step done" });
  });

  it("names each field once: a line's own value stands for its parent's", () => {
    const [line = ""] = linesOf("json", (log) => log.child({ run: "r1" }).info({ run: "r2" }, "run created"));
    expect(line.match(/"run":/g)).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ run: "r2" });
  });
});
