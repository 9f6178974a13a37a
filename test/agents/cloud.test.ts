import { createCloudAgent } from "@ask-openhands/core/agent/cloud.ts";
import { afterAll, expect, it } from "vitest";
import { agentContract } from "../contracts/agent.ts";
import { startFakeCloud } from "../fakes/openhands-cloud/cloud.ts";
import { sharedPath } from "../fakes/shared-dir.ts";
import { fastTime } from "./fast-time.ts";

const sent = { checked: 0, violations: [] as string[], unspecified: [] as string[] };

agentContract("The Cloud back end (fake app server)", async () => {
  const cloud = await startFakeCloud();
  const facts = { id: "cloud-1", baseUrl: cloud.fake.url, key: cloud.key, auth: "bearer" as const };
  const quick = { fetch, maxBatchWait: 1, patience: 40_000 };
  return {
    agent: createCloudAgent(facts, { ...quick, ...fastTime() }),
    stranger: createCloudAgent({ ...facts, key: "wrong-key-wrong-key" }, { fetch }),
    play: cloud.play,
    messages: async (id) =>
      cloud
        .conversation(id)
        .scripted.events.filter((event) => event.kind === "MessageEvent" && event["source"] === "user")
        .map(
          (event) =>
            (event["llm_message"] as { content: readonly { text: string }[] }).content[0]?.text ?? "",
        ),
    background: async (id) => cloud.conversation(id).scripted.background,
    close: async () => {
      sent.checked = cloud.fake.checked;
      sent.unspecified = [...cloud.fake.unspecified];
      sent.violations = [...cloud.fake.violations, ...cloud.sandboxes.violations];
      await cloud.close();
    },
  };
});

afterAll(() => {
  expect(sent.violations).toEqual([]);
  // Nothing was asked for that the app server does not have.
  expect(sent.unspecified).toEqual([]);
});

it.skipIf(sharedPath("contracts") === undefined)(
  "its requests are right by the app server's OpenAPI document",
  () => {
    expect(sent.checked).toBeGreaterThan(50);
  },
);
