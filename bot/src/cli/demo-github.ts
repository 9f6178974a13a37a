import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Failure } from "@ask-openhands/core/failure.ts";
import { createEmulator } from "emulate";
import * as z from "zod";
import type { FixedConnection } from "../settings/environment-connections.ts";

const accountSchema = z.object({ login: z.string() });
const commentSchema = z.object({
  id: z.number(),
  body: z.string(),
  user: accountSchema,
  html_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type DemoComment = z.infer<typeof commentSchema>;

const issueSchema = z.object({
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  body: z.string().nullable(),
});
const pullSchema = z.object({
  number: z.number(),
  html_url: z.string(),
  head: z.object({ ref: z.string(), sha: z.string() }),
});

/** The person of the demo, and what they own. */
export const person = "you";
export const repository = "you/shop";
export const botName = "ask-openhands[bot]";

/** A GitHub on loopback with one person, one repository and our App installed on it. */
export interface DemoGitHub {
  /** `http://localhost:PORT` */
  readonly url: string;
  /** The App, as a connection of the bot. */
  readonly connection: FixedConnection;
  /** Signed deliveries go to this address from now on. */
  deliverTo(address: string): Promise<void>;
  openIssue(title: string, body: string): Promise<z.infer<typeof issueSchema>>;
  say(issue: number, body: string): Promise<DemoComment>;
  comments(issue: number): Promise<readonly DemoComment[]>;
  /** The pull request, when it exists there with a branch of its own that differs from `main`. */
  pullRequest(number: number): Promise<z.infer<typeof pullSchema> | undefined>;
  close(): Promise<void>;
}

/** Calls GitHub's API as somebody; a refusal is a `Failure`. */
export const callGitHub = async <T>(
  base: string,
  token: string,
  schema: z.ZodType<T>,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> => {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/vnd.github+json",
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Failure(
      "unexpected-reply",
      `The demo's GitHub refused ${method} ${path} (${response.status}).`,
      { status: response.status },
    );
  return schema.parse(JSON.parse(text));
};

const refSchema = z.object({ object: z.object({ sha: z.string() }) });

export const startDemoGitHub = async (): Promise<DemoGitHub> => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const webhookSecret = randomBytes(32).toString("hex");
  const token = `ghp_${randomBytes(18).toString("hex")}`;
  const appId = 1;
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    seed: {
      tokens: { [token]: { login: person, scopes: ["repo"] } },
      github: {
        users: [{ login: person, name: "You" }],
        repos: [{ owner: person, name: "shop", description: "A small shop", auto_init: true }],
        apps: [
          {
            app_id: appId,
            slug: "ask-openhands",
            name: "Ask OpenHands",
            private_key: privateKey,
            permissions: { metadata: "read", contents: "write", issues: "write", pull_requests: "write" },
            events: [
              "issues",
              "issue_comment",
              "pull_request",
              "pull_request_review",
              "pull_request_review_comment",
            ],
            installations: [{ installation_id: 1, account: person, repository_selection: "all" }],
          },
        ],
      },
    },
  });
  const call = <T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> =>
    callGitHub(emulator.url, token, schema, method, `/repos/${repository}${path}`, body);

  return {
    url: emulator.url,
    connection: {
      connection: {
        id: "demo-github",
        platform: "github",
        host: new URL(emulator.url).host,
        owner: { kind: "workspace", id: "main" },
        kind: "app",
        name: "GitHub App of the demo",
        settings: { appId: String(appId), apiUrl: emulator.url },
        secretNames: ["privateKey", "webhookSecret"],
        active: true,
        fixed: true,
        createdAt: new Date().toISOString(),
      },
      secrets: { privateKey, webhookSecret },
    },
    async deliverTo(address) {
      const config = { url: address, content_type: "json", secret: webhookSecret, insecure_ssl: "0" };
      await call(z.unknown(), "POST", "/hooks", {
        name: "web",
        active: true,
        events: ["issues", "issue_comment", "pull_request"],
        config,
      });
    },
    openIssue: (title, body) => call(issueSchema, "POST", "/issues", { title, body }),
    say: (issue, body) => call(commentSchema, "POST", `/issues/${issue}/comments`, { body }),
    comments: (issue) => call(z.array(commentSchema), "GET", `/issues/${issue}/comments?per_page=100`),
    async pullRequest(number) {
      try {
        const pull = await call(pullSchema, "GET", `/pulls/${number}`);
        const [branch, main] = await Promise.all([
          call(refSchema, "GET", `/git/ref/heads/${pull.head.ref}`),
          call(refSchema, "GET", "/git/ref/heads/main"),
        ]);
        return branch.object.sha === main.object.sha ? undefined : pull;
      } catch (error) {
        if (error instanceof Failure && error.status === 404) return undefined;
        throw error;
      }
    },
    close: () => emulator.close(),
  };
};
