import { randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { subject as bitbucketDc } from "../../contracts/subjects/bitbucket-dc.ts";
import { startGitLabWorld } from "../../contracts/subjects/gitlab.ts";
import { addToken, type BitbucketWorld, startBitbucketWorld } from "../../fakes/bitbucket/world.ts";
import { hasChromium } from "../extension/chromium.ts";
import { createConsent } from "./consent.ts";
import { type EmulatedGitHub, startEmulatedGitHub } from "./emulated-github.ts";
import { connect } from "./fill-connection.ts";
import { type Front, startFront } from "./front.ts";
import { makeApp } from "./make-app.ts";
import { enter, type SettingsWorld, startSettingsWorld } from "./settings-world.ts";

interface Server {
  readonly platform: string;
  readonly name: string;
  readonly host: string;
  /** Connects the server's application for the workspace. */
  connect(page: Page): Promise<void>;
  /** What a person does on the server's own page. */
  consent(page: Page): Promise<void>;
  readonly account: string;
}

const client = { clientId: "app-of-the-test", clientSecret: randomBytes(16).toString("hex") };

describe.skipIf(!hasChromium)("signing in and connecting at other servers", () => {
  let world: SettingsWorld;
  let page: Page;
  let github: EmulatedGitHub;
  let gitlab: Awaited<ReturnType<typeof startGitLabWorld>>;
  let bitbucket: BitbucketWorld;
  const fronts: Front[] = [];
  const servers = new Map<string, Server>();
  const server = (platform: string): Server => servers.get(platform) ?? expect.fail(platform);

  /** An application is typed into the form, with the authority of the server's certificate. */
  const byForm = (platform: string, name: string, front: Front, account: string): Server => ({
    platform,
    name,
    host: front.host,
    account,
    connect: (on) =>
      connect(
        on,
        {
          connection: {
            platform,
            kind: "oauth",
            host: front.host,
            settings: { clientId: client.clientId, baseUrl: front.url },
          },
          secrets: { clientSecret: client.clientSecret },
        },
        { ca: front.ca },
      ),
    consent: (on) => on.getByRole("link", { name: `Authorize as ${account}` }).click(),
  });

  const startGitLab = async (): Promise<Server> => {
    gitlab = await startGitLabWorld();
    const { state } = gitlab.fake;
    const user = state.users.find(({ id }) => String(id) === gitlab.people.writer.id) ?? expect.fail();
    const consent = createConsent({
      ...client,
      authorize: "/oauth/authorize",
      token: "/oauth/token",
      accounts: [{ id: String(user.id), name: user.username }],
      grant: () => {
        const token = randomBytes(16).toString("hex");
        state.tokens.set(token, { user, scopes: ["api", "read_user"], oauth: true });
        return token;
      },
    });
    const front = await startFront({ answer: consent, upstream: () => gitlab.fake.server.url });
    fronts.push(front);
    return byForm("gitlab", "GitLab", front, user.username);
  };

  const startBitbucket = async (): Promise<Server> => {
    bitbucket = await startBitbucketWorld("dc");
    const { writer } = bitbucket.users;
    const consent = createConsent({
      ...client,
      authorize: "/rest/oauth2/latest/authorize",
      token: "/rest/oauth2/latest/token",
      accounts: [{ id: bitbucket.people.writer.id, name: bitbucket.people.writer.name }],
      grant: () => addToken(bitbucket.fake, writer, "oauth"),
    });
    const front = await startFront({ answer: consent, upstream: () => bitbucket.fake.base });
    fronts.push(front);
    return byForm(bitbucketDc.id, "Bitbucket Data Center", front, bitbucket.people.writer.name);
  };

  const startGitHub = async (): Promise<Server> => {
    github = await startEmulatedGitHub(world.reach);
    return {
      platform: "github",
      name: "GitHub",
      host: github.front.host,
      account: "acme",
      connect: (on) => makeApp(on, github.front),
      consent: (on) => on.getByRole("button", { name: /acme/ }).click(),
    };
  };

  beforeAll(async () => {
    world = await startSettingsWorld();
    for (const one of [await startGitHub(), await startGitLab(), await startBitbucket()])
      servers.set(one.platform, one);
    page = await (await world.newContext()).newPage();
    await enter(page, world.link, "Mara");
  });

  afterAll(async () => {
    await world?.close();
    for (const front of fronts) front.close();
    await github?.close();
    await gitlab?.close();
    await bitbucket?.close();
  });

  const signOut = async (): Promise<void> => {
    await page.goto(`${world.url}/account`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  };

  describe.each([["github"], ["gitlab"], ["bitbucket-dc"]])("%s", (platform) => {
    it("takes the application of a server with a certificate of its own", async () => {
      await server(platform).connect(page);
      await page.goto(`${world.url}/integrations/${platform}`);
      await page
        .getByRole("article")
        .getByText(/^(Ready for sign-in|Connected|Scopes missing)$/)
        .waitFor();
    });

    it("connects one's own account by a click, and links it", async () => {
      const { host, account, consent } = server(platform);
      await page.goto(`${world.url}/integrations/${platform}`);
      await page.getByRole("button", { name: `Connect my account on ${host}` }).click();
      await consent(page);
      await page.waitForURL(`${world.url}/integrations/${platform}`);
      const own = page.getByRole("region", { name: "Your own" }).getByRole("article");
      // Not everybody may administer repositories, which is what webhooks need.
      await own.getByText(/^(Connected|Scopes missing)$/).waitFor();
      expect(await own.getByRole("heading", { level: 3 }).textContent()).toContain(account);
      await page.goto(`${world.url}/account`);
      await page.getByRole("button", { name: `Unlink ${account} on ${host}` }).waitFor();
    });

    it("signs in the person whose account it is", async () => {
      const { name, host, consent } = server(platform);
      await signOut();
      await page.goto(`${world.url}/activity`);
      await page.getByRole("button", { name: `Sign in with ${name} (${host})` }).click();
      await consent(page);
      await page.waitForURL(`${world.url}/activity`);
      await page.getByRole("banner").getByText("Mara").waitFor();
    });
  });

  it("lets an invited person in by an account, and nobody who is not invited", async () => {
    const { name, host } = server("github");
    const stranger = await (await world.newContext()).newPage();
    await stranger.goto("/");
    await stranger.getByRole("button", { name: `Sign in with ${name} (${host})` }).click();
    await stranger.getByRole("button", { name: /nils/i }).click();
    await stranger.getByText("not linked to anybody here").waitFor();
    await page.goto("/members");
    await page.getByRole("button", { name: "Make an invitation link" }).click();
    const link = await page.getByLabel("Invitation link", { exact: true }).inputValue();
    await stranger.goto(link);
    await stranger.getByRole("button", { name: `Continue with ${name} (${host})` }).click();
    await stranger.getByRole("button", { name: /nils/i }).click();
    await stranger.getByRole("heading", { name: "Integrations", level: 1 }).waitFor();
    await stranger.getByRole("banner").getByText("nils").waitFor();
  });
});
