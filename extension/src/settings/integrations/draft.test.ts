import type { ConnectionView, CredentialKindView } from "@ask-openhands/core/api/types.ts";
import { describe, expect, it } from "vitest";
import { startDraft, toChange, toValues, wrongWith } from "./draft.ts";

const field = (key: string, more: object = {}) => ({
  key,
  label: key,
  help: "",
  secret: false,
  required: false,
  format: "text" as const,
  ...more,
});

const kind: CredentialKindView = {
  platform: "example",
  kind: "token",
  name: "Token",
  owner: "either",
  host: { from: "address" },
  fields: [
    field("address", { format: "url", fallback: "https://git.example.com" }),
    field("group"),
    field("token", { secret: true, required: true }),
    field("agentToken", { secret: true }),
  ],
  scopes: [],
  how: "",
};

const stored = {
  settings: { address: "https://one.example.com", group: "tools", client: "kept" },
} as unknown as ConnectionView;

describe("the draft of a connection", () => {
  it("begins with the usual address and never with a secret", () => {
    expect(startDraft(kind)).toEqual({
      address: "https://git.example.com",
      group: "",
      token: "",
      agentToken: "",
    });
    expect(startDraft(kind, stored)["address"]).toBe("https://one.example.com");
  });

  it("leaves out what was left empty and keeps secrets apart", () => {
    expect(
      toValues(kind, { address: " https://a.example.com ", group: "", token: "t0ken", agentToken: "" }),
    ).toEqual({
      settings: { address: "https://a.example.com" },
      secrets: { token: "t0ken" },
    });
  });

  it("removes a setting that was emptied, but nothing that the form does not show", () => {
    const draft = { ...startDraft(kind, stored), group: "" };
    expect(toChange(kind, draft, stored, new Set(["agentToken"]))).toEqual({
      settings: { address: "https://one.example.com", group: null },
      secrets: { agentToken: null },
    });
  });

  it("finds what is wrong with a field by its own name and by its place in the body", () => {
    const problem = {
      type: "",
      title: "",
      status: 400,
      detail: "",
      fields: [{ field: "secrets.token", detail: "is too short" }],
    };
    expect(wrongWith(problem, "token")).toBe("is too short");
    expect(wrongWith(problem, "address")).toBeUndefined();
  });
});
