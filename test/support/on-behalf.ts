import type { OnBehalf } from "@ask-openhands/bot/platforms/platform.ts";

/** An ask of the workspace that the fakes' connections belong to, by nobody we know, or by a linked person. */
export const onBehalf = (personId?: string): OnBehalf => ({
  workspaceId: "main",
  ...(personId === undefined ? {} : { personId }),
});
