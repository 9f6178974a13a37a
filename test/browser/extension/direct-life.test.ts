import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FakeCloud, startFakeCloud } from "../../fakes/openhands-cloud/cloud.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { askOn, createRunList, startWorker } from "./direct-worker.ts";

const issue = "https://github.com/acme/shop/issues/42";
const starts = /^POST .*\/(?:app-)?conversations$/;

describe("a run without a bot, when the worker ends in the middle of it", () => {
  let server: FakeAgentServer;
  let runs = createRunList();

  beforeAll(async () => {
    server = await startFakeAgentServer({ pace: 0.05 });
  });
  beforeEach(() => {
    runs = createRunList();
    server.play(() => [{ do: "finish", message: "Done." }]);
  });
  afterAll(() => server?.close());

  const worker = (more: Partial<Parameters<typeof startWorker>[0]> = {}) =>
    startWorker({ runs, baseUrl: server.fake.url, key: server.key, ...more });
  const calls = (): number => server.fake.callsTo("/api/conversations", "POST").length;
  const only = () => {
    const [kept, ...others] = runs.all();
    if (kept === undefined || others.length > 0) throw new Error("There is not exactly one run.");
    return kept;
  };
  const look = async (way = worker()) => (await way.follow(only())).run;
  const ended = (way = worker()) => expect.poll(async () => (await look(way))?.state, { timeout: 10_000 });
  const delete_ = (id: string): void => {
    (server.protocol.conversations as Map<string, unknown>).delete(id);
  };

  /** Asks, and ends the worker at the request that begins the conversation. */
  const breakOff = async (when: "before" | "after"): Promise<void> => {
    const before = server.protocol.conversations.size;
    const ends = { when, request: starts, reached: false };
    void askOn(worker({ ends }), "github", issue);
    await expect.poll(() => ends.reached, { timeout: 10_000 }).toBe(true);
    if (when === "after") await expect.poll(() => server.protocol.conversations.size).toBe(before + 1);
    expect(only().run.state).toBe("starting");
  };

  it.each(["before", "after"] as const)(
    "goes on with the start at the next look, in one conversation (ended %s it began)",
    async (when) => {
      await breakOff(when);
      const { id } = only().run;
      await ended().toBe("done");
      expect(only().run.id).toBe(id);
      expect([...server.protocol.conversations.keys()].filter((one) => one === id)).toHaveLength(1);
      expect(
        server.protocol.conversations.get(id)?.events.filter(({ source }) => source === "user"),
      ).toHaveLength(1);
    },
  );

  it("goes on with it when the person sends the same ask again", async () => {
    await breakOff("before");
    const { id } = only().run;
    const asked = await askOn(worker(), "github", issue);
    expect(asked.run).toMatchObject({ id, state: "starting" });
    await ended().toBe("done");
  });

  it("begins nothing that was asked long ago: says what is true, and asks again with the button", async () => {
    await breakOff("before");
    const later = worker({ now: () => Date.now() + 3_600_000 });
    const before = calls();
    const run = await look(later);
    expect(run).toMatchObject({ state: "failed", may: { retry: true } });
    expect(run?.outcome?.hint).toBe(
      "The browser ended the extension's work while this was being started, and OpenHands knows no conversation of it. Ask again.",
    );
    expect(calls()).toBe(before);
    await later.retry(only());
    await ended(later).toBe("done");
  });

  it("finds the conversation that began unseen, also long after", async () => {
    await breakOff("after");
    await ended(worker({ now: () => Date.now() + 3_600_000 })).toBe("done");
  });

  it("stops as soon as it has started, when it was stopped while it was being started", async () => {
    server.play(() => [{ do: "hang" }]);
    const forget = server.fake.fail({ method: "POST", path: "/api/conversations", delayMs: 500 });
    const way = worker();
    const asking = askOn(way, "github", issue);
    await expect.poll(() => runs.all().length).toBe(1);
    const { says, run } = await way.stop(only());
    expect({ says, state: run?.state }).toEqual({
      says: "It stops as soon as OpenHands can stop it.",
      state: "starting",
    });
    await asking;
    forget();
    expect(only().run.state).toBe("stopped");
    expect(server.protocol.conversations.get(only().run.id)?.status).not.toBe("running");
  });

  it("says a follow-up once, and shows what comes of it", async () => {
    await askOn(worker(), "github", issue);
    await ended().toBe("done");
    server.play(() => [{ do: "finish", message: "Added the test." }]);
    const way = worker({ ends: { when: "after", request: /POST .*\/events$/, reached: false } });
    void way.say(only(), "Add a test.");
    const conversation = server.protocol.conversations.get(only().run.id);
    const heard = () => conversation?.events.filter(({ source }) => source === "user").length;
    await expect.poll(heard).toBe(2);
    await expect
      .poll(async () => (await look())?.outcome?.summary, { timeout: 10_000 })
      .toBe("Added the test.");
    expect(heard()).toBe(2);
    expect(only().run.asks).toBe(2);
  });

  it("lets no old news end a run that was spoken to meanwhile", async () => {
    server.play(() => [
      { do: "terminal", command: "sleep", summary: "Waiting" },
      { do: "finish", message: "First." },
    ]);
    const way = worker();
    await askOn(way, "github", issue);
    const conversation = server.protocol.conversations.get(only().run.id);
    await expect.poll(() => conversation?.status, { timeout: 10_000 }).toBe("finished");
    server.play(() => [{ do: "hang" }]);
    server.fake.fail({ method: "GET", path: /agent_final_response|final/, delayMs: 800 });
    const reading = look();
    await new Promise((done) => setTimeout(done, 200));
    await way.say(only(), "And now the second part.");
    expect((await reading)?.state).toBe("working");
    expect(only().run.state).toBe("working");
  });

  it("ends with what is true when the conversation was deleted, and begins a new one when asked again", async () => {
    server.play(() => [{ do: "hang" }]);
    const way = worker();
    await askOn(way, "github", issue);
    const first = only();
    delete_(first.run.id);
    const run = await look();
    expect(run).toMatchObject({ state: "failed" });
    expect(run?.outcome?.hint).toBe(
      "OpenHands does not have this conversation any more. Ask again to begin a new one.",
    );
    server.play(() => [{ do: "finish", message: "Done anew." }]);
    const { run: anew } = await way.retry(only());
    expect(anew?.id).not.toBe(first.run.id);
    expect(runs.all()).toHaveLength(2);
    expect(server.protocol.conversations.has(anew?.id ?? "")).toBe(true);
  });

  it("ends when the history of the conversation is not found either", async () => {
    server.play(() => [{ do: "hang" }]);
    await askOn(worker(), "github", issue);
    server.fake.fail({ method: "GET", path: /events\/search/, status: 404, times: Number.POSITIVE_INFINITY });
    const run = await look();
    server.fake.recover();
    expect(run).toMatchObject({ state: "failed" });
  });

  it("sends nothing of it to another OpenHands than the one that the preview named", async () => {
    await breakOff("before");
    const other = await startFakeAgentServer();
    const run = await look(startWorker({ runs, baseUrl: other.fake.url, key: other.key }));
    expect(other.fake.calls).toEqual([]);
    await other.close();
    expect(run).toMatchObject({ state: "failed" });
    expect(run?.outcome?.hint).toContain(new URL(server.fake.url).host);
  });

  it("begins one conversation for a click that arrives twice at once", async () => {
    const way = worker();
    const [one, two] = await Promise.all([askOn(way, "github", issue), askOn(way, "github", issue)]);
    expect(one.run?.id).toBe(two.run?.id);
    expect(two.says ?? one.says).toBe("This was asked already.");
    await ended(way).toBe("done");
  });

  it.each([
    ["ATATT3x-of-a-person", "x-bitbucket-api-token-auth"],
    ["ATCTT3x-of-a-repository", "x-token-auth"],
  ])("clones from Bitbucket with the user name of the token's kind: %s", async (value, user) => {
    const token = { name: "BITBUCKET_TOKEN", values: { BITBUCKET_TOKEN: value } };
    const before = server.fake.calls.length;
    await askOn(worker({ token }), "bitbucket-cloud", "https://bitbucket.org/team/app/pull-requests/1");
    const sent = server.fake.calls.slice(before).map(({ text }) => text);
    expect(sent.join("\n")).toContain(`username=${user}`);
  });
});

describe("a run of OpenHands Cloud without a bot, when the worker ends while it is being started", () => {
  let cloud: FakeCloud;
  beforeAll(async () => {
    cloud = await startFakeCloud({ pace: 0.05, lag: 20, phase: 400 });
  });
  afterAll(() => cloud?.close());

  it("finds the start that is being prepared, and starts none of its own", async () => {
    const runs = createRunList();
    const worker = (ends?: { readonly when: "after"; readonly request: RegExp; reached: boolean }) =>
      startWorker({ runs, baseUrl: cloud.fake.url, key: cloud.key, kind: "cloud", ...(ends && { ends }) });
    void askOn(worker({ when: "after", request: starts, reached: false }), "github", issue);
    await expect.poll(() => cloud.starts).toBe(1);
    const next = worker();
    const look = async () => (await next.follow(runs.all()[0]!)).run;
    expect((await look())?.conversationUrl).toContain(cloud.fake.url);
    await expect.poll(async () => (await look())?.state, { timeout: 15_000 }).toBe("done");
    expect(cloud.starts).toBe(1);
  });
});
