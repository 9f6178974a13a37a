import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { type FakeBot, startFakeBot } from "./fake-bot.ts";

/** One pairing, as the popup and the worker ask about it. */
describe.skipIf(!hasChromium)("a pairing that does not go straight", () => {
  let bot: FakeBot;
  let browser: Browser;
  let own: Page;

  beforeAll(async () => {
    bot = await startFakeBot();
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*"] });
    own = await browser.open("options.html");
  });
  beforeEach(async () => {
    bot.state.approved = false;
    await say("unpair");
    await say("start-pairing", { baseUrl: bot.server.url });
  });
  afterAll(async () => {
    await browser?.close();
    await bot?.server.close();
  });

  const say = (operation: string, input: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
    own.evaluate(([name, what]) => chrome.runtime.sendMessage({ operation: name, input: what }), [
      operation,
      input,
    ] as const);
  const overview = async () =>
    ((await say("overview")) as { readonly value: Readonly<Record<string, unknown>> }).value;

  it("takes the bot's one token also when the bot did not say right away whose it is", async () => {
    bot.server.fail({ path: "/api/v1/me", status: 500, times: 6 });
    bot.state.approved = true;
    await expect.poll(async () => (await overview())["mode"], { timeout: 20_000 }).toBe("bot");
    expect(bot.server.callsTo("/api/v1/device/token").filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await overview()).not.toHaveProperty("pairing.state");
    bot.server.recover();
  });

  it("asks the bot once when popup and worker ask at the same time", async () => {
    const before = bot.server.callsTo("/api/v1/device/token").length;
    await Promise.all([say("check-pairing"), say("check-pairing"), say("check-pairing")]);
    expect(bot.server.callsTo("/api/v1/device/token").length - before).toBeLessThanOrEqual(2);
    await say("cancel-pairing");
  });

  it("stays cancelled when the answer of the bot comes after that", async () => {
    bot.server.fail({ path: "/api/v1/device/token", delayMs: 800, times: 5 });
    bot.state.approved = true;
    const asking = say("check-pairing");
    await new Promise((done) => setTimeout(done, 200));
    await say("cancel-pairing");
    await asking;
    bot.server.recover();
    expect(await overview()).toMatchObject({ mode: "none" });
    expect(await overview()).not.toHaveProperty("pairing.state");
    expect(await browser.worker.evaluate(() => chrome.storage.session.get(null))).toEqual({});
  });
});
