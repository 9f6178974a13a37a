import { describe, expect, it } from "vitest";
import { isSameRepository } from "./same-repository.ts";

const shop = { host: "github.com", name: "acme/shop", id: "7" };

describe("the same repository", () => {
  it("is known by its id where both tell it", () => {
    expect(isSameRepository(shop, { ...shop, name: "acme/store" })).toBe(true);
    expect(isSameRepository(shop, { ...shop, id: "8" })).toBe(false);
  });

  it("is known by its name where one does not", () => {
    const old = { host: shop.host, name: shop.name };
    expect(isSameRepository(old, shop)).toBe(true);
    expect(isSameRepository(old, { ...shop, name: "acme/store" })).toBe(false);
  });

  it("is never on another host, and none is only none", () => {
    expect(isSameRepository(shop, { ...shop, host: "git.example" })).toBe(false);
    expect(isSameRepository(undefined, shop)).toBe(false);
    expect(isSameRepository(undefined, undefined)).toBe(true);
  });
});
