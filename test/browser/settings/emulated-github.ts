import { generateKeyPairSync, randomBytes } from "node:crypto";
import { callGitHub } from "@ask-openhands/bot/cli/demo-github.ts";
import { createEmulator, type Emulator } from "emulate";
import * as z from "zod";
import { freePort } from "./free-port.ts";
import { type Front, type Page, startFront, type Visit } from "./front.ts";

const manifestSchema = z.object({
  name: z.string(),
  redirect_url: z.string(),
  callback_urls: z.array(z.string()),
  hook_attributes: z.object({ url: z.string() }),
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
});
export type Manifest = z.infer<typeof manifestSchema>;

interface App {
  readonly code: string;
  readonly manifest: Manifest;
  readonly credentials: Readonly<Record<string, string | number>>;
}

const issueSchema = z.object({ number: z.number(), html_url: z.string() });
const commentsSchema = z.array(z.object({ body: z.string(), user: z.object({ login: z.string() }) }));

export interface EmulatedGitHub {
  readonly front: Front;
  /** What was posted to the page that makes Apps. */
  manifest(): Manifest | undefined;
  /** Of the App: private key and secrets. */
  secrets(): readonly string[];
  openIssue(title: string, body: string): Promise<number>;
  say(issue: number, body: string): Promise<void>;
  comments(issue: number): Promise<z.infer<typeof commentsSchema>>;
  close(): Promise<void>;
}

const owner = "acme";
const repository = `${owner}/shop`;
const slug = "ask-openhands-test";
const conversions = /^\/api\/v3\/app-manifests\/([^/]+)\/conversions$/;

/**
 * GitHub as `emulate` plays it, as an Enterprise Server with an authority of its own. `emulate` makes no Apps from manifests, so those two pages are ours:
 * the App that it then plays has exactly what the manifest says (rights, events, address of deliveries, redirect addresses). `reach` is where the
 * bot's name leads to on this machine.
 */
export const startEmulatedGitHub = async (reach: (address: string) => string): Promise<EmulatedGitHub> => {
  const token = `ghp_${randomBytes(18).toString("hex")}`;
  let emulator: Emulator | undefined;
  let app: App | undefined;
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;

  const makeApp = async (manifest: Manifest, baseUrl: string): Promise<App> => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const [webhookSecret, clientSecret] = [randomBytes(32).toString("hex"), randomBytes(20).toString("hex")];
    const clientId = `Iv1.${randomBytes(8).toString("hex")}`;
    // Another App is another beginning.
    await emulator?.close();
    emulator = await createEmulator({
      service: "github",
      port,
      baseUrl,
      seed: {
        tokens: { [token]: { login: owner, scopes: ["repo"] } },
        github: {
          users: [
            { login: owner, name: "Acme" },
            { login: "nils", name: "Nils" },
          ],
          repos: [{ owner, name: "shop", description: "A small shop", auto_init: true }],
          oauth_apps: [
            {
              client_id: clientId,
              client_secret: clientSecret,
              name: manifest.name,
              redirect_uris: manifest.callback_urls,
            },
          ],
          apps: [
            {
              app_id: 7,
              slug,
              name: manifest.name,
              private_key: privateKey,
              permissions: manifest.default_permissions,
              events: manifest.default_events,
              webhook_url: reach(manifest.hook_attributes.url),
              webhook_secret: webhookSecret,
              installations: [{ installation_id: 21, account: owner, repository_selection: "all" }],
            },
          ],
        },
      },
    });
    const credentials = {
      id: 7,
      slug,
      name: manifest.name,
      html_url: `${baseUrl}/apps/${slug}`,
      client_id: clientId,
      client_secret: clientSecret,
      webhook_secret: webhookSecret,
      pem: privateKey,
    };
    return { code: randomBytes(20).toString("hex"), manifest, credentials };
  };

  const answer = async ({ method, url, body }: Visit): Promise<Page | undefined> => {
    if (method === "POST" && url.pathname === "/settings/apps/new") {
      const manifest = manifestSchema.parse(JSON.parse(new URLSearchParams(body).get("manifest") ?? "{}"));
      app = await makeApp(manifest, url.origin);
      const back = new URL(manifest.redirect_url);
      back.search = String(
        new URLSearchParams({ code: app.code, state: url.searchParams.get("state") ?? "" }),
      );
      return { to: back.href };
    }
    const code = method === "POST" ? conversions.exec(url.pathname)?.[1] : undefined;
    if (code !== undefined) {
      const made = app?.code === code ? app.credentials : undefined;
      // A code works once.
      if (app !== undefined) app = { ...app, code: "" };
      return made === undefined
        ? { status: 404, json: { message: "Not Found" } }
        : { status: 201, json: made };
    }
    if (url.pathname === `/apps/${slug}/installations/new`)
      return { html: "<!doctype html><html lang=en><title>Install</title><h1>Installed on acme</h1></html>" };
    return undefined;
  };

  const front = await startFront({ answer, upstream: () => address, strip: "/api/v3" });
  const call = <T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> =>
    callGitHub(address, token, schema, method, `/repos/${repository}${path}`, body);

  return {
    front,
    manifest: () => app?.manifest,
    secrets: () =>
      ["pem", "webhook_secret", "client_secret"].map((name) => String(app?.credentials[name] ?? "")),
    openIssue: async (title, body) => (await call(issueSchema, "POST", "/issues", { title, body })).number,
    say: async (issue, body) => {
      await call(z.unknown(), "POST", `/issues/${issue}/comments`, { body });
    },
    comments: (issue) => call(commentsSchema, "GET", `/issues/${issue}/comments?per_page=100`),
    close: async () => {
      front.close();
      await emulator?.close();
    },
  };
};
