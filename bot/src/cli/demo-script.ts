import * as z from "zod";
import type { Script, ScriptedWork, ScriptStep } from "./demo-agent/script.ts";
import { callGitHub } from "./demo-github.ts";

const anything = z.unknown();
const refSchema = z.object({ object: z.object({ sha: z.string() }) });
const pullSchema = z.object({ html_url: z.string() });
const fileSchema = z.object({ sha: z.string() }).optional();

const branch = "openhands/fix-empty-cart";
const fixed = `export function total(items) {
  return items.reduce((sum, item) => sum + item.price, 0);
}
`;
const test = `import assert from "node:assert/strict";
import test from "node:test";
import { total } from "./cart.js";

test("an empty cart costs nothing", () => {
  assert.equal(total([]), 0);
});
`;

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

const titles = [
  "Reproduce the crash",
  "Make the total of an empty cart 0",
  "Add a test",
  "Open a pull request",
];
const tasks = (done: number): ScriptStep => ({
  do: "tasks",
  tasks: titles.map((title, index) => ({ title, status: statusOf(index, done) })),
});
const statusOf = (index: number, done: number): "todo" | "in_progress" | "done" => {
  if (index < done) return "done";
  return index === done ? "in_progress" : "todo";
};

/** What the scripted agent of the demo really does on that GitHub, with the token that the bot gave it. */
const createHands = (api: string, repository: string) => {
  const call = <T>(
    work: ScriptedWork,
    schema: z.ZodType<T>,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<T> =>
    callGitHub(api, work.secrets["GITHUB_TOKEN"] ?? "", schema, method, `/repos/${repository}${path}`, body);
  return {
    async branch(work: ScriptedWork) {
      const main = await call(work, refSchema, "GET", "/git/ref/heads/main");
      await call(work, anything, "POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: main.object.sha });
      return { output: `Switched to a new branch '${branch}'`, exitCode: 0 };
    },
    async push(work: ScriptedWork) {
      for (const [path, text] of [
        ["src/cart.js", fixed],
        ["src/cart.test.js", test],
      ] as const) {
        const known = await call(work, fileSchema, "GET", `/contents/${path}?ref=${branch}`).catch(
          () => undefined,
        );
        await call(work, anything, "PUT", `/contents/${path}`, {
          message: `Empty cart: ${path}`,
          content: base64(text),
          branch,
          ...(known ? { sha: known.sha } : {}),
        });
      }
      return {
        output: `To ${api}/${repository}.git\n * [new branch]      ${branch} -> ${branch}`,
        exitCode: 0,
      };
    },
    async open(work: ScriptedWork) {
      const pull = await call(work, pullSchema, "POST", "/pulls", {
        title: "An empty cart costs nothing",
        head: branch,
        base: "main",
        body: "The total of an empty cart is 0, with a test.\n\nFixes #1",
      });
      return pull.html_url;
    },
  };
};

/** A small job in about twenty seconds: it looks, mends, tests, pushes a branch and opens a pull request. Later words get a short answer. */
export const createDemoScript = (api: string, repository: string): Script => {
  const hands = createHands(api, repository);
  let opened: string | undefined;
  const first: Script = () => [
    tasks(0),
    {
      do: "terminal",
      command: "node -e 'import(\"./src/cart.js\").then((cart) => cart.total([]))'",
      summary: "Reproduce the crash",
      output: "TypeError: Cannot read properties of undefined (reading 'price')",
      exitCode: 1,
    },
    { do: "wait", milliseconds: 2_500 },
    tasks(1),
    { do: "terminal", command: `git switch -c ${branch}`, summary: "Make a branch", run: hands.branch },
    {
      do: "edit",
      path: "src/cart.js",
      text: fixed,
      summary: "Sum up all items instead of reading the first",
    },
    { do: "wait", milliseconds: 2_500 },
    tasks(2),
    { do: "edit", path: "src/cart.test.js", text: test, summary: "Test the empty cart" },
    {
      do: "terminal",
      command: "node --test",
      summary: "Run the tests",
      output: "# tests 1\n# pass 1\n# fail 0",
    },
    { do: "wait", milliseconds: 2_500 },
    tasks(3),
    { do: "terminal", command: `git push origin ${branch}`, summary: "Push the branch", run: hands.push },
    {
      do: "terminal",
      command: "gh pr create --fill",
      summary: "Open the pull request",
      run: async (work) => {
        opened = await hands.open(work);
        return { output: opened, exitCode: 0 };
      },
    },
    { do: "wait", milliseconds: 1_500 },
    tasks(4),
    {
      do: "finish",
      // Known only once the pull request is there.
      get message() {
        return `The total read the price of the first item, which an empty cart does not have. It now sums up all items, so an empty cart costs 0; a test says so.\n\nPull request: ${opened}`;
      },
    },
  ];
  const later: Script = (message) => [
    {
      do: "terminal",
      command: "git log --oneline -3",
      summary: "Look at what was done",
      output: "1f0c2aa Empty cart: src/cart.test.js",
    },
    { do: "wait", milliseconds: 2_000 },
    {
      do: "finish",
      message: `This agent only plays a script, so it cannot do more; a real one would now work on: ${message.split("\n").at(-1)?.slice(0, 200)}`,
    },
  ];
  return (message, work) => (opened === undefined ? first(message, work) : later(message, work));
};
