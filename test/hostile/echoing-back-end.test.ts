import { afterEach, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { agentConnection, type Flow, startFlow } from "../flows/flow.ts";
import { newCanary, partsOf } from "./canaries.ts";

let flow: Flow;
afterEach(() => flow.end());

/** Characters that stand before the secret, so that a sentence that is cut at some length is cut within it. */
const before = [0, 120, 160, 180];

describe("a back end that says back what it was sent", () => {
  it.each(before)(
    "makes no secret appear in what is posted, logged and answered, %i characters before it",
    async (length) => {
      const world = await github.start();
      const model = newCanary();
      flow = await startFlow({ subject: { ...github, start: async () => world }, withoutAgent: true });
      await flow.stop();
      const agent = agentConnection(flow.agent);
      const settings = flow.settings.connections;
      (settings as (typeof agent)[]).push({ ...agent, secrets: { ...agent.secrets, llmApiKey: model } });
      await flow.start();
      const told = `${"no ".repeat(length / 3)}${model} is no key`;
      flow.agent.fake.fail({
        method: "POST",
        path: "/api/conversations",
        status: 400,
        json: { detail: told },
        times: Number.POSITIVE_INFINITY,
      });
      const issue = await flow.open();
      await flow.ask(issue, "@openhands do it");
      const report = await flow.waitFor(issue, "report-", "refuses what we sent");
      await flow.waitFor(issue, "closing-", "refuses what we sent");
      expect(report.text).toContain(length === 0 ? "is no key" : "no no");
      const said = flow.ours(issue).map(({ text }) => text);
      const kept = JSON.stringify(await flow.runs());
      for (const text of [...said, flow.log.join(""), kept]) expect(partsOf(model, text)).toEqual([]);
    },
    30_000,
  );
});
