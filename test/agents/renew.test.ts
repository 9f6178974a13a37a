import { createCloudAgent } from "@ask-openhands/core/agent/cloud.ts";
import { createServerAgent } from "@ask-openhands/core/agent/server.ts";
import { expect, it, onTestFinished } from "vitest";
import { follow, order } from "../contracts/agent.ts";
import { startFakeCloud } from "../fakes/openhands-cloud/cloud.ts";
import { startFakeAgentServer } from "../fakes/openhands-server/server.ts";

const old = { TOKEN: "old-value", OTHER: "kept" };

it("an agent server's conversation gets new values, and keeps those that are not named", async () => {
  const server = await startFakeAgentServer();
  onTestFinished(() => server.close());
  const facts = { id: "s", baseUrl: server.fake.url, key: server.key, model: { model: "openai/stub" } };
  const agent = createServerAgent(facts, { fetch, maxBatchWait: 1 });
  const conversation = await agent.start(order({ secrets: old }));
  await agent.renew?.(conversation, { TOKEN: "new-value" });
  expect(server.protocol.conversations.get(conversation.id)?.secrets).toEqual({
    TOKEN: "new-value",
    OTHER: "kept",
  });
});

it("the Cloud's conversation gets them at its machine; one that cannot be reached is told so", async () => {
  const cloud = await startFakeCloud();
  onTestFinished(() => cloud.close());
  const facts = { id: "c", baseUrl: cloud.fake.url, key: cloud.key, auth: "bearer" as const };
  const agent = createCloudAgent(facts, { fetch, maxBatchWait: 1 });
  const { conversation } = await follow(agent, await agent.start(order({ secrets: old })));
  await agent.renew?.(conversation, { TOKEN: "new-value" });
  expect(cloud.conversation(conversation.id).scripted.secrets).toEqual({ TOKEN: "new-value", OTHER: "kept" });
  cloud.sandboxes.fail({ path: /secrets/, status: 503, times: Number.POSITIVE_INFINITY });
  await expect(agent.renew?.(conversation, { TOKEN: "newer" })).rejects.toThrow();
});
