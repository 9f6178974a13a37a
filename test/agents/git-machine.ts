import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Agent, Order } from "@ask-openhands/core/agent/agent.ts";
import { createServerAgent } from "@ask-openhands/core/agent/server.ts";
import { order } from "../contracts/agent.ts";
import { type GitServer, startGitServer } from "../fakes/git-http.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../fakes/openhands-server/server.ts";
import { createRealShell } from "../fakes/openhands-server/shell.ts";

/** An agent server whose commands really run, and a git server that it clones from. */
export interface GitMachine {
  readonly home: string;
  readonly git: GitServer;
  readonly server: FakeAgentServer;
  readonly shell: ReturnType<typeof createRealShell>;
  /** The back end as another process of ours sees it. */
  agent(fetching?: typeof fetch): Agent & Required<Pick<Agent, "prepare" | "isPreparing">>;
  order(change?: Partial<NonNullable<Order["repository"]>>, token?: string): Order;
  /** All files on the machine. */
  files(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export const startGitMachine = async (): Promise<GitMachine> => {
  const home = await mkdtemp(join(tmpdir(), "ask-openhands-home-"));
  const git = await startGitServer();
  const shell = createRealShell(home);
  const server = await startFakeAgentServer({ shell });
  return {
    home,
    git,
    server,
    shell,
    agent(fetching = fetch) {
      const agent = createServerAgent(
        { id: "s", baseUrl: server.fake.url, key: server.key, model: { model: "m" } },
        { fetch: fetching, maxBatchWait: 1 },
      );
      const { prepare, isPreparing } = agent;
      if (prepare === undefined || isPreparing === undefined) throw new Error("it prepares nothing");
      return { ...agent, prepare, isPreparing };
    },
    order: (change = {}, token = git.token) =>
      order({
        repository: {
          platform: "any",
          host: "127.0.0.1",
          name: "owner/name",
          url: git.cloneUrl.replace(/\.git$/, ""),
          cloneUrl: git.cloneUrl,
          ...change,
        },
        secrets: { GITHUB_TOKEN: token },
        cloneWith: { secret: "GITHUB_TOKEN", user: git.user },
      }),
    async files() {
      const entries = await readdir(home, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },
    async close() {
      await server.close();
      await git.close();
      await rm(home, { recursive: true, force: true });
    },
  };
};
