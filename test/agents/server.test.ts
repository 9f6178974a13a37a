import { createServerAgent } from "@ask-openhands/core/agent/server.ts";
import { afterAll, expect } from "vitest";
import { agentContract } from "../contracts/agent.ts";
import { startFakeAgentServer } from "../fakes/openhands-server/server.ts";

const sent = { violations: [] as string[] };

agentContract("The agent server back end (fake server)", async () => {
  const server = await startFakeAgentServer();
  const facts = {
    id: "server-1",
    baseUrl: server.fake.url,
    key: server.key,
    model: { model: "openai/stub" },
  };
  return {
    agent: createServerAgent(facts, { fetch, maxBatchWait: 1 }),
    stranger: createServerAgent({ ...facts, key: "wrong-key-wrong-key" }, { fetch }),
    play: server.play,
    messages: async (id) =>
      (server.protocol.conversations.get(id)?.events ?? [])
        .filter((event) => event.kind === "MessageEvent" && event["source"] === "user")
        .map(
          (event) =>
            (event["llm_message"] as { content: readonly { text: string }[] }).content[0]?.text ?? "",
        ),
    background: async (id) => server.protocol.conversations.get(id)?.background ?? "",
    close: async () => {
      // What is new since the old document is checked by `test/openhands`, against the server's own.
      sent.violations = [...server.fake.violations, ...server.fake.unrouted];
      await server.close();
    },
  };
});

afterAll(() => {
  expect(sent.violations).toEqual([]);
});
