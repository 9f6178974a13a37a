import { describe, expect, it } from "vitest";
import { covers } from "./sites.ts";

describe("a match pattern of the manifest", () => {
  it.each([
    ["https://github.com/*", "https://github.com/acme/shop", true],
    ["https://github.com/*", "https://gist.github.com/acme", false],
    ["https://github.com/*", "http://github.com/acme", false],
    ["https://github.com/*", "https://evil.example/?https://github.com/", false],
    ["https://*.atlassian.net/*", "https://acme.atlassian.net/browse/A-1", true],
    ["https://*.atlassian.net/*", "https://atlassian.net.evil.example/", false],
    ["https://*.atlassian.net/*", "https://evilatlassian.net/", false],
    ["https://*/*", "https://github.com/", false],
    ["https://github.com/*", "", false],
  ])("%s and %s: %s", (pattern, url, expected) => {
    expect(covers(pattern, url)).toBe(expected);
  });
});
