import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Verdict {
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: string;
}

/** The guards are the scripts `check:…` of the root package, so that each can be run alone too. */
const guards = (): readonly (readonly [name: string, command: string])[] => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
    scripts: Record<string, string>;
  };
  const prefix = "check:";
  return Object.entries(scripts)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, command]) => [name.slice(prefix.length), command]);
};

const run = (command: string): Promise<Verdict> =>
  new Promise((done) => {
    const started = performance.now();
    const chunks: Buffer[] = [];
    const child = spawn(command, { cwd: root, shell: true, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("close", (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      done({ passed: code === 0, output: Buffer.concat(chunks).toString("utf8"), seconds });
    });
  });

const failed: string[] = [];
for (const [name, command] of guards()) {
  const verdict = await run(command);
  console.log(`${verdict.passed ? "ok  " : "FAIL"} ${name} (${verdict.seconds} s)`);
  if (verdict.passed) continue;
  failed.push(name);
  console.log(`\n${verdict.output.trimEnd()}\n`);
}
if (failed.length > 0) {
  console.log(`Failed: ${failed.join(", ")}. Run one alone with: npx pnpm@12 check:${failed[0]}`);
  process.exitCode = 1;
}
