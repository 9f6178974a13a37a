import { createProtocol, type Protocol } from "@ask-openhands/bot/cli/demo-agent/protocol.ts";
import type { Script } from "@ask-openhands/bot/cli/demo-agent/script.ts";
import { createPretendShell, type Shell } from "@ask-openhands/bot/cli/demo-agent/shell.ts";
import { createSockets } from "@ask-openhands/bot/cli/demo-agent/sockets.ts";
import { type FakeServer, startFake } from "../http.ts";
import { openApi } from "../openapi.ts";

export interface FakeAgentServer {
  readonly fake: FakeServer;
  readonly protocol: Protocol;
  readonly key: string;
  /** For conversations and messages from now on. */
  play(script: Script): void;
  /** Breaks all WebSocket connections. */
  dropSockets(): void;
  close(): Promise<void>;
}

/** Of the old document (about version 1.11) only what has not changed since. */
const unchanged = new Set([
  "GET /api/conversations/{conversation_id}/events/search",
  "POST /api/conversations/{conversation_id}/events",
  "POST /api/bash/execute_bash_command",
  "POST /api/bash/start_bash_command",
  "POST /api/conversations/{conversation_id}/run",
  "POST /api/conversations/{conversation_id}/secrets",
  "GET /api/conversations",
]);

/** An agent server with scripted agents, faults and contract checks. */
export const startFakeAgentServer = async (
  settings: { readonly shell?: Shell; readonly pace?: number } = {},
): Promise<FakeAgentServer> => {
  const key = "fake-session-key";
  let script: Script = () => [{ do: "finish", message: "Done." }];
  const protocol = createProtocol({
    script: (message, work) => script(message, work),
    shell: settings.shell ?? createPretendShell(),
    pace: settings.pace ?? 1,
    now: Date.now,
    onDeath: () => fake.fail({ drop: true, times: Number.POSITIVE_INFINITY }),
  });
  const sockets = createSockets(protocol, key);
  const fake: FakeServer = await startFake({
    routes: protocol.routes,
    openApi: [
      openApi("openhands/agent-sdk.json", { only: (method, path) => unchanged.has(`${method} ${path}`) }),
    ],
    before: (request) => {
      if (!request.path.startsWith("/api/") || request.headers["x-session-api-key"] === key) return undefined;
      return { status: 401, json: { detail: "Unauthorized" } };
    },
    upgrade: sockets.upgrade,
  });
  return {
    fake,
    protocol,
    key,
    play(next) {
      script = next;
    },
    dropSockets: sockets.drop,
    async close() {
      sockets.close();
      await fake.close();
    },
  };
};
