import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";

const hosts = ["git.one.example", "git.two.example", "git.three.example", "git.four.example"];

describe.skipIf(!hasChromium)("servers that are added at the same time", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser({ allowed: ["https://*/*"] });
  });
  afterAll(() => browser?.close());

  it("all get their script, and none is refused because another is being added", async () => {
    const own = await browser.open("options.html");
    const answers = await own.evaluate(
      (names) =>
        Promise.all(
          names.map((name) =>
            chrome.runtime.sendMessage({
              operation: "add-site",
              input: { address: `https://${name}`, product: "gitlab" },
            }),
          ),
        ),
      hosts,
    );
    expect(answers.map((answer: { readonly ok: boolean }) => answer.ok)).toEqual(hosts.map(() => true));
    const registered = await own.evaluate(() => chrome.scripting.getRegisteredContentScripts());
    expect(registered.flatMap(({ matches }) => matches ?? []).sort()).toEqual(
      hosts.map((name) => `https://${name}/*`).sort(),
    );
  });
});
