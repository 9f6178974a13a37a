import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeServer, startFake } from "../../fakes/http.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { gitLabPages } from "../../fixtures/pages/gitlab.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { connectDirectly } from "./pair.ts";

const mergeRequest = gitLabPages.find(({ kind }) => kind === "pull-request")!;
const token = "glpat-canary-0d1e2f3a4b5c";

describe.skipIf(!hasChromium)("the popup", () => {
  let agent: FakeAgentServer;
  let host: FakeServer;
  let browser: Browser;
  let popup: Page;
  let scopes: readonly string[] = ["read_repository"];

  beforeAll(async () => {
    agent = await startFakeAgentServer({ pace: 0.2 });
    host = await startFake({
      before: ({ headers }) =>
        headers["authorization"] === `Bearer ${token}`
          ? undefined
          : { status: 401, json: { message: "401 Unauthorized" } },
      routes: [
        ["GET", "/api/v4/user", () => ({ json: { id: 7, username: "kim" } })],
        [
          "GET",
          "/api/v4/personal_access_tokens/self",
          () => ({ json: { scopes, expires_at: "2027-01-31" } }),
        ],
      ],
    });
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*", "https://*/*"] });
    browser.pages.forward("git.example.com", host.url);
    popup = await connectDirectly(browser, {
      kind: "server",
      address: agent.fake.url,
      key: agent.key,
      modelKey: "model-key",
    });
    await popup.getByText("Connected to", { exact: false }).waitFor();
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await host?.close();
    await agent?.close();
  });

  const addToken = async (value: string): Promise<void> => {
    const form = popup.locator("form").last();
    await form.getByLabel("Server").selectOption("gitlab");
    await form.getByLabel("Host").fill("git.example.com");
    await form.getByLabel("Token", { exact: true }).fill(value);
    await form.getByRole("button", { name: "Check and save" }).click();
  };

  it("asks the server about a token before it is kept, and says what is wrong with it", async () => {
    await popup.getByText("Add a token", { exact: true }).click();
    await addToken("glpat-wrong");
    await popup.getByText("The server does not accept this token.", { exact: false }).waitFor();
    expect(await browser.worker.evaluate(() => chrome.storage.local.get("tokens"))).toEqual({});
  });

  it("shows account, missing scopes and end, and checks again when asked", async () => {
    await addToken(token);
    const row = popup.getByRole("listitem").filter({ hasText: "git.example.com" });
    await row.getByText("Missing: api, write_repository.", { exact: false }).waitFor();
    expect(await row.textContent()).toMatch(/GitLab git\.example\.com as kim.*Problem.*Ends on 2027-01-31/s);
    scopes = ["api"];
    await row.getByRole("button", { name: "Check again" }).click();
    await row.getByText("Valid", { exact: true }).waitFor();
    await row.getByText("Scopes", { exact: true }).click();
    expect(await row.getByRole("list", { name: "Scopes" }).getByText("present").count()).toBe(3);
    const stored = await browser.worker.evaluate(() => chrome.storage.local.get(null));
    expect(JSON.stringify(stored)).not.toContain(token);
    expect(await popup.content()).not.toContain(token);
  });

  it("asks about the page in front, in its site's words, and gives the agent the token for that host", async () => {
    const options = await browser.open("options.html");
    await options.evaluate((input) => chrome.runtime.sendMessage({ operation: "add-site", input }), {
      address: "https://git.example.com",
      product: "gitlab",
    });
    await options.close();
    const page = await browser.context.newPage();
    const address = mergeRequest.url.replace("gitlab.com", "git.example.com");
    await page.route(address, (route) =>
      route.fulfill({ contentType: "text/html", body: mergeRequest.html }),
    );
    await page.goto(address);
    await popup.goto(popup.url().replace("?tab=1", ""));
    // The popup of the toolbar has no tab of its own, so the page stays the one in front.
    await page.bringToFront();
    await popup.reload();
    await popup.getByText("What should OpenHands do on !57?").waitFor();
    await popup.getByText("You may ask here.").waitFor();
    await popup.getByRole("button", { name: "Address the review" }).click();
    expect(await popup.getByRole("textbox").first().inputValue()).toContain("on this merge request");
    await popup.getByText("Exactly what is sent").click();
    await popup.getByText(address, { exact: false }).first().waitFor();
    expect(await popup.content()).not.toContain(token);
    await popup.getByRole("button", { name: "Ask", exact: true }).click();
    await popup.getByRole("article").first().waitFor();
    const [started] = agent.fake.callsTo("/api/conversations", "POST");
    const sent = JSON.stringify(started?.json);
    expect(sent).toContain(address);
    const { secrets, ...others } = (started?.json ?? {}) as Readonly<Record<string, unknown>>;
    expect(JSON.stringify(secrets)).toContain(token);
    expect(JSON.stringify(others)).not.toContain(token);
    await page.close();
  });

  it("forgets a token", async () => {
    await popup.getByRole("tab", { name: "Connect" }).click();
    const row = popup.getByRole("listitem").filter({ hasText: "git.example.com" });
    await row.getByRole("button", { name: "Remove" }).click();
    await expect.poll(() => row.count()).toBe(0);
    const stored = await browser.worker.evaluate(() => chrome.storage.local.get(null));
    expect(Object.keys(stored).filter((name) => name.includes("token-"))).toEqual([]);
  });
});
