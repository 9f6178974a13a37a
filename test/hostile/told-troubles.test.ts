import { tellTroubles } from "@ask-openhands/bot/compose/tell-troubles.ts";
import type { ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import { describe, expect, it } from "vitest";
import { createKeptLog } from "../support/silent-log.ts";

const canary = "ghp_canaryCanaryCanary0123456789abcdef";

const connection = {
  id: "c1",
  platform: "forge",
  host: "forge.test",
  owner: { kind: "workspace", id: "main" },
  kind: "token",
  name: "Forge",
  settings: {},
  secretNames: ["token"],
  active: true,
  createdAt: "",
} as const;

const tell = async (status: Partial<ConnectionStatus>) => {
  const log = createKeptLog();
  const inspect = async (): Promise<ConnectionStatus> => ({
    ok: false,
    tokenKind: "token",
    scopes: [],
    checkedAt: "",
    ...status,
  });
  await tellTroubles({
    people: { connections: { all: () => [connection], setStatus: async () => undefined } },
    platforms: new Map([["forge", { id: "forge", name: "Forge", inspect }]]),
    catalog: [],
    redact: (text: string) => text.replaceAll(canary, "[redacted]"),
    now: () => 0,
    log,
  } as unknown as Parameters<typeof tellTroubles>[0]);
  return log.lines.map(({ message }) => message).join("\n");
};

describe("the lines about what will not work", () => {
  it("hold no secret that a server quotes back", async () => {
    const problem = `The server refuses it (HTTP 401: "bad token ${canary}").`;
    expect(await tell({ problem })).toContain("bad token [redacted]");
    const scopes = [{ name: `repo ${canary}`, state: "missing", for: "" }] as const;
    expect(await tell({ ok: true, scopes })).not.toContain("canaryCanary");
  });
});
