import { Failure } from "@ask-openhands/core/failure.ts";
import { expect, it } from "vitest";
import { createLog } from "../log.ts";
import { createLooksApart } from "./looks-apart.ts";

const start = () => {
  const lines: string[] = [];
  const to = { write: (line: string) => lines.push(line) > 0 };
  const log = createLog({ level: "info", format: "json", redact: (text) => text, to });
  const begin = createLooksApart(log, "could not look");
  return { lines, look: begin(), begin };
};

async function* words(...found: readonly (string | Failure)[]): AsyncIterable<string> {
  for (const one of found) {
    if (typeof one !== "string") throw one;
    yield one;
  }
}

const all = async (found: AsyncIterable<string>): Promise<readonly string[]> => {
  const heard: string[] = [];
  for await (const one of found) heard.push(one);
  return heard;
};

const gone = new Failure("not-found", "It is gone.");
const down = new Failure("unavailable", "It is down.");
const full = new Failure("rate-limited", "It has had enough.");

it("leaves what will not get better, with a line in the log", async () => {
  const { look, lines } = start();
  expect(await all(look.part({ repository: "a" }, words("before", gone)))).toEqual(["before"]);
  expect(() => look.end()).not.toThrow();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("It is gone.");
});

it("tells at the end of what may get better", async () => {
  const { look } = start();
  expect(await all(look.part({ repository: "a" }, words(down)))).toEqual([]);
  expect(await all(look.part({ repository: "b" }, words("heard")))).toEqual(["heard"]);
  expect(() => look.end()).toThrow("It is down.");
});

it("does not ask part after part with credentials that the server refuses for now", async () => {
  const { look, lines } = start();
  async function* both(): AsyncIterable<string> {
    yield* look.part({ repository: "a" }, words(full));
    yield* look.part({ repository: "b" }, words("never asked"));
  }
  expect(await all(look.connection({ connection: "one" }, both()))).toEqual([]);
  expect(await all(look.connection({ connection: "two" }, words("heard")))).toEqual(["heard"]);
  expect(() => look.end()).toThrow("It has had enough.");
  expect(lines).toHaveLength(1);
});

it("tells of the same trouble once, and again after it was over", async () => {
  const { begin, lines } = start();
  const look = (...found: readonly (string | Failure)[]) =>
    all(begin().part({ repository: "a" }, words(...found)));
  await look(gone);
  await look(gone);
  expect(lines).toHaveLength(1);
  await look("heard");
  await look(gone);
  expect(lines).toHaveLength(2);
});
