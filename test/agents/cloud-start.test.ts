import { createCloudAgent } from "@ask-openhands/core/agent/cloud.ts";
import { afterEach, describe, expect, it } from "vitest";
import { follow, followUp, isEnd, order } from "../contracts/agent.ts";
import { type CloudSettings, type FakeCloud, startFakeCloud } from "../fakes/openhands-cloud/cloud.ts";
import { fastTime } from "./fast-time.ts";

const running: FakeCloud[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((cloud) => cloud.close()));
});

const begin = async (settings: CloudSettings = {}) => {
  const cloud = await startFakeCloud(settings);
  running.push(cloud);
  const facts = {
    id: "cloud-1",
    baseUrl: `${cloud.fake.url}/api/v1/`,
    key: cloud.key,
    auth: "bearer" as const,
    orgId: "11111111-1111-1111-1111-111111111111",
  };
  return {
    cloud,
    agent: createCloudAgent(facts, { fetch, ...fastTime(), maxBatchWait: 1, patience: 30_000 }),
  };
};

const repository = {
  platform: "github",
  host: "github.com",
  name: "acme/shop",
  url: "https://github.com/acme/shop",
  cloneUrl: "https://github.com/acme/shop.git",
  branch: "main",
};

describe("starting in the Cloud", () => {
  it("tells the phases of the preparation in words, each once", async () => {
    const { agent } = await begin({ phase: 120 });
    const { events } = await follow(agent, await agent.start(order()));
    const phases = events.flatMap((event) => (event.type === "phase" ? [event.text] : []));
    expect(phases).toEqual([
      "Preparing",
      "Waiting for a machine",
      "Cloning the repository",
      "Running the repository's setup script",
      "Setting up git hooks",
      "Reading the repository's skills",
      "Starting the agent",
    ]);
  });

  it("asks for repository, branch, model, secrets and organisation, and gives the conversation's page", async () => {
    const { cloud, agent } = await begin();
    const one = order({
      repository,
      model: "some/model",
      secrets: { GITHUB_TOKEN: "ghp_x" },
      images: ["data:image/png;base64,AA=="],
    });
    const conversation = await agent.start(one);
    const [call] = cloud.fake.callsTo("/api/v1/app-conversations", "POST");
    expect(call?.body).toMatchObject({
      conversation_id: one.runId,
      selected_repository: "acme/shop",
      selected_branch: "main",
      git_provider: "github",
      llm_model: "some/model",
      trigger: "openhands_api",
      secrets: { GITHUB_TOKEN: "ghp_x" },
      system_message_suffix: one.background,
      initial_message: {
        content: [
          { type: "text", text: one.prompt },
          { type: "image", image_urls: ["data:image/png;base64,AA=="] },
        ],
      },
    });
    expect(call?.headers["x-org-id"]).toBe("11111111-1111-1111-1111-111111111111");
    expect(conversation.url).toBe(`${cloud.fake.url}/conversations/${one.runId.replaceAll("-", "")}`);
  });

  it.each([
    ["bitbucket-cloud", "bitbucket", "bitbucket.org"],
    ["bitbucket-dc", "bitbucket_data_center", "git.corp.example"],
    ["gitlab", "gitlab", "gitlab.corp.example:8443"],
  ])("names %s as OpenHands does", async (platform, name, host) => {
    const { cloud, agent } = await begin({
      providerHosts: {
        bitbucket_data_center: "git.corp.example",
        gitlab: "https://gitlab.corp.example:8443/",
      },
    });
    await agent.start(order({ repository: { ...repository, platform, host } }));
    expect(cloud.fake.callsTo("/api/v1/app-conversations", "POST")[0]?.body["git_provider"]).toBe(name);
    expect(cloud.fake.violations).toEqual([]);
  });

  it("never names a repository of a server that OpenHands does not ask: the agent clones it by its address", async () => {
    const { cloud, agent } = await begin({ providerHosts: { gitlab: null, github: "github.com" } });
    const elsewhere = { ...repository, platform: "gitlab", host: "gitlab.corp.example" };
    await agent.start(order({ repository: elsewhere }));
    await agent.start(
      order({
        repository: elsewhere,
        secrets: { GITLAB_TOKEN: "glpat-x" },
        cloneWith: { secret: "GITLAB_TOKEN", user: "oauth2" },
      }),
    );
    const [plain, withToken] = cloud.fake.callsTo("/api/v1/app-conversations", "POST");
    for (const call of [plain, withToken]) {
      expect(call?.body).not.toHaveProperty("selected_repository");
      expect(call?.body).not.toHaveProperty("git_provider");
      expect(call?.body["system_message_suffix"]).toContain(`First clone ${repository.cloneUrl}`);
    }
    expect(withToken?.body["system_message_suffix"]).toContain("the token in `GITLAB_TOKEN`");
  });

  it("finds the start whose answer was lost, also while it is still being prepared", async () => {
    const { cloud, agent } = await begin({ phase: 60 });
    cloud.fake.fail({ method: "POST", path: "/api/v1/app-conversations", dropAfterEffect: true });
    const one = order();
    await expect(agent.start(one)).rejects.toMatchObject({ kind: "unavailable" });
    const conversation = await agent.start(one);
    await follow(agent, conversation);
    await agent.start(one);
    expect(cloud.starts).toBe(1);
  });

  it("tells why a start failed, once, and starts anew when asked again", async () => {
    const { cloud, agent } = await begin();
    cloud.failNextStart("Repository acme/shop not found or no access");
    const one = order();
    const conversation = await agent.start(one);
    const { events, cursor } = await follow(agent, conversation);
    expect(events.findLast(isEnd)).toMatchObject({
      type: "ended",
      reason: "error",
      detail: "Repository acme/shop not found or no access",
    });
    expect((await agent.read(conversation, cursor)).events).toEqual([]);
    const again = await agent.start(one);
    expect((await follow(agent, again)).events.findLast(isEnd)).toMatchObject({ reason: "finished" });
  });

  it("queues a follow-up that comes before the machine is ready", async () => {
    const { cloud, agent } = await begin({ phase: 80 });
    cloud.play((message) =>
      message.includes("tests")
        ? [{ do: "finish", message: "With tests." }]
        : [
            { do: "wait", milliseconds: 50 },
            { do: "finish", message: "Without." },
          ],
    );
    const conversation = await agent.start(order());
    const asked = await agent.say(conversation, followUp("And add tests."));
    const { events } = await follow(agent, asked);
    expect(events.filter(isEnd)).toEqual([{ type: "ended", reason: "finished", summary: "With tests." }]);
  });

  it("stops a conversation that is still being prepared as soon as it has a machine", async () => {
    const { cloud, agent } = await begin({ phase: 150 });
    cloud.play(() => [{ do: "hang" }]);
    const conversation = await agent.start(order());
    await expect(agent.stop(conversation)).rejects.toMatchObject({ kind: "unavailable" });
    const begun = await follow(
      agent,
      conversation,
      undefined,
      (event) => event.type === "phase" && event.text.includes("Cloning"),
    );
    await agent.stop(begun.conversation);
    expect(cloud.fake.callsTo("/api/v1/sandboxes/:id/pause", "POST")).toHaveLength(1);
  });
});
