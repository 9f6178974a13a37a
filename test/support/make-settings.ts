import type { WorkspaceSettings } from "@ask-openhands/core/connection/workspace-settings.ts";

/** Settings of a workspace with everything at its default. */
export const makeSettings = (part: Partial<WorkspaceSettings> = {}): WorkspaceSettings => ({
  handles: ["@openhands"],
  labels: ["openhands"],
  allowedBots: [],
  allowedPeople: [],
  blockedPeople: [],
  allowedRepositories: [],
  openChannels: [],
  defaultRepositories: [],
  requireLink: false,
  trustMembers: false,
  defaultAgent: undefined,
  model: undefined,
  runsPerPerson: 3,
  runsPerWorkspace: 10,
  runTimeout: 3_600_000,
  closing: "comment",
  agentToken: "workspace",
  allowCiChanges: false,
  plainReplies: false,
  allowGuests: false,
  ...part,
});
