import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ensurePython, openHandsVersion } from "./python.ts";

/* `npx pnpm@12 test:openhands`: the agent contract and the flows against a real agent server with a stub model. Exit code 3: could not be run. */

const root = fileURLToPath(new URL("../../", import.meta.url));

console.log(
  `OpenHands agent server ${openHandsVersion}: preparing (the first time this downloads some hundred megabytes)…`,
);
const installed = await ensurePython();
if ("missing" in installed) {
  console.log(
    `SKIPPED, not passed: the real OpenHands agent server could not be tested: ${installed.missing}.`,
  );
  process.exit(3);
}

const vitest = `${root}node_modules/vitest/vitest.mjs`;
const tests = spawnSync(
  process.execPath,
  [vitest, "run", "--project", "openhands", ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, OPENHANDS_PYTHON: installed.python },
  },
);
process.exit(tests.status ?? 1);
