import { createServerAgent } from "@ask-openhands/core/agent/server.ts";
import { unheardIn } from "@ask-openhands/core/agent/unheard.ts";
import type { Conversation } from "@ask-openhands/core/work/run.ts";
import { expect, it, onTestFinished } from "vitest";
import { follow, followUp, isEnd, order } from "../contracts/agent.ts";
import { startFakeAgentServer } from "../fakes/openhands-server/server.ts";
import { fastTime } from "./fast-time.ts";

const events = "/api/conversations/:id/events";
const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
/** As it comes out of the store. */
const stored = (conversation: Conversation): Conversation => JSON.parse(JSON.stringify(conversation));

/** With an agent in the middle of a step that ends when `end` is called. */
const beginBusy = async (sayPatience?: number) => {
  const server = await startFakeAgentServer();
  onTestFinished(async () => {
    expect(server.fake.violations).toEqual([]);
    await server.close();
  });
  let end: () => void = () => undefined;
  const moment = new Promise<void>((pass) => {
    end = pass;
  });
  server.play((message) =>
    message.includes("Faster")
      ? [{ do: "finish", message: "Heard it." }]
      : [
          { do: "until", moment },
          { do: "finish", message: "Old." },
        ],
  );
  const facts = { id: "s", baseUrl: server.fake.url, key: server.key, model: { model: "m" } };
  const restarted = () => createServerAgent(facts, { fetch, maxBatchWait: 1, sayPatience, ...fastTime() });
  const agent = restarted();
  const started = await agent.start(order({ secrets: { TOKEN: "old-value" } }));
  const begun = await follow(agent, started, undefined, (event) => event.type === "working");
  const scripted = server.protocol.conversations.get(started.id);
  const heard = () =>
    scripted?.events.filter(
      (event) => event["source"] === "user" && JSON.stringify(event).includes("Faster."),
    ).length;
  return { server, agent, restarted, begun, end, heard, scripted };
};

it("a follow-up is not held back by its secrets, which the server takes only when the step ends", async () => {
  const { server, agent, begun, end, heard, scripted } = await beginBusy(200_000);
  server.fake.fail({ path: /secrets/, delayMs: 2_000 });
  const told = await agent.say(begun.conversation, followUp("Faster.", { secrets: { TOKEN: "new-value" } }));
  expect([heard(), scripted?.secrets, unheardIn(told)]).toEqual([1, { TOKEN: "old-value" }, []]);
  await expect.poll(() => scripted?.secrets, { timeout: 5_000 }).toEqual({ TOKEN: "new-value" });
  end();
});

it.each([
  ["that the server took late", { delayMs: 400 }],
  ["that was lost on its way", { delayMs: 400, drop: true }],
])("a follow-up %s is heard once, also when we are restarted meanwhile", async (_what, fault) => {
  const { server, agent, restarted, begun, end, heard } = await beginBusy();
  server.fake.fail({ method: "POST", path: events, ...fault });
  const message = followUp("Faster.", { secrets: { TOKEN: "new-value" } });
  const told = stored(await agent.say(begun.conversation, message));
  expect(unheardIn(told)).toMatchObject([{ id: message.id, text: "Faster." }]);
  expect(JSON.stringify(told)).not.toContain("new-value");
  await pause(500);
  end();
  const { events: news, conversation } = await follow(restarted(), told, begun.cursor);
  expect(news.filter(isEnd)).toEqual([{ type: "ended", reason: "finished", summary: "Heard it." }]);
  expect(heard()).toBe(1);
  expect(unheardIn(conversation)).toEqual([]);
});

it("a caller that asks again while its follow-up is on its way does not say it twice", async () => {
  const { server, agent, begun, end, heard } = await beginBusy();
  server.fake.fail({ method: "POST", path: events, delayMs: 600 });
  const message = followUp("Faster.");
  await agent.say(begun.conversation, message);
  await agent.say(begun.conversation, { ...message, again: true });
  await pause(700);
  expect(heard()).toBe(1);
  end();
});

it("a follow-up that is said again to a full server is run when there is a place", async () => {
  const { server, agent, begun, end, heard, scripted } = await beginBusy();
  server.fake.fail({ method: "POST", path: events, delayMs: 400, drop: true });
  const message = followUp("Faster.");
  const told = await agent.say(begun.conversation, message);
  await pause(500);
  // As the real server: 429, and yet the message is there.
  const full = { method: "POST", status: 429, times: Number.POSITIVE_INFINITY };
  const sendingFull = server.fake.fail({ ...full, path: events });
  const runningFull = server.fake.fail({ ...full, path: "/api/conversations/:id/run" });
  end();
  while (scripted?.status === "running") await pause(5);
  const mended = await agent.read(told, begun.cursor);
  expect(mended.conversation?.memo?.["saved"]).toBe("yes");
  scripted?.say([{ type: "text", text: `Faster.\n\n(ref: ${message.id})` }], false);
  const waiting = await agent.read(mended.conversation ?? told, mended.cursor);
  expect(waiting.events.filter(isEnd)).toEqual([]);
  sendingFull();
  runningFull();
  const { events: news } = await follow(agent, waiting.conversation ?? told, waiting.cursor);
  expect(news.filter(isEnd)).toEqual([{ type: "ended", reason: "finished", summary: "Heard it." }]);
  expect(heard()).toBe(1);
});

it("who stops the agent also calls off what was on its way to it", async () => {
  const { server, agent, begun, heard } = await beginBusy();
  server.fake.fail({ method: "POST", path: events, delayMs: 400, drop: true });
  const told = await agent.say(begun.conversation, followUp("Faster."));
  await agent.stop(told);
  const { events: news, conversation, cursor } = await follow(agent, told, begun.cursor);
  expect(news.filter(isEnd)).toEqual([{ type: "ended", reason: "stopped" }]);
  expect(unheardIn(conversation)).toEqual([]);
  server.play(() => [{ do: "finish", message: "Other." }]);
  await follow(agent, await agent.say(conversation, followUp("Something else.")), cursor);
  await pause(400);
  expect(heard()).toBe(0);
});

it("two follow-ups that were lost on their way to a busy agent are both said again", async () => {
  const { server, agent, restarted, begun, end, heard } = await beginBusy();
  server.fake.fail({ method: "POST", path: events, delayMs: 400, drop: true, times: 2 });
  const one = await agent.say(begun.conversation, followUp("Faster. One"));
  const two = stored(await agent.say(one, followUp("Faster. Two")));
  expect(unheardIn(two)).toHaveLength(2);
  await pause(500);
  end();
  await follow(restarted(), two, begun.cursor);
  expect(heard()).toBe(2);
});
