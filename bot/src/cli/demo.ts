import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs, styleText } from "node:util";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { startBot } from "../compose/start-bot.ts";
import type { FixedConnection } from "../settings/environment-connections.ts";
import { readSettings, type Settings } from "../settings.ts";
import { type ScriptedServer, serveScriptedAgent } from "./demo-agent/serve.ts";
import { botName, repository, startDemoGitHub } from "./demo-github.ts";
import { isWell, judge, type Verdict } from "./demo-judge.ts";
import { createDemoScript } from "./demo-script.ts";
import { createThreadView } from "./demo-view.ts";

const agentKey = "demo-session-key-of-the-scripted-agent";
/** Milliseconds after which `--once` gives up. */
const longest = 120_000;

const print = (line: string): void => console.log(line);
const heading = (text: string): void => print(`\n${styleText("bold", text)}`);

const agentConnection = (agent: ScriptedServer): FixedConnection => ({
  connection: {
    id: "demo-agent",
    platform: "openhands",
    host: new URL(agent.url).host,
    owner: { kind: "workspace", id: "main" },
    kind: "server",
    name: "Scripted agent of the demo",
    settings: { baseUrl: agent.url, llmModel: "demo/scripted", workspaceDir: "/workspace" },
    secretNames: ["sessionKey", "llmApiKey"],
    active: true,
    fixed: true,
    createdAt: new Date().toISOString(),
  },
  secrets: { sessionKey: agentKey, llmApiKey: "no-model-is-asked-in-the-demo" },
});

/** Nothing of the person's own environment: the demo has its own data folder and its own connections. */
const settingsFor = (folder: string, connections: readonly FixedConnection[]): Settings => {
  const reading = readSettings({ DATA_DIR: folder, LOG_LEVEL: "info", LOG_FORMAT: "json" }, catalog);
  if ("problems" in reading)
    throw new Failure("bad-settings", reading.problems.map(({ sentence }) => sentence).join(" "));
  return { ...reading.settings, port: 0, connections };
};

const sleep = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

const tell = async (): Promise<void> => {
  const { values } = parseArgs({ options: { once: { type: "boolean", default: false } } });
  const folder = await mkdtemp(join(tmpdir(), "ask-openhands-demo-"));
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  let ending: Promise<void> | undefined;
  const end = (code: number): Promise<void> => {
    ending ??= (async () => {
      process.exitCode = code;
      for (const close of closers.toReversed()) await close();
    })();
    return ending;
  };
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);

  try {
    heading("Ask OpenHands: one ask, from the comment to the pull request");
    print("Everything runs on this machine: a GitHub, an agent that plays a script, and the bot.\n");
    const github = await startDemoGitHub();
    closers.push(github.close);
    const agent = await serveScriptedAgent({
      script: createDemoScript(github.url, repository),
      key: agentKey,
      pace: 400,
    });
    closers.push(agent.close);
    const logFile = join(folder, "bot.log");
    const log = createWriteStream(logFile, { mode: 0o600 });
    const bot = await startBot({
      settings: settingsFor(join(folder, "data"), [github.connection, agentConnection(agent)]),
      logTo: log,
      // The demo is nobody's to own: its link would lead to a page that shows nothing of the story.
      print: () => undefined,
    });
    closers.push(bot.stop);
    const address = `http://localhost:${bot.port}`;
    await github.deliverTo(`${address}/webhooks/github`);

    const issue = await github.openIssue(
      "The cart crashes when it is empty",
      "`total([])` throws instead of giving 0.",
    );
    print(
      `${styleText("bold", `${repository}#${issue.number}`)} ${issue.title}\n${styleText("dim", issue.html_url)}\n`,
    );
    const view = createThreadView(print);
    const ask = await github.say(issue.number, "@openhands please fix this, with a test.");
    view.show([ask]);

    let verdict: Verdict = { edits: 0 };
    for (const until = Date.now() + longest; Date.now() < until && !interrupted; await sleep(200)) {
      view.show(await github.comments(issue.number));
      const own = view.growth().filter(({ comment }) => comment.user.login === botName);
      if (own.length < 2) continue;
      verdict = await judge(github, view.growth());
      if (isWell(verdict)) break;
    }
    // The report takes its last shape beside the closing comment.
    for (let look = 0; look < 20 && !interrupted; look += 1) {
      await sleep(200);
      view.show(await github.comments(issue.number));
    }
    if (interrupted) return await end(130);
    verdict = await judge(github, view.growth());
    heading(isWell(verdict) ? "The story ended well" : "The story did not end well");
    print(
      `The report was edited ${verdict.edits} times${verdict.pullRequest ? `, and pull request #${verdict.pullRequest.number} is there: ${verdict.pullRequest.url}` : "; no pull request was found"}.`,
    );
    if (values.once) return await end(isWell(verdict) ? 0 : 1);

    heading("Look around");
    const api = `${github.url}/repos/${repository}`;
    print(`  the thread         ${api}/issues/${issue.number}/comments`);
    if (verdict.pullRequest) print(`  the pull request   ${api}/pulls/${verdict.pullRequest.number}`);
    print(`  the changed file   ${api}/contents/src/cart.js?ref=openhands%2Ffix-empty-cart`);
    print(`  the bot            ${address}/ready and ${address}/metrics`);
    print(`  its log            ${logFile}`);
    if (process.stdin.isTTY) {
      print("\nWrite a comment and press Enter; one with @openhands goes on with the same conversation.");
      const input = createInterface({ input: process.stdin });
      input.on("line", (line) => {
        if (line.trim() !== "")
          github.say(issue.number, line).catch((error: unknown) => console.error(error));
      });
      input.on("SIGINT", interrupt);
      closers.push(async () => input.close());
    }
    print(styleText("dim", "\nCtrl-C ends the demo and removes everything."));
    while (!interrupted) {
      await sleep(300);
      view.show(await github.comments(issue.number));
    }
    await end(0);
  } catch (error) {
    console.error(error instanceof Failure ? error.hint : error);
    await end(1);
  }
};

await tell();
