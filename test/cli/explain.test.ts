import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../bot/src/cli/explain.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "explain-"));

const account = { id: 11, login: "mara", type: "User" };
const delivery = (text: string, more: object = {}) => ({
  action: "created",
  issue: {
    id: 7,
    number: 12,
    html_url: "https://github.com/mara/shop/issues/12",
    created_at: "2026-05-01T10:00:00Z",
    updated_at: "2026-05-01T10:00:00Z",
  },
  comment: {
    id: 42,
    body: text,
    user: account,
    created_at: "2026-05-01T11:00:00Z",
    updated_at: "2026-05-01T11:00:00Z",
  },
  repository: { id: 500, full_name: "mara/shop", html_url: "https://github.com/mara/shop" },
  sender: account,
  ...more,
});

function explain(args: readonly string[], input?: unknown, env: Readonly<Record<string, string>> = {}) {
  const text = typeof input === "string" ? input : JSON.stringify(input ?? "");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    input: text,
    encoding: "utf8",
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1", ...env },
  });
  return { status, stdout, stderr: stderr.trim() };
}
const json = (args: readonly string[], input: unknown, env?: Readonly<Record<string, string>>): unknown =>
  JSON.parse(explain([...args, "--json"], input, env).stdout);

describe("explain", () => {
  it("prints all that a delivery would do as JSON", () => {
    expect(json(["github", "-"], delivery("@openhands stop"))).toEqual({
      heard: "mention",
      why: "A comment calls us.",
      trigger: "command",
      command: "stop",
      place: {
        platform: "github",
        host: "github.com",
        key: "github:github.com:500#12",
        url: "https://github.com/mara/shop/issues/12",
        repository: "mara/shop",
      },
      author: { id: "11", name: "mara", kind: "person" },
      text: "@openhands stop",
      key: "github:github.com:comment:42",
    });
  });

  it("says why nothing would happen", () => {
    const why = (input: unknown) => {
      const { trigger, why: reason } = json(["github", "-"], input) as { trigger: string; why: string };
      return `${trigger}: ${reason}`;
    };
    expect(why(delivery("> @openhands fix"))).toBe(
      "none: The handle stands only in a quote, code, a comment or a link.",
    );
    expect(why(delivery("@openhands fix", { action: "deleted" }))).toMatch(/^none: It was deleted/);
    expect(
      why(delivery("@openhands fix", { action: "edited", changes: { body: { from: "@openhands fx" } } })),
    ).toMatch(/^none: An edit/);
    expect(why(delivery("@openhands fix", { action: "edited", changes: { body: { from: "fx" } } }))).toMatch(
      /^ask: /,
    );
    const bot = { id: 5, login: "renovate[bot]", type: "Bot" };
    expect(
      why(delivery("@openhands fix", { comment: { ...delivery("@openhands fix").comment, user: bot } })),
    ).toMatch(/^none: It is by a bot/);
    expect(why({ action: "closed", issue: {} })).toMatch(/^none: /);
  });

  it("takes handles from the command line and from the environment", () => {
    const trigger = (args: readonly string[], env?: Readonly<Record<string, string>>) =>
      (json(["github", "-", ...args], delivery("@robo fix"), env) as { trigger: string }).trigger;
    expect([trigger([]), trigger(["--handle", "@robo"]), trigger([], { HANDLES: "robo" })]).toEqual([
      "none",
      "ask",
      "ask",
    ]);
  });

  it("reads a file, also one that holds the headers beside the body", () => {
    const wrapped = { headers: { "X-GitHub-Event": "issue_comment" }, body: delivery("@openhands fix") };
    writeFileSync(join(folder, "saved.json"), JSON.stringify(wrapped));
    const { status, stdout } = explain(["github", "saved.json"]);
    expect(status).toBe(0);
    expect(stdout).toContain("This delivery would start or steer a run.");
    const asText = { ...wrapped, body: JSON.stringify(wrapped.body) };
    expect(json(["github", "-"], asText)).toMatchObject({ trigger: "ask" });
  });

  it("shows the text of strangers without letting it command the terminal", () => {
    const { stdout } = explain(["github", "-"], delivery("@openhands \u001b[2J\u202egone"));
    expect(stdout).toContain("@openhands \ufffd[2J\ufffdgone");
  });

  const refusals: readonly (readonly [string, readonly string[], unknown, RegExp])[] = [
    ["broken JSON", ["github", "-"], '{"action": ', /^The input is not valid JSON\.$/],
    ["an empty input", ["github", "-"], "  ", /^The input is empty\.$/],
    ["a number", ["github", "-"], "3", /^The payload is no JSON object\.$/],
    [
      "a payload that is not its event",
      ["github", "-", "--event", "issue_comment"],
      { action: "created" },
      /^This is not a GitHub issue_comment delivery: "[\w.]+" is missing or has the wrong form\.$/,
    ],
    ["an unknown platform", ["svn", "-"], {}, /^"svn" is not a platform; there are .*github.*\.$/],
    [
      "a file that is not there",
      ["github", "nowhere.json"],
      {},
      /^nowhere\.json cannot be read: is the path right\?$/,
    ],
    ["an unknown option", ["github", "-", "--evnt", "x"], {}, /^Unknown option '--evnt'.* Use: explain/],
    ["a missing argument", ["github"], {}, /^Use: explain <platform>/],
  ];
  it.each(refusals)("answers %s with one sentence and exit code 1", (_, args, input, sentence) => {
    const { status, stdout, stderr } = explain(args, input);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
    expect(stderr.split("\n")).toHaveLength(1);
  });
});
