import type { Connection } from "@ask-openhands/core/connection/connection.ts";

/** The code host of the bench: its repository, and the connection to it. */
export const facts = {
  platform: "forge",
  host: "forge.test",
  name: "acme/site",
  url: "https://forge.test/acme/site",
  cloneUrl: "https://forge.test/acme/site.git",
};

export const connection: Connection = {
  id: "c1",
  platform: "forge",
  host: "forge.test",
  owner: { kind: "workspace", id: "main" },
  kind: "token",
  name: "forge",
  settings: {},
  secretNames: [],
  active: true,
  createdAt: "2026-01-01T00:00:00Z",
};
