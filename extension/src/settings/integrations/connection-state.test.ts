import { describe, expect, it } from "vitest";
import { connectionState } from "./connection-state.ts";

const now = Date.parse("2026-06-01T00:00:00Z");
const status = { ok: true, tokenKind: "token", scopes: [], checkedAt: "2026-05-31T00:00:00Z" };

const bare = { settings: {}, secrets: [] };

describe("connectionState", () => {
  it("says that a connection is switched off before anything else", () => {
    expect(connectionState({ ...bare, active: false, status: { ...status, ok: false } }, now)[1]).toBe(
      "Switched off",
    );
  });

  it("does not call a connection good that nobody has checked", () => {
    expect(connectionState({ ...bare, active: true }, now)).toEqual(["plain", "Not checked"]);
  });

  it("warns two weeks before a token ends and says when it has ended", () => {
    const ending = (expiresAt: string) =>
      connectionState({ ...bare, active: true, status: { ...status, expiresAt } }, now)[1];
    expect(ending("2026-06-20T00:00:00Z")).toBe("Connected");
    expect(ending("2026-06-10T00:00:00Z")).toBe("Ends soon");
    expect(ending("2026-05-30T00:00:00Z")).toBe("Expired");
  });

  it("tells of scopes that are missing although the token works", () => {
    const scopes = [{ name: "api", state: "missing" as const, for: "posting" }];
    expect(connectionState({ ...bare, active: true, status: { ...status, scopes } }, now)[1]).toBe(
      "Scopes missing",
    );
  });

  it("calls an OAuth application without an account of its own ready, not connected", () => {
    const client = { settings: { clientId: "app" }, secrets: [{ name: "clientSecret" }] };
    expect(connectionState({ ...client, active: true, status }, now)[1]).toBe("Ready for sign-in");
    const installed = { ...status, account: { id: "1", name: "Acme" } };
    expect(connectionState({ ...client, active: true, status: installed }, now)[1]).toBe("Connected");
  });
});
