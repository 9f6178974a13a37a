import { createServerAgent, type ServerDeps } from "@ask-openhands/core/agent/server.ts";
import { afterEach, describe, expect, it } from "vitest";
import { follow, followUp, isEnd, order } from "../contracts/agent.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../fakes/openhands-server/server.ts";

const running: FakeAgentServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) {
    expect(server.fake.violations).toEqual([]);
    await server.close();
  }
});

const begin = async (deps: Partial<ServerDeps> = {}, path = "") => {
  const server = await startFakeAgentServer();
  running.push(server);
  const facts = {
    id: "server-1",
    baseUrl: `${server.fake.url}${path}`,
    key: server.key,
    model: { model: "m" },
  };
  return {
    server,
    facts,
    agent: createServerAgent(facts, { fetch, maxBatchWait: 10, patience: 500, ...deps }),
  };
};

const events = "/api/conversations/:id/events";
const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

describe("the agent server back end", () => {
  it("asks for all conversations of a moment at once, at most 99 in a request", async () => {
    const { server, agent } = await begin();
    await Promise.all(
      Array.from({ length: 150 }, () => agent.read({ agent: "server-1", id: crypto.randomUUID() })),
    );
    const sizes = server.fake
      .callsTo("/api/conversations", "GET")
      .map((call) => call.query.getAll("ids").length);
    expect(sizes).toEqual([99, 51]);
  });

  it("finds the API beside Agent Canvas' page, and links to the page", async () => {
    const { server, agent } = await begin({}, "/canvas/");
    const conversation = await agent.start(order());
    expect(conversation.url).toBe(`${server.fake.url}/canvas/conversations/${conversation.id}`);
    expect((await follow(agent, conversation)).events.findLast(isEnd)).toMatchObject({ reason: "finished" });
  });

  it("does not send again what a full server has saved, and runs it when there is a place", async () => {
    const { server, agent } = await begin();
    const first = await follow(agent, await agent.start(order()));
    const scripted = server.protocol.conversations.get(first.conversation.id);
    // As the real server: 429, and yet the message is there.
    const full = server.fake.fail({
      method: "POST",
      path: "/api/conversations/:id/run",
      status: 429,
      times: Number.POSITIVE_INFINITY,
    });
    server.fake.fail({
      method: "POST",
      path: events,
      status: 429,
      json: { detail: "Message saved, but the conversation run limit was reached." },
    });
    scripted?.say([{ type: "text", text: "Later. (ref: test:later)" }], false);
    const next = await agent.say(first.conversation, { id: "test:later", text: "Later.", again: false });
    const waiting = await agent.read(next, first.cursor);
    expect(waiting.events).toEqual([]);
    full();
    const { events: told } = await follow(agent, next, waiting.cursor);
    expect(told.filter(isEnd)).toEqual([{ type: "ended", reason: "finished", summary: "Done." }]);
    expect(server.fake.callsTo(events, "POST")).toHaveLength(1);
  });

  it("mends a message that was lost on its way to a busy agent, once it is clear that it did not arrive", async () => {
    const { server, agent } = await begin({ sayPatience: 50 });
    let open: () => void = () => undefined;
    const gate = new Promise<void>((pass) => {
      open = pass;
    });
    server.play((message) =>
      message.includes("Lost")
        ? [{ do: "finish", message: "Heard it." }]
        : [
            { do: "until", moment: gate },
            { do: "finish", message: "Old." },
          ],
    );
    const begun = await follow(
      agent,
      await agent.start(order()),
      undefined,
      (event) => event.type === "working",
    );
    server.fake.fail({ method: "POST", path: events, drop: true, delayMs: 200 });
    const next = await agent.say(begun.conversation, followUp("Lost?"));
    await pause(300);
    open();
    const { events: told } = await follow(agent, next, begun.cursor);
    expect(told.findLast(isEnd)).toMatchObject({ summary: "Heard it." });
  });

  it("approves what the agent waits for only with a yes", async () => {
    const { server, agent } = await begin();
    server.play((message) =>
      message.includes("rather")
        ? [{ do: "finish", message: "Did not." }]
        : [
            { do: "confirm", command: "rm -rf /" },
            { do: "finish", message: "Went on." },
          ],
    );
    const asked = await follow(agent, await agent.start(order()));
    expect(asked.events.findLast(isEnd)).toMatchObject({ type: "question" });
    const next = await agent.say(asked.conversation, followUp("I would rather not."));
    const { events: told } = await follow(agent, next, asked.cursor);
    expect(told.findLast(isEnd)).toMatchObject({ type: "ended", summary: "Did not." });
    expect(server.fake.callsTo(`${events}/respond_to_confirmation`)[0]?.body).toMatchObject({
      accept: false,
      reason: "I would rather not.",
    });
  });

  it("says in a sentence that the server is gone, that a page answered, that it is no agent server", async () => {
    const { server, agent } = await begin({ sleep: () => pause(1) });
    server.play(() => [{ do: "die" }]);
    const conversation = await agent.start(order());
    await pause(100);
    await expect(agent.read(conversation)).rejects.toMatchObject({
      kind: "unavailable",
      hint: expect.stringContaining("cannot be reached"),
    });
    server.fake.recover();
    server.fake.fail({ html: true });
    await expect(agent.read(conversation)).rejects.toMatchObject({
      kind: "unexpected-reply",
      hint: expect.stringContaining("web page"),
    });
    server.fake.fail({ html: true, path: "/server_info" });
    expect(await agent.check()).toMatchObject({ ok: false, cure: expect.stringContaining("address") });
  });

  it("passes over kinds of events that nobody has heard of", async () => {
    const { server, agent } = await begin();
    server.play(() => [
      { do: "event", event: { kind: "HologramEvent", value: [1] } },
      { do: "event", event: { kind: "ObservationEvent", observation: 3 } },
      { do: "finish", message: "Fine." },
    ]);
    expect((await follow(agent, await agent.start(order()))).events.findLast(isEnd)).toMatchObject({
      summary: "Fine.",
    });
  });

  it("says what is missing where neither the connection nor the server names a model", async () => {
    const { facts } = await begin();
    const agent = createServerAgent({ ...facts, model: {} }, { fetch });
    expect(await agent.check()).toMatchObject({ ok: false, cure: expect.stringContaining("model") });
    await expect(agent.start(order())).rejects.toMatchObject({ kind: "bad-settings" });
  });
});

describe("listening to the agent server", () => {
  const listening = async (key?: string) => {
    const opened: WebSocket[] = [];
    const openSocket = (url: string): WebSocket => {
      const socket = new WebSocket(url);
      opened.push(socket);
      return socket;
    };
    const { server, facts } = await begin();
    const agent = createServerAgent(key === undefined ? facts : { ...facts, key }, {
      fetch,
      openSocket,
      random: () => 0.01,
    });
    return { server, agent, opened };
  };

  it("wakes soon after news, at most a few times a second", async () => {
    const { server, agent } = await listening();
    server.play(() => [
      { do: "wait", milliseconds: 300 },
      ...Array.from({ length: 200 }, () => ({ do: "think" as const, text: "hm" })),
      { do: "finish", message: "Done." },
    ]);
    const conversation = await agent.start(order());
    const stop = new AbortController();
    let wakes = 0;
    agent.listen?.(conversation, () => wakes++, stop.signal);
    await follow(agent, conversation);
    await pause(500);
    expect(wakes).toBeGreaterThan(1);
    expect(wakes).toBeLessThan(12);
    stop.abort();
  });

  it("sends the key in the first frame, never in the address", async () => {
    const { server, agent, opened } = await listening();
    const stop = new AbortController();
    agent.listen?.(await agent.start(order()), () => undefined, stop.signal);
    await pause(200);
    expect(opened.map((socket) => [socket.readyState, socket.url.includes(server.key)])).toEqual([
      [WebSocket.OPEN, false],
    ]);
    stop.abort();
    await pause(100);
    expect(opened[0]?.readyState).toBe(WebSocket.CLOSED);
  });

  it("connects again after a broken connection, and then wakes for what was missed", async () => {
    const { server, agent, opened } = await listening();
    server.play(() => [{ do: "hang" }]);
    const conversation = await agent.start(order());
    const stop = new AbortController();
    let wakes = 0;
    agent.listen?.(conversation, () => wakes++, stop.signal);
    await pause(600);
    const before = wakes;
    server.dropSockets();
    await pause(900);
    expect(opened.length).toBeGreaterThan(1);
    expect(wakes).toBeGreaterThan(before);
    stop.abort();
  });

  it.each(["wrong key", "unknown conversation"])("does not try again after a %s", async (what) => {
    const { agent, opened } = await listening(what === "wrong key" ? "wrong-key-wrong-key" : undefined);
    const stop = new AbortController();
    agent.listen?.({ agent: "server-1", id: crypto.randomUUID() }, () => undefined, stop.signal);
    await pause(800);
    expect(opened).toHaveLength(1);
    stop.abort();
  });
});
