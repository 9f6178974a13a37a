import { afterEach, beforeEach, expect, it } from "vitest";
import { makeMention } from "../support/make-mention.ts";
import { type EngineBench, startEngineBench } from "./bench.ts";

let bench: EngineBench;

beforeEach(async () => {
  bench = await startEngineBench();
  Object.assign(bench.deps.platforms.get("forge") ?? {}, { changeRequest: "merge request" });
});
afterEach(() => bench.end());

it("names the change as its platform does, in the report, the closing comment and the help", async () => {
  await bench.store.accept(makeMention(1));
  await bench.run();
  const pullRequest = { url: "https://forge.test/acme/shop/merge_requests/7", number: 7 };
  bench.tell(
    { type: "working" },
    { type: "pull-request", pullRequest },
    { type: "ended", reason: "finished", summary: "Done." },
  );
  await bench.run(20_000);
  await bench.store.accept(makeMention(2, { text: "@openhands help" }));
  await bench.run(20_000);
  const words = bench.posts.map((post) => post.words);
  expect(words.filter((text) => text.includes("Merge request !7"))).toHaveLength(2);
  expect(words.some((text) => text.includes("opens a merge request"))).toBe(true);
  expect(words.join("\n")).not.toMatch(/pull request/i);
});
