import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Ear } from "@ask-openhands/bot/platforms/github/envelope.ts";
import { hear } from "@ask-openhands/bot/platforms/github/hear.ts";
import { describe, expect, it } from "vitest";
import * as z from "zod";

const folder = fileURLToPath(new URL("../fixtures/github", import.meta.url));
const read = (...parts: readonly string[]): unknown =>
  JSON.parse(readFileSync(join(folder, ...parts), "utf8"));
const headers = z.object({ "X-GitHub-Event": z.string() });

const ear: Ear = {
  labels: ["openhands"],
  handle: "@openhands",
  connection: "connection-1",
  mentions: (text) => /@openhands(?![\w-])/i.test(text),
  own: () => ({
    known: [
      { login: "ask-openhands[bot]", appId: 31, shared: false },
      { id: "9002", login: "openhands-machine", shared: false },
    ],
    complete: true,
  }),
};

describe("what GitHub delivers", () => {
  it.each(readdirSync(folder))("%s", (name) => {
    const event = headers.parse(read(name, "headers.json"))["X-GitHub-Event"];
    const expected = read(name, "expected.json");
    expect(hear(event, read(name, "payload.json"), ear)).toEqual(expected);
  });
});
