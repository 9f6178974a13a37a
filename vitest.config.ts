import { defineConfig } from "vitest/config";

/** Seconds as vitest wants them. */
const seconds = (count: number): number => count * 1000;

const special = ["browser", "faults", "openhands", "bench"] as const;

/** The folders under `test/` that need a browser, minutes or a Python of their own; one file at a time, so that they do not disturb each other. */
const specialProjects = special.map((name) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    fileParallelism: false,
    testTimeout: seconds(name === "browser" ? 60 : 600),
    hookTimeout: seconds(300),
    ...(name === "browser" ? { globalSetup: "test/browser/ensure-browsers.ts" } : {}),
  },
}));

// Where the machine-readable results go, for `.ci/run`.
const results = process.env["TEST_RESULTS"];

export default defineConfig({
  test: {
    passWithNoTests: true,
    reporters: results === undefined ? ["default"] : ["default", ["json", { outputFile: results }]],
    projects: [
      {
        test: {
          name: "fast",
          include: ["{core,bot}/src/**/*.test.ts", "extension/src/**/*.test.{ts,tsx}", "test/**/*.test.ts"],
          exclude: [...special.map((name) => `test/${name}/**`), "**/node_modules/**"],
          maxWorkers: 2,
          testTimeout: seconds(20),
          hookTimeout: seconds(60),
        },
      },
      ...specialProjects,
    ],
  },
});
