import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { connectDirectly } from "./pair.ts";

const url = "https://github.com/acme/shop/issues/42";

interface Stored {
  readonly run: {
    readonly id: string;
    readonly state: string;
    readonly outcome?: { readonly hint?: string };
  };
}

describe.skipIf(!hasChromium)("the direct way in a browser that ends its worker", () => {
  let agent: FakeAgentServer;
  let browser: Browser;
  /** A page of the extension: it sees what is stored, and its opening wakes the worker. */
  let own: Page;

  beforeAll(async () => {
    agent = await startFakeAgentServer({ pace: 0.05 });
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*"] });
    own = await browser.open("options.html");
    const popup = await connect();
    await popup.getByText("Connected to", { exact: false }).waitFor();
    await popup.close();
  });
  afterAll(async () => {
    await browser?.close();
    await agent?.close();
  });

  const connect = (): Promise<Page> =>
    connectDirectly(browser, {
      kind: "server",
      address: agent.fake.url,
      key: agent.key,
      modelKey: "model-key",
    });

  const say = (operation: string, input: Readonly<Record<string, unknown>>): Promise<unknown> =>
    own.evaluate(([name, what]) => chrome.runtime.sendMessage({ operation: name, input: what }), [
      operation,
      input,
    ] as const);
  const newest = async (): Promise<Stored["run"] | undefined> =>
    own.evaluate(
      async () => ((await chrome.storage.local.get("runs"))["runs"] as Stored[] | undefined)?.[0]?.run,
    );
  const badge = (): Promise<string> => own.evaluate(() => chrome.action.getBadgeText({}));
  const alarm = async (): Promise<string | undefined> =>
    (await own.evaluate(() => chrome.alarms.get("runs")))?.name;
  /** The look that comes every half minute, at once. */
  const ring = (): Promise<void> =>
    own.evaluate(() => chrome.alarms.create("runs", { when: Date.now() + 50 }));

  const ask = (requestId: string): void =>
    void say("ask", { url, text: "Fix it.", requestId }).catch(() => undefined);

  const endWorker = async (): Promise<void> => {
    const session = await browser.context.newCDPSession(own);
    const stopped = new Promise<void>((told) => {
      session.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
        if (versions.some(({ runningStatus }) => runningStatus === "stopped")) told();
      });
    });
    await session.send("ServiceWorker.enable");
    await session.send("ServiceWorker.stopAllWorkers");
    await stopped;
    await session.detach();
  };

  it("looks after a run from before it is started, and goes on with it when the worker was ended", async () => {
    agent.fake.fail({ method: "POST", path: "/api/conversations", hang: true });
    ask("click-one");
    await expect.poll(() => agent.fake.callsTo("/api/conversations", "POST").length).toBe(1);
    expect([await badge(), await alarm()]).toEqual(["1", "runs"]);
    await endWorker();
    agent.fake.recover();
    expect(await newest()).toMatchObject({ state: "starting" });
    const look = async () => {
      await ring();
      return (await newest())?.state;
    };
    await expect.poll(look, { timeout: 20_000, interval: 500 }).toBe("done");
    await expect.poll(async () => [await badge(), await alarm()]).toEqual(["", undefined]);
    expect(agent.protocol.conversations.size).toBe(1);
  });

  it("stops counting and looking when the conversation of its only run was deleted", async () => {
    agent.play(() => [{ do: "hang" }]);
    ask("click-two");
    await expect.poll(async () => [await badge(), await alarm()]).toEqual(["1", "runs"]);
    await expect.poll(() => agent.protocol.conversations.size).toBe(2);
    (agent.protocol.conversations as Map<string, unknown>).clear();
    await ring();
    await expect
      .poll(async () => (await newest())?.outcome?.hint, { timeout: 20_000 })
      .toContain("does not have this conversation any more");
    await expect.poll(async () => [await badge(), await alarm()]).toEqual(["", undefined]);
  });

  it("stops counting and looking when OpenHands is disconnected", async () => {
    ask("click-three");
    await expect.poll(async () => [await badge(), await alarm()]).toEqual(["1", "runs"]);
    await expect.poll(() => agent.protocol.conversations.size).toBe(1);
    await say("remove-agent", {});
    expect((await newest())?.outcome?.hint).toContain("This browser was disconnected from OpenHands");
    expect([await badge(), await alarm()]).toEqual(["", undefined]);
  });

  it("stores an address and the keys for it in one write, so that no key is sent to another address", async () => {
    await endWorker();
    await say("overview", {});
    await browser.worker.evaluate(() => {
      const { local } = chrome.storage;
      const set = local.set.bind(local);
      const written: string[][] = [];
      Object.assign(globalThis, { written });
      Object.assign(local, {
        set: (items: Readonly<Record<string, unknown>>) => {
          written.push(Object.keys(items).sort());
          return set(items);
        },
      });
    });
    const popup = await connect();
    await popup.getByText("Connected to", { exact: false }).waitFor();
    await popup.close();
    const written = await browser.worker.evaluate(
      () => (globalThis as unknown as { readonly written: readonly string[][] }).written,
    );
    expect(written).toContainEqual(["agent", "sealed:agent-key", "sealed:agent-model-key"]);
    expect(written.flat().filter((name) => name === "agent" || name === "sealed:agent-key")).toHaveLength(2);
  });
});
