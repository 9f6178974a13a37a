import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { describe, expect, it } from "vitest";
import { agentPlatform, createAgents } from "./agents.ts";

const backEnd = (id: string, owner: Connection["owner"], active = true): Connection => ({
  id,
  platform: agentPlatform,
  host: "app.all-hands.dev",
  owner,
  kind: "cloud",
  name: id,
  settings: {},
  secretNames: ["apiKey"],
  active,
  createdAt: "2026-03-01T12:00:00.000Z",
});

const agentsOf = (all: readonly Connection[]) =>
  createAgents({
    connections: {
      list: () => all,
      get: (id) => all.find((one) => one.id === id),
      watch: () => () => undefined,
      secret: () => undefined,
    },
    make: () => {
      throw new Error("none is asked here");
    },
  });

const { choose } = agentsOf([
  backEnd("theirs", { kind: "workspace", id: "other" }),
  backEnd("off", { kind: "workspace", id: "main" }, false),
  backEnd("ours", { kind: "workspace", id: "main" }),
  backEnd("ours-too", { kind: "workspace", id: "main" }),
  backEnd("adas", { kind: "person", id: "ada" }),
]);

describe("the back end of an ask", () => {
  it("is the asker's own, else the one named, else the workspace's first", () => {
    expect(choose({ personId: "ada", workspaceId: "main", preferred: "ours" })).toBe("adas");
    expect(choose({ personId: "bob", workspaceId: "main", preferred: "ours-too" })).toBe("ours-too");
    expect(choose({ workspaceId: "main" })).toBe("ours");
    expect(choose({ workspaceId: "main", preferred: "off" })).toBe("ours");
  });

  it("is never another workspace's or another person's, also when it is named", () => {
    expect(choose({ workspaceId: "main", preferred: "theirs" })).toBe("ours");
    expect(choose({ personId: "bob", workspaceId: "main", preferred: "adas" })).toBe("ours");
    expect(choose({ workspaceId: "third" })).toBeUndefined();
    expect(choose({ workspaceId: "third", preferred: "ours" })).toBeUndefined();
  });
});
