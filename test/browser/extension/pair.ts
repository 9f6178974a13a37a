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
