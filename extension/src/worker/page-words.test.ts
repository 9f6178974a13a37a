import { describe, expect, it } from "vitest";
import { cleanPageWords } from "./page-words.ts";

const base = { url: "https://github.com/acme/shop/issues/42", requestId: "r1234567" };

describe("words of a page that go along", () => {
  it("lose what cannot be seen and what turns the direction of text, and it is told how much", () => {
    const { input, removed } = cleanPageWords({
      ...base,
      text: "Fix it.",
      title: "Up\u200bloads \u202etime out",
      context: [{ kind: "selection", title: "a\u2066b", text: "return\u{e0041}\u{e0042};" }],
    });
    expect(input.title).toBe("Uploads time out");
    expect(input.context).toEqual([{ kind: "selection", title: "ab", text: "return;" }]);
    expect(removed.join()).toMatch(/3 invisible characters/);
    expect(removed.join()).toMatch(/2 bidirectional controls/);
  });

  it("keep markup, tabs and line breaks: a selection may be code", () => {
    const text = "<!-- note -->\n\t<b title='x'>é 👩‍💻</b>";
    const { input, removed } = cleanPageWords({ ...base, text: "?", context: [{ kind: "selection", text }] });
    expect(input.context?.[0]?.text).toBe(text);
    expect(removed).toEqual([]);
  });

  it("leave the person's own words alone", () => {
    expect(cleanPageWords({ ...base, text: "a\u200bb" }).input.text).toBe("a\u200bb");
  });
});
