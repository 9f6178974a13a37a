import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everySubject } from "../../contracts/every-subject.ts";
import type { PlatformSubject, Spot } from "../../contracts/platform-subject.ts";
import { startGitHubWorld } from "../../contracts/subjects/github.ts";
import { startFakeJira } from "../../fakes/jira/start.ts";
import { sharedPath } from "../../fakes/shared-dir.ts";
import type { OwnPage } from "../../fixtures/pages/own-page.ts";
import { ownPages } from "../../fixtures/pages/own-pages.ts";
import { askByKeyboard, openOwn } from "./ask-by-keyboard.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { pageIn, pagesOf, talkOf, type Written, writtenFor } from "./crossing-pages.ts";
import { type RealBot, type SiteWorld, startRealBot } from "./real-bot.ts";
import { addSite, noteButton } from "./site-subject.ts";

/** Addresses at which people see the public sites; a server that a person adds stands at the fake's own address. */
const publicSites: Readonly<Partial<Record<Written, string>>> = {
  github: "https://github.com",
  gitlab: "https://gitlab.com",
  "bitbucket-cloud": "https://bitbucket.org",
};
const added: ReadonlySet<Written> = new Set<Written>(["bitbucket-dc", "jira-dc"]);

/** Deliveries of these name their site, so the fake itself must call itself by the real one. */
const starts: Readonly<Partial<Record<Written, PlatformSubject["start"]>>> = {
  github: async () => {
    const world = await startGitHubWorld();
    world.github.state.base = "https://github.com";
    return world;
  },
  "jira-cloud": () => startFakeJira("cloud", { site: "https://acme.atlassian.net" }),
};

const idOf = ({ id }: PlatformSubject): Written | undefined => writtenFor.find((known) => known === id);

const subjects = (await everySubject()).flatMap((subject) => {
  const id = idOf(subject);
  return id === undefined ? [] : [{ id, subject: { ...subject, start: starts[id] ?? subject.start } }];
});

/** One ask of this test, to be looked for again when all is done. */
interface Asked {
  readonly platform: Written;
  /** Words that stand in no other ask. */
  readonly words: string;
  readonly spot: Spot | undefined;
}

describe.skipIf(!hasChromium)("from the button through the bot to the site and the agent, and back", () => {
  let bot: RealBot;
  let browser: Browser;
  let page: Page;
  let panel: Locator;
  const asked: Asked[] = [];
  const stopped: Asked[] = [];

  const siteOf = (platform: Written): SiteWorld => {
    const site = bot.sites.get(platform);
    if (site === undefined) throw new Error(platform);
    return site;
  };

  const openSpot = async (platform: Written, kind: Spot["kind"]): Promise<Spot> => {
    const { world } = siteOf(platform);
    return world.open(world.people.writer, kind, { title: "Large uploads time out", text: "Since May." });
  };

  const saidAt = ({ platform, spot }: Asked): string => {
    const { world } = siteOf(platform);
    const said = spot === undefined ? [] : world.said(spot);
    return said
      .filter(({ author }) => author.id === world.people.self.id)
      .map(({ text }) => text)
      .join("\n");
  };

  /** Conversations that an ask with these words began. */
  const told = (words: string): number =>
    [...bot.agent.protocol.conversations.values()].filter(({ events }) =>
      JSON.stringify(events).includes(words),
    ).length;

  beforeAll(async () => {
    bot = await startRealBot(subjects.map(({ id, subject }) => ({ subject, at: publicSites[id] })));
    bot.agent.play((message) =>
      message.includes("long work")
        ? [{ do: "terminal", command: "sleep", summary: "Long work" }, { do: "hang" }]
        : [{ do: "finish", message: "Uploads are streamed now." }],
    );
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*", "https://*/*"] });
    page = await browser.context.newPage();
    await page.addInitScript(noteButton);
    panel = page.getByRole("dialog", { name: "Integration status" });
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await bot?.close();
  });

  it("pairs with the bot by a code", async () => {
    const popup = await browser.open("popup.html?tab=1");
    await popup.getByLabel("Address of the bot").fill(bot.url);
    await popup.getByRole("button", { name: "Pair" }).click();
    const code = await popup.locator(".code").textContent();
    await bot.approve(code ?? "");
    await popup.getByRole("heading", { name: "Your bot", exact: true }).waitFor({ timeout: 20_000 });
    expect(await popup.getByText("Mara").isVisible()).toBe(true);
    await popup.close();
  });

  describe.each(subjects)("$id", ({ id, subject }) => {
    it("links the account that writes the proof there", async () => {
      const site = siteOf(id);
      const { writer } = site.world.people;
      const spot = await openSpot(id, subject.kinds[0] ?? "issue");
      await site.world.comment(writer, spot, await bot.proofAt(id));
      const linked = async () => (await bot.accounts()).get(site.host);
      await expect.poll(async () => (await linked())?.accountId, { timeout: 20_000 }).toBe(writer.id);
      if (added.has(id)) await addSite(browser, new URL(site.pageOf(spot.url)).origin, id);
    });

    it.each(pagesOf(id).map((own) => [own.name, own] as const))(
      "%s: button, keyboard, ask, state in the panel",
      async (name, own) => {
        const kind = talkOf(own);
        const spot = kind === undefined ? undefined : await openSpot(id, kind);
        await openOwn(browser, page, pageIn(id, own, siteOf(id), spot));
        const words = `(asked on the ${name})`;
        const goes = kind === undefined ? "Nothing is posted on this page" : "The report appears on";
        await askByKeyboard(page, { rows: own.rows !== undefined, words, goes });
        asked.push({ platform: id, words, spot });
        await page.getByRole("button", { name: "Show status" }).click();
        await panel.getByText("You may ask here.").waitFor();
        const run = panel.getByRole("article").filter({ hasText: words });
        await run
          .getByText(/^(?:Queued|Starting|Working|Done)$/)
          .first()
          .waitFor();
        const account = (await bot.accounts()).get(siteOf(id).host);
        expect(await run.textContent()).toContain(`asked by ${account?.accountName}`);
      },
    );

    it("shows a run's end in the panel, goes on in it, and stops it", async () => {
      const last = asked.findLast(({ platform }) => platform === id);
      const refresh = (words: string) =>
        expect
          .poll(
            async () => {
              await panel.getByRole("button", { name: "Refresh" }).click();
              return panel.textContent();
            },
            { timeout: 30_000, interval: 300 },
          )
          .toContain(words);
      await refresh("Done: Uploads are streamed now.");
      await panel.getByLabel("Follow-up").first().fill("Now the long work, please.");
      await panel.getByRole("button", { name: "Say" }).first().click();
      await refresh("Long work");
      await panel.getByRole("button", { name: "Stop" }).click();
      await refresh("Stopped");
      if (last !== undefined) stopped.push(last);
    });
  });

  it("gave the agent every ask once, and each report stands where the ask was made", async () => {
    expect(asked).toHaveLength(ownPages.length);
    for (const one of asked) {
      await expect.poll(() => told(one.words), { timeout: 20_000 }).toBe(1);
      if (one.spot !== undefined)
        await expect.poll(() => saidAt(one), { timeout: 30_000 }).toContain("Uploads are streamed now");
    }
    expect(stopped).toHaveLength(subjects.length);
    for (const one of stopped.filter(({ spot }) => spot !== undefined))
      await expect.poll(() => saidAt(one), { timeout: 30_000 }).toMatch(/stopped/i);
  });

  it.each(subjects)("asked $id for nothing that breaks its interface or is unknown there", ({ id }) => {
    const { checked, violations, unrouted } = siteOf(id).world.requests;
    expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
    if (sharedPath("contracts", id) !== undefined) expect(checked).toBeGreaterThan(0);
  });

  it("tells in the bot's words when a page is not covered", async () => {
    const ticket = ownPages.find(({ name }) => name === "jira cloud ticket") as OwnPage;
    const url = "https://other.atlassian.net/browse/SHOP-1";
    browser.pages.put(url, ticket.html);
    await page.goto(url);
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByLabel("What should OpenHands do?").fill("Anything");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "No connection of this workspace covers" }).waitFor();
  });
});
