import { describe, expect, it } from "vitest";
import { sayAction, sayTarget } from "./say-action.ts";

describe("the audit in words", () => {
  it("names what was done, also when it is not known", () => {
    expect(sayAction("hook.installed")).toBe("Webhook installed");
    expect(sayAction("run.stop-asked")).toBe("Run stop asked");
    expect(sayAction("moon.landed")).toBe("moon landed");
  });

  it("names what it was done to, without ids that mean nothing to people", () => {
    expect(sayTarget({ target: "git.example.com", detail: "private" })).toBe("git.example.com · private");
    expect(sayTarget({ target: "Zm9vYmFyYmF6cXV4MTIz", detail: "github github.com" })).toBe(
      "github github.com",
    );
    expect(sayTarget({ target: "11111111-1111-4111-8111-111111111111", detail: "https://x.test/1" })).toBe(
      "https://x.test/1",
    );
    expect(sayTarget({ target: "NPM_TOKEN", detail: "NPM_TOKEN" })).toBe("NPM_TOKEN");
    expect(sayTarget({})).toBe("");
  });
});
