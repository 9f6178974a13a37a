import type { ConnectionView } from "@ask-openhands/core/api/types.ts";

const common = {
  owner: { kind: "workspace", id: "w1" },
  settings: {},
  secrets: [{ name: "token" }],
  active: true,
  fixed: false,
  createdAt: "2026-05-01T10:00:00.000Z",
  hasHooks: true,
  hasInstallations: false,
  may: { edit: false, remove: false, activate: false, hooks: false, link: true },
} as const satisfies Partial<ConnectionView>;

const checked = { tokenKind: "token", checkedAt: "2026-05-01T10:00:00.000Z" } as const;

/** Connections of the fake bot's workspace: one that works, one that does not. */
export const fakeConnections: readonly ConnectionView[] = [
  {
    ...common,
    secrets: [...common.secrets],
    id: "c1",
    platform: "github",
    platformName: "GitHub",
    kind: "app",
    kindName: "GitHub App",
    host: "github.com",
    name: "acme",
    status: { ...checked, ok: true, account: { id: "1", name: "openhands-bot" }, scopes: [] },
  },
  {
    ...common,
    secrets: [...common.secrets],
    id: "c2",
    platform: "jira-cloud",
    platformName: "Jira Cloud",
    kind: "token",
    kindName: "API token",
    host: "acme.atlassian.net",
    name: "tickets",
    status: {
      ...checked,
      ok: false,
      scopes: [],
      problem: "The server does not accept this token.",
      cure: "Enter a new one.",
    },
  },
];
