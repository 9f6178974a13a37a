import type { FixedConnection } from "@ask-openhands/bot/settings/environment-connections.ts";
import { afterEach, describe, expect, it } from "vitest";
import { subject as github, startGitHubWorld } from "../contracts/subjects/github.ts";
import { type GitServer, startGitServer } from "../fakes/git-http.ts";
import { type Flow, startFlow } from "../flows/flow.ts";
import { realPython } from "./real-server.ts";
import { type RealSubject, startRealSubject } from "./real-subject.ts";

const connectionOf = ({ facts, server, model }: RealSubject): FixedConnection => ({
  connection: {
    id: "real-server",
    platform: "openhands",
    host: new URL(server.url).host,
    owner: { kind: "workspace", id: "main" },
    kind: "server",
    name: "real agent server",
    settings: {
      baseUrl: server.url,
      llmModel: "openai/stub",
      llmBaseUrl: model.url,
      llmApi: "chat",
      workspaceDir: facts.workspace ?? "",
    },
    secretNames: ["sessionKey", "llmApiKey"],
    active: true,
    createdAt: "2026-05-01T10:00:00.000Z",
  },
  secrets: { sessionKey: server.key, llmApiKey: "stub-model-key-0123456789" },
});

describe.skipIf(realPython === undefined)("the whole bot with a real agent server", () => {
  // Undo what was begun, also when the middle of it failed.
  const begun: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of begun.splice(0).reverse()) await end();
  });

  it("answers a mention on GitHub with work, a pushed branch, one report, a follow-up and a stop", async () => {
    const given: string[] = [];
    const git: GitServer = await startGitServer((token) => {
      if (!token.startsWith("ghs_")) return false;
      given.push(token);
      return true;
    });
    begun.push(git.close);
    const real = await startRealSubject(realPython ?? "");
    begun.push(real.close);
    const flow: Flow = await startFlow({
      subject: {
        ...github,
        start: async () => {
          const world = await startGitHubWorld();
          for (const repository of world.github.state.repositories) repository.cloneUrl = git.cloneUrl;
          return world;
        },
      },
      also: [connectionOf(real)],
      withoutAgent: true,
      times: { request: 15_000 },
    });
    begun.push(flow.end);

    real.play((_, { workingDir }) => [
      { do: "edit", path: "fix.txt", text: "fixed\n", summary: "Write the fix" },
      {
        do: "terminal",
        command: `cd ${workingDir} && git checkout -q -b openhands/1-fix && git add . && git commit -q -m "The fix"`,
      },
      {
        do: "terminal",
        command: ": $GITHUB_TOKEN; git push origin openhands/1-fix",
        summary: "Push the branch",
      },
      { do: "finish", message: "Fixed: the branch is pushed." },
    ]);
    const issue = await flow.open();
    await flow.ask(issue, "@openhands fix it and push");
    await flow.until(
      "the first end",
      () => flow.ours(issue).some(({ text }) => text.includes("Fixed: the branch is pushed.")),
      120,
    );
    expect(await git.branches()).toMatchObject({ "openhands/1-fix": "The fix" });
    expect(given.length).toBeGreaterThan(0);
    expect(flow.ours(issue)).toHaveLength(2);

    real.play(() => [{ do: "finish", message: "It was the cache." }]);
    await flow.ask(issue, "@openhands what was it?");
    await flow.until(
      "the follow-up",
      () => flow.ours(issue).some(({ text }) => text.includes("It was the cache.")),
      120,
    );
    const runs = await flow.runs();
    expect(new Set(runs.map((run) => run.conversation?.id)).size).toBe(1);

    real.play(() => [
      { do: "terminal", command: "sleep 60", summary: "Wait for long" },
      { do: "finish", message: "never" },
    ]);
    await flow.ask(issue, "@openhands new wait a while");
    await flow.until(
      "the long step",
      () => flow.ours(issue).some(({ text }) => text.includes("Wait for long")),
      120,
    );
    const asked = Date.now();
    await flow.ask(issue, "@openhands stop");
    await flow.until("stopped", () => flow.ours(issue).some(({ text }) => text.includes("Stopped")), 30);
    expect(Date.now() - asked).toBeLessThan(5_000);

    const everything = JSON.stringify(flow.world.said(issue)) + flow.log.join("");
    for (const token of given) expect(everything).not.toContain(token);
  }, 300_000);
});
