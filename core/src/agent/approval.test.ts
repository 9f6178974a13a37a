import { expect, it } from "vitest";
import { isYes } from "./approval.ts";

it.each(["yes", "Yes, please", "ok", "go ahead", "@bot approve".slice(5), "👍", "LGTM"])(
  "is a yes: %s",
  (text) => {
    expect(isYes(text)).toBe(true);
  },
);
it.each(["no", "don't", "not yet", "yesterday it failed", "okra", "why?", "", "stop, ok?"])(
  "is no yes: %s",
  (text) => {
    expect(isYes(text)).toBe(false);
  },
);
