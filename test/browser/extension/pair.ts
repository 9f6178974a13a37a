import type { Page } from "playwright-core";
import type { Browser } from "./chromium.ts";
import type { FakeBot } from "./fake-bot.ts";

/** Pairs as a person does: address in the popup, then approval on the bot's page. */
export const pair = async (browser: Browser, bot: FakeBot, address = bot.server.url): Promise<void> => {
  const popup = await browser.open("popup.html?tab=1");
  await popup.getByLabel("Address of the bot").fill(address);
  const opened = browser.context.waitForEvent("page");
  await popup.getByRole("button", { name: "Pair" }).click();
  await popup.getByText("WDJB-MJHT").waitFor();
  await (await opened).close();
  bot.state.approved = true;
  await popup.getByRole("heading", { name: "Your bot", exact: true }).waitFor({ timeout: 15_000 });
  await popup.close();
};

interface OpenHandsTyped {
  readonly kind: "server" | "cloud";
  readonly address: string;
  readonly key: string;
  /** Asked for by agent servers only: the cloud has models of its own. */
  readonly modelKey?: string;
}

/** Without a bot: connects to OpenHands directly, as a person does. The popup stays open, the answer is in it. */
export const connectDirectly = async (
  browser: Browser,
  { kind, address, key, modelKey }: OpenHandsTyped,
): Promise<Page> => {
  const popup = await browser.open("popup.html?tab=1");
  await popup.getByLabel("What it is").selectOption(kind);
  await popup.getByLabel("Address", { exact: true }).fill(address);
  await popup.getByLabel(kind === "cloud" ? /^API key/ : "Session API key").fill(key);
  if (modelKey !== undefined) {
    await popup.getByLabel("Model", { exact: true }).fill("anthropic/claude-sonnet-4-5");
    await popup.getByLabel("Key of the model's provider").fill(modelKey);
  }
  await popup.getByRole("button", { name: "Check and save" }).first().click();
  return popup;
};
