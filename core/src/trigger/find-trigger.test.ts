import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mention } from "../work/mention.ts";
import { asksNewly, findTrigger } from "./find-trigger.ts";

const handles = ["@openhands"];

const mention = (text: string, change: Partial<Mention> = {}): Mention => ({
  key: "forge:example.com:comment:1",
  place: {
    platform: "forge",
    host: "example.com",
    key: "p",
    kind: "issue",
    url: "https://example.com/1",
    label: "#1",
    address: {},
  },
  author: { platform: "forge", host: "example.com", id: "7", name: "ana", kind: "person" },
  way: "comment",
  text,
  at: "2026-05-01T10:00:00Z",
  change: "new",
  reply: {},
  ...change,
});

const trigger = (text: string, change: Partial<Mention> = {}) => findTrigger(mention(text, change), handles);

describe("findTrigger", () => {
  it.each([
    "@openhands fix it",
    "@OpenHands fix it",
    "@OPENHANDS",
    "please @openhands, fix it",
    "(@openhands) fix it",
    "@openhands: fix it",
    "@openhands's turn",
    "“@openhands” fix it",
    "/@openhands fix it",
    "cc:@openhands",
    "-@openhands",
    "fix it.@openhands",
    "fix it @openhands",
    "请@openhands修复",
    "버그를 @openhands에게",
    "😀@openhands😀",
    "_@openhands fix it_",
    "@openhands\nfix it",
  ])("hears %j", (text) => {
    expect(trigger(text).kind).toBe("ask");
  });

  it.each([
    "openhands fix it",
    "@ openhands fix it",
    "@openhands-agent fix it",
    "@openhands_x fix it",
    "@openhandsx fix it",
    "@openhands2 fix it",
    "@openhandsé fix it",
    "@openhands\u0301 fix it",
    "@openhandsы fix it",
    "@open\u200bhands fix it",
    "@openhandſ fix it",
    "me@openhands.com",
    "é@openhands fix it",
    "ы@openhands fix it",
    "𝒳@openhands fix it",
    "1@openhands fix it",
    "_x_@openhands_x",
    "@@openhands fix it",
    "> @openhands fix it",
    "`@openhands` fix it",
    "<!-- @openhands -->",
    "// @openhands fix it",
    "  // @openhands fix it",
    "[note] @openhands fix it",
    "[NOTE] for us\n@openhands fix it",
    "",
  ])("does not hear %j", (text) => {
    expect(trigger(text).kind).toBe("none");
  });

  it("says that a handle stands where it does not count", () => {
    expect(trigger("> @openhands")).toEqual({
      kind: "none",
      why: "The handle stands only in a quote, code, a comment or a link.",
    });
    expect(trigger("hello")).toEqual({ kind: "none", why: "The visible text does not have the handle." });
  });

  it("hears every configured handle, the longer one first", () => {
    const several = ["oh", "@oh-my"];
    expect(findTrigger(mention("@oh-my fix"), several)).toMatchObject({ kind: "ask", request: "fix" });
    expect(findTrigger(mention("@oh fix"), several)).toMatchObject({ kind: "ask", request: "fix" });
    expect(findTrigger(mention("@oh-dear fix"), several).kind).toBe("none");
  });

  it.each([
    ["@openhands fix the build", "fix the build"],
    ["@openhands, fix the build", "fix the build"],
    ["Hi @openhands: fix the build", "Hi fix the build"],
    ["Fix the build @openhands", "Fix the build"],
    ["> the build is red\n\n@openhands fix it", "> the build is red\n\nfix it"],
    ["@openhands use `@openhands` as the handle", "use `@openhands` as the handle"],
    ["@openhands @openhands fix", "fix"],
    ["@openhands", ""],
  ])("takes the request of %j", (text, request) => {
    expect(trigger(text)).toEqual({ kind: "ask", request, options: {}, fresh: false });
  });

  it.each([
    ["@openhands stop", "stop"],
    ["@OpenHands STOP!", "stop"],
    ["@openhands, please stop.", "stop"],
    ["stop @openhands", "stop"],
    ["@openhands can you stop it please?", "stop"],
    ["> what are you doing\n\n@openhands stop\n\nThanks!", "stop"],
    ["**@openhands** `x` status?", "status"],
    ["@openhands retry", "retry"],
    ["@openhands retry model=gpt-5", "retry"],
    ["@openhands queue", "queue"],
    ["@openhands help", "help"],
    ["@openhands why?", "why"],
    ["@openhands why was I refused?", "why"],
    ["@openhands config", "config"],
  ])("understands %j as a command", (text, name) => {
    expect(trigger(text)).toMatchObject({ kind: "command", name });
  });

  it.each([
    "@openhands stop the flaky test from failing",
    "@openhands help us fix the login",
    "@openhands why does this test fail?",
    "@openhands the config is wrong",
    "@openhands retry the upload three times before giving up",
    "@openhands status code is wrong",
  ])("understands %j as an ask", (text) => {
    expect(trigger(text)).toMatchObject({ kind: "ask", fresh: false });
  });

  it.each([
    ["@openhands new fix the login", "fix the login"],
    ["@openhands New: fix the login", "fix the login"],
    ["The login fails. @openhands new look again", "The login fails. look again"],
    ["@openhands branch=main new look again", "look again"],
    ["@openhands new", ""],
  ])("begins afresh for %j", (text, request) => {
    expect(trigger(text)).toMatchObject({ kind: "ask", fresh: true, request });
  });

  it("does not begin afresh because of another word or another place of new", () => {
    expect(trigger("@openhands newer libraries are out, update")).toMatchObject({ fresh: false });
    expect(trigger("new tests fail, @openhands fix them")).toMatchObject({ fresh: false });
  });

  it("takes options from anywhere in the visible text, and nothing else", () => {
    expect(
      trigger(
        '@openhands repo=acme/app fix it branch="release/1.2" model=openhands/claude-sonnet-4-5, please. size=3 `branch=no`',
      ),
    ).toEqual({
      kind: "ask",
      request: "fix it please. size=3 `branch=no`",
      options: { repository: "acme/app", branch: "release/1.2", model: "openhands/claude-sonnet-4-5" },
      fresh: false,
    });
    expect(trigger("@openhands see https://x.test/?repo=a/b and xrepo=a/b")).toMatchObject({ options: {} });
    expect(trigger("@openhands repo=https://git.example.com/group/sub/app.git fix")).toMatchObject({
      options: { repository: "git.example.com/group/sub/app" },
    });
  });

  it("lets what was chosen in a form win over the text", () => {
    const chosen = { repository: "acme/other", branch: "" };
    expect(trigger("@openhands repo=acme/app branch=dev fix", { chosen })).toMatchObject({
      options: { repository: "acme/other", branch: "dev" },
    });
  });

  it("keeps the sentence about a refused option beside the ask, also when a command is refused with it", () => {
    for (const text of ["@openhands fix branch=--upload-pack=touch", "@openhands retry branch=$(id)"]) {
      expect(trigger(text)).toMatchObject({
        kind: "ask",
        options: {},
        refused: expect.stringContaining("branch="),
      });
    }
  });

  it("needs no handle where the platform says that it is for us", () => {
    expect(trigger("fix it", { way: "direct" })).toMatchObject({ kind: "ask", request: "fix it" });
    expect(trigger("stop", { way: "command" })).toMatchObject({ kind: "command", name: "stop" });
    expect(trigger("new fix it", { way: "command" })).toMatchObject({
      kind: "ask",
      fresh: true,
      request: "fix it",
    });
    expect(trigger("fix it branch=x", { way: "button" })).toMatchObject({
      kind: "ask",
      options: { branch: "x" },
    });
    expect(trigger("// for us", { way: "direct" }).kind).toBe("none");
  });

  it("takes no words from the description beside a label or an assignment", () => {
    for (const way of ["label", "assignment"] as const) {
      expect(trigger("stop repo=evil/x", { way, chosen: { model: "m" } })).toEqual({
        kind: "ask",
        request: "",
        options: { model: "m" },
        fresh: false,
      });
    }
  });

  it("never hears its own posts", () => {
    const author = { ...mention("").author, kind: "self" as const };
    expect(trigger("@openhands fix", { author }).kind).toBe("none");
  });

  it("agrees with the rule written as one pattern, for every plain ASCII surrounding", () => {
    const plain = fc.string({ unit: fc.constantFrom(..."aZ9@-. ,;:!?é"), maxLength: 3 });
    fc.assert(
      fc.property(plain, plain, fc.constantFrom("@openhands", "@OpenHands"), (before, after, handle) => {
        const text = `x ${before}${handle}${after} y`;
        const expected = /(?<![\p{L}\p{N}_@])@openhands(?![\p{L}\p{N}_-])/iu.test(text);
        expect(trigger(text).kind !== "none").toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("never throws, and never leaves the visible handle in a request", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.string({ maxLength: 60 }),
        (before, after) => {
          const found = trigger(`${before} @openhands ${after}`);
          if (found.kind === "ask")
            expect(found.request.length).toBeLessThanOrEqual(before.length + after.length + 2);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("reads a megabyte of hostile text in a moment", () => {
    for (const unit of [
      "@openhands ",
      "@openhands@",
      "repo=",
      'repo="',
      "branch=....a",
      "new ",
      "stop ",
      "please ",
      ",;",
      "@",
    ]) {
      const started = performance.now();
      trigger(`@openhands ${unit.repeat(Math.ceil(1_000_000 / unit.length))}`);
      expect(performance.now() - started, unit).toBeLessThan(4000);
    }
  });
});

describe("asksNewly", () => {
  it.each([
    ["new", "@openhands fix", undefined, true],
    ["new", "hello", undefined, false],
    ["edited", "@openhands fix", "please fix", true],
    ["edited", "@openhands fix", "> @openhands fix", true],
    ["edited", "@openhands fix it now", "@openhands fix it", false],
    ["edited", "please fix", "@openhands fix", false],
    ["edited", "@openhands fix", undefined, true],
    ["deleted", "@openhands fix", undefined, false],
  ] as const)("for a mention %s to %j from %j says %s", (change, text, before, expected) => {
    expect(asksNewly(mention(text, { change, before }), handles)).toBe(expected);
  });
});
