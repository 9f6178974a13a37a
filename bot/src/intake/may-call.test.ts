import { mayName } from "@ask-openhands/core/trigger/handle-spans.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayCall } from "./may-call.ts";

const names = ["@openhands", "OpenHands-Bot"];
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Every string in a JSON value, names of fields too. */
const stringsIn = (value: unknown): readonly string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [key, ...stringsIn(one)]);
};

const escaped = (text: string): string =>
  [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

describe("what the bytes of a body say about names", () => {
  it.each([
    ['{"body":"@openhands fix it"}', true],
    ['{"body":"Please, @OPENHANDS!"}', true],
    ['{"body":"code@openhands-botany"}', true],
    ['{"body":"link-bcdfghjkmnpqrstv"}', true],
    [`{"body":"${escaped("@")}openhands"}`, true],
    [`{"body":"@o${escaped("p")}enhands"}`, true],
    ['{"body":"somebody@example.org has seen it, @mara too"}', false],
    ['{"body":"@openhand"}', false],
    ['{"body":"@', false],
    [`{"body":"${"@".repeat(2_000)}"}`, true],
    ["", false],
  ])("%s: %s", (body, wanted) => {
    expect(mayCall(bytesOf(body), names)).toBe(wanted);
  });

  it("is in doubt about names that JSON can write in several ways, and finds nothing where there is no name", () => {
    for (const name of ["@open/hands", "@höpenhands", '@open"hands'])
      expect(mayCall(bytesOf("{}"), [name])).toBe(true);
    expect(mayCall(bytesOf('{"body":"@openhands"}'), [])).toBe(false);
  });

  it("never says no to a body in which the full path would find a name, however it is written", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "@",
        "openhands",
        "@OpenHands",
        "@openhands-bot",
        "link-",
        "ſ",
        "\u212a",
        "\\",
        '"',
        "/",
      ),
      fc.string({ unit: "binary", maxLength: 6 }),
    );
    const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(""));
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        text,
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(text, tie("any"), { maxKeys: 3 }),
      ),
    })).any;
    let silent = 0;
    fc.assert(
      fc.property(value, fc.boolean(), (one, numbers) => {
        const json = JSON.stringify(one);
        const body = numbers ? json.replace(/[a-z@]/gi, (char) => escaped(char)) : json;
        if (mayCall(bytesOf(body), names)) return;
        silent += 1;
        for (const found of stringsIn(one)) {
          expect(mayName(found, names)).toBe(false);
          expect(found).not.toContain("link-");
        }
      }),
      { numRuns: 5_000 },
    );
    expect(silent).toBeGreaterThan(500);
  });
});
