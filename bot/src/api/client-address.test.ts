import { describe, expect, it } from "vitest";
import { createClientAddress } from "./client-address.ts";

describe("createClientAddress", () => {
  it("believes nobody unless told to", () => {
    expect(createClientAddress([])("203.0.113.5", "1.2.3.4")).toBe("203.0.113.5");
    expect(createClientAddress(["10.0.0.0/8"])("203.0.113.5", "1.2.3.4")).toBe("203.0.113.5");
  });

  it.each([
    ["1.2.3.4", "1.2.3.4"],
    ["6.6.6.6, 1.2.3.4", "1.2.3.4"],
    ["6.6.6.6, 1.2.3.4, 10.9.9.9", "1.2.3.4"],
    ["10.1.1.1", "10.1.1.1"],
    ["nonsense", "10.0.0.1"],
    ["1.2.3.4, nonsense", "10.0.0.1"],
    ["", "10.0.0.1"],
    [undefined, "10.0.0.1"],
  ])("reads %j from the right, through trusted proxies only: %s", (forwarded, expected) => {
    expect(createClientAddress(["10.0.0.0/8"])("10.0.0.1", forwarded)).toBe(expected);
  });

  it("knows addresses in either family, also IPv4 written as IPv6", () => {
    const address = createClientAddress(["127.0.0.1", "fd00::/8"]);
    expect(address("::ffff:127.0.0.1", "1.2.3.4")).toBe("1.2.3.4");
    expect(address("fd12::1", "2001:db8::5")).toBe("2001:db8::5");
    expect(address("2001:db8::9", "1.2.3.4")).toBe("2001:db8::9");
    expect(address(undefined, "1.2.3.4")).toBe("unknown");
  });
});
