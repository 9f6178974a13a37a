import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGitHubWorld } from "../../contracts/subjects/github.ts";
import { makeCertificate } from "../extension/certificate.ts";
import { hasChromium } from "../extension/chromium.ts";
import { enter, type SettingsWorld, startSettingsWorld } from "./settings-world.ts";

type GitHubWorld = Awaited<ReturnType<typeof startGitHubWorld>>;

interface Front {
  readonly host: string;
  /** What the browser posted as a manifest, last. */
  manifest(): Record<string, unknown> | undefined;
  readonly server: Server;
}

/** GitHub's own pages, under https as they always are, in front of the fake's API. */
const startFront = async ({ github }: GitHubWorld): Promise<Front> => {
  let manifest: Record<string, unknown> | undefined;
  const server = createServer(makeCertificate(), async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? "/", "https://front");
    if (url.pathname === "/settings/apps/new") {
      manifest = JSON.parse(new URLSearchParams(body.toString()).get("manifest") ?? "{}");
      github.signIn.manifestCodes.add("code-of-the-app");
      const back = new URL(String(manifest?.["redirect_url"]));
      back.search = new URLSearchParams({
        code: "code-of-the-app",
        state: url.searchParams.get("state") ?? "",
      }).toString();
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    const { authorization, accept } = request.headers;
    const answer = await fetch(`${github.http.url}${request.url}`, {
      method: request.method ?? "GET",
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(accept === undefined ? {} : { accept }),
        "content-type": request.headers["content-type"] ?? "application/json",
      },
      ...(body.length > 0 ? { body } : {}),
    });
    const type = answer.headers.get("content-type") ?? "text/plain";
    response.writeHead(answer.status, { "content-type": type }).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, server, manifest: () => manifest };
};

describe.skipIf(!hasChromium)("an app made from its manifest", () => {
  let world: SettingsWorld;
  let page: Page;
  let github: GitHubWorld;
  let front: Front;
  const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];

  beforeAll(async () => {
    // Nobody vouches for the certificate of a test, and the server has no connection yet that could name its authority.
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    world = await startSettingsWorld();
    github = await startGitHubWorld();
    front = await startFront(github);
    page = await (await world.newContext()).newPage();
    await enter(page, world.link, "Mara");
  });

  afterAll(async () => {
    if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
    await world?.close();
    await github?.close();
    front?.server.close();
  });

  it("goes to GitHub with the manifest, comes back connected, and lists where it is installed", async () => {
    await page.goto("/integrations/github");
    const form = page.getByRole("form", { name: "Create the app at GitHub" });
    await form.getByLabel("Host").fill(front.host);
    await form.getByRole("button", { name: "Create the app at GitHub" }).click();
    await form.getByRole("button", { name: /^Approve .* and save$/ }).click();
    await page.waitForURL(/installations\/new$/);
    expect(front.manifest()).toMatchObject({
      hook_attributes: { url: `${world.url}/webhooks/github` },
      default_permissions: { contents: "write", issues: "write", pull_requests: "write" },
    });
    await page.goto(`${world.url}/integrations/github`);
    const card = page.getByRole("article").first();
    await card.getByText("Connected", { exact: true }).waitFor();
    const installations = card.getByRole("region", { name: /^Installations/ });
    await installations.getByText("acme").waitFor();
    expect(
      await installations.getByRole("link", { name: "Configure repositories" }).getAttribute("href"),
    ).toMatch(/settings\/installations\/42$/);
  });

  it("adds an installation by its id, and says when there is none", async () => {
    const installations = page.getByRole("region", { name: /^Installations/ });
    await installations.getByText("Add an installation by its id").click();
    await installations.getByLabel("Installation id").fill("999999");
    await installations.getByRole("button", { name: "Add", exact: true }).click();
    await installations.getByRole("alert").waitFor();
    await installations.getByLabel("Installation id").fill("42");
    await installations.getByRole("button", { name: "Add", exact: true }).click();
    await installations.getByText("Added: acme.").waitFor();
  });

  it("shows Slack's manifest to create the app with, and the form for its keys", async () => {
    await page.goto("/integrations/slack");
    await page.getByRole("button", { name: "Create the app at Slack" }).click();
    const manifest = JSON.parse(await page.getByLabel("Manifest", { exact: true }).inputValue());
    expect(manifest).toMatchObject({ settings: { socket_mode_enabled: true } });
    const link = await page.getByRole("link", { name: "Open Slack with this manifest" }).getAttribute("href");
    expect(new URL(link ?? "").origin).toBe("https://api.slack.com");
    expect(JSON.parse(new URL(link ?? "").searchParams.get("manifest_json") ?? "")).toEqual(manifest);
    await page.getByRole("form", { name: "Add: Slack app" }).getByLabel("App-level token").waitFor();
    expect(world.complaints.join("\n")).toBe("");
  });
});
