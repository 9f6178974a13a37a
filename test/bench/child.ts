import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What the bot is compared with, each in a process of its own: `node child.ts <name> <secret> [private key]`. */
const [, , name, secret = "", privateKey = ""] = process.argv;

// The peers are packages of the bot.
const requireFromBot = createRequire(join(import.meta.dirname, "../../bot/package.json"));
const load = async <Module>(packageName: string): Promise<Module> =>
  (await import(pathToFileURL(requireFromBot.resolve(packageName)).href)) as Module;

const matches = (given: string, wanted: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
};

const isGenuine = ({ headers }: IncomingMessage, body: Buffer): boolean => {
  const github = headers["x-hub-signature-256"];
  if (typeof github === "string")
    return matches(github, `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const time = String(headers["x-slack-request-timestamp"]);
  const wanted = createHmac("sha256", secret).update(`v0:${time}:`).update(body).digest("hex");
  return matches(String(headers["x-slack-signature"]), `v0=${wanted}`);
};

/** As little as a receiver can do: read, check, parse, answer. */
const bare: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    if (!isGenuine(request, body)) return void response.writeHead(401).end();
    JSON.parse(body.toString());
    response.writeHead(200, { "content-length": 0 }).end();
  });
};

type Middleware = (request: IncomingMessage, response: unknown, next: () => void) => unknown;

const probot = async (): Promise<RequestListener> => {
  const { createNodeMiddleware, createProbot } = await load<{
    createProbot(options: { overrides: object }): unknown;
    createNodeMiddleware(
      app: (app: { on(event: string, hear: () => void): void }) => void,
      options: object,
    ): Promise<Middleware>;
  }>("probot");
  const middleware = await createNodeMiddleware((app) => app.on("issue_comment.created", () => undefined), {
    probot: createProbot({ overrides: { appId: 1, privateKey, secret, logLevel: "fatal" } }),
    webhooksPath: "/webhooks/github",
  });
  return (request, response) => void middleware(request, response, () => void response.writeHead(404).end());
};

const bolt = async (): Promise<RequestListener> => {
  const { default: module } = await load<{
    default: {
      App: new (
        options: object,
      ) => { event(name: string, hear: () => Promise<void>): void; init(): Promise<void> };
      HTTPReceiver: new (options: object) => { requestListener: RequestListener };
    };
  }>("@slack/bolt");
  const receiver = new module.HTTPReceiver({
    signingSecret: secret,
    endpoints: "/webhooks/slack",
    logLevel: "error",
  });
  const app = new module.App({
    receiver,
    logLevel: "error",
    authorize: async () => ({ botToken: "xoxb-bench", botId: "B0", botUserId: "U0OPENHANDS" }),
  });
  app.event("app_mention", async () => undefined);
  return receiver.requestListener;
};

const listeners: Readonly<Record<string, () => RequestListener | Promise<RequestListener>>> = {
  bare: () => bare,
  probot,
  bolt,
};

const listener = await listeners[name ?? ""]?.();
if (listener === undefined) throw new Error(`no variant ${name}`);
const server = createServer(listener);
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once("disconnect", () => process.exit(0));
