import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hear } from "@ask-openhands/bot/platforms/gitlab/hear.ts";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../fixtures/gitlab", import.meta.url));
const read = (...parts: readonly string[]): unknown =>
  JSON.parse(readFileSync(join(folder, ...parts), "utf8"));

const own = (host: string) => ({ host, id: "90", name: "project_77_bot_ab12", shared: false });

describe("what GitLab delivers", () => {
  it.each(readdirSync(folder))("%s", (name) => {
    const heard = hear(read(name, "payload.json"), {
      labels: ["openhands"],
      handle: "@openhands",
      own: [own("git.acme.example"), own("git.acme.example/gitlab")],
    });
    expect(heard).toEqual(read(name, "expected.json"));
  });
});
