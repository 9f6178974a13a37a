import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../bot/src/cli/demo.ts", import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs the demo; `until` sends Ctrl-C as soon as the output has these words. */
const demo = (args: readonly string[], until?: string): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1" },
    });
    let output = "";
    const take = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
      if (until !== undefined && output.includes(until)) child.kill("SIGINT");
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("close", (status) => resolve({ status, output }));
  });

describe("demo", () => {
  it.concurrent("tells the whole story once and exits with 0: ask, report edited, closing comment, pull request", async () => {
    const { status, output } = await demo(["--once"]);
    expect(output).toMatch(/you commented\n.*@openhands please fix this/);
    expect(output).toContain("edited its report (3)");
    expect(output).not.toContain("sign-in");
    expect(output).toMatch(
      /The report was edited \d+ times, and pull request #2 is there: http:\/\/localhost:\d+\/you\/shop\/pull\/2\./,
    );
    expect(status).toBe(0);
  }, 120_000);

  it.concurrent("tells where to look and stays until Ctrl-C", async () => {
    const { status, output } = await demo([], "Ctrl-C ends the demo");
    expect(output).toMatch(/the pull request\s+http:\/\/localhost:\d+\/repos\/you\/shop\/pulls\/2/);
    expect(status).toBe(0);
  }, 120_000);
});
