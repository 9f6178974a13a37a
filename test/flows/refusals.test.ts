import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "./flow.ts";

describe("asks that are not run", () => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow({ subject: github, script: () => [{ do: "finish", message: "Done it." }] });
  });
  afterEach(() => flow.end());

  const idle = async (): Promise<void> => {
    await flow.until("nothing is unread", async () => (await flow.bot().store.counts()).unread === 0);
    await new Promise((next) => setTimeout(next, 300));
  };

  it("by somebody without write access: one short explanation, however often, and `why` repeats it", async () => {
    const issue = await flow.open();
    for (const at of [1, 2, 3])
      await flow.ask(issue, `@openhands give me this, attempt ${at}`, flow.world.people.reader);
    await flow.waitFor(issue, "Not started", "@ravi");
    await idle();
    expect(flow.ours(issue)).toHaveLength(1);
    expect(flow.agent.protocol.conversations.size).toBe(0);
    await flow.ask(issue, "@openhands why", flow.world.people.reader);
    await flow.until("why is answered", () => flow.ours(issue).length === 2);
    await flow.ask(issue, "@openhands why", flow.world.people.writer);
    await flow.waitFor(issue, "No request of yours was refused here.");
  });

  it("by ourselves, by another bot, in a quote, in code, for humans, without the handle: nothing at all", async () => {
    const issue = await flow.open();
    const { self, bot } = flow.world.people;
    await flow.ask(issue, "@openhands do it", bot);
    await flow.ask(issue, "@openhands do it", self);
    for (const text of [
      "> @openhands do it",
      "`@openhands do it`",
      "```\n@openhands do it\n```",
      "<!-- @openhands do it -->",
      "// @openhands do it",
      "[note] @openhands do it",
      "me@openhands.dev",
    ]) {
      await flow.ask(issue, text);
    }
    await idle();
    expect(flow.ours(issue).filter(({ text }) => !text.includes("@openhands do it"))).toEqual([]);
    expect(flow.agent.protocol.conversations.size).toBe(0);
  });

  it("by an edit of a comment that already ran: no second run; by an edit that newly asks: one", async () => {
    const issue = await flow.open();
    const ask = await flow.ask(issue, "@openhands do it");
    await flow.waitFor(issue, "Done it.");
    await flow.world.editComment?.(flow.world.people.writer, ask, "@openhands do it differently");
    await idle();
    expect(await flow.runs()).toHaveLength(1);
    const other = await flow.ask(issue, "a thought");
    await flow.world.editComment?.(flow.world.people.writer, other, "@openhands a thought that asks");
    await flow.until("a second run", async () => (await flow.runs()).length === 2);
  });

  it("with an option that is not accepted: the ask is answered with the reason", async () => {
    const issue = await flow.open();
    await flow.ask(issue, "@openhands branch=--upload-pack=x do it");
    await flow.waitFor(issue, "is not the name of a branch");
    expect(flow.agent.protocol.conversations.size).toBe(0);
  });

  it("from somebody without write access cannot stop a run", async () => {
    flow.agent.play(() => [{ do: "think", text: "On it." }, { do: "hang" }]);
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    await flow.waitFor(issue, "working on it");
    await flow.ask(issue, "@openhands stop", flow.world.people.stranger);
    await flow.waitFor(issue, "Not done", "@sam");
    expect((await flow.runs())[0]?.state).toBe("working");
  });

  it("while rights cannot be asked: asked again, never taken for a yes", async () => {
    const recover = flow.world.fail({ path: /\/collaborators\/|\/permission/, status: 502, times: 3 });
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it", flow.world.people.reader);
    await flow.waitFor(issue, "Not started", "@ravi");
    recover();
    expect(flow.agent.protocol.conversations.size).toBe(0);
  }, 40_000);

  it("without a back end: told what is missing", async () => {
    await flow.end();
    flow = await startFlow({ subject: github, withoutAgent: true });
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    await flow.waitFor(issue, "No OpenHands back end is connected");
  });
});
