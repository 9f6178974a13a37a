import type { GitLabHook } from "@ask-openhands/core/wire/gitlab-api.ts";
import { expect, it } from "vitest";
import { isDisabled } from "./hook-row.ts";

const soon = new Date(Date.now() + 60_000).toISOString();
const past = new Date(Date.now() - 60_000).toISOString();

it.each([
  [{}, false],
  [{ alert_status: "executable", disabled_until: null }, false],
  [{ alert_status: "executable", disabled_until: past }, false],
  [{ alert_status: "temporarily_disabled", disabled_until: soon }, true],
  [{ alert_status: "disabled", disabled_until: null }, true],
  [{ disabled_until: past }, false],
  [{ disabled_until: soon }, true],
])("a hook with %o is switched off: %s", (part, off) => {
  const hook: GitLabHook = { id: "1", url: "https://bot.test/webhooks/gitlab", ...part };
  expect(isDisabled(hook)).toBe(off);
});
