import { describe, expect, it } from "vitest";
import { originPattern, readBaseUrl } from "./address.ts";

describe("an address as people type it", () => {
  it.each([
    ["bot.example.com", "https://bot.example.com"],
    ["  https://bot.example.com/  ", "https://bot.example.com"],
    ["https://example.com/bot/", "https://example.com/bot"],
    ["http://bot.lan:3000", "http://bot.lan:3000"],
    ["localhost:3000", "http://localhost:3000"],
    ["127.0.0.1:8000", "http://127.0.0.1:8000"],
    ["BOT.Example.com", "https://bot.example.com"],
  ])("%j is read as %s", (typed, expected) => {
    expect(readBaseUrl(typed)).toBe(expected);
  });

  it.each([
    "not an address",
    "ftp://example.com",
    "javascript:alert(1)",
    "https://name:word@example.com",
    "https://",
  ])("%j is refused with a sentence", (typed) => {
    expect(() => readBaseUrl(typed)).toThrow(/address/);
  });

  it("asks for access to one host only", () => {
    expect(originPattern("https://git.example.com:8443/bitbucket")).toBe("https://git.example.com/*");
  });
});
