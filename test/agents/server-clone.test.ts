import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Order } from "@ask-openhands/core/agent/agent.ts";
import { createServerAgent } from "@ask-openhands/core/agent/server.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { order } from "../contracts/agent.ts";
import { type GitServer, startGitServer } from "../fakes/git-http.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../fakes/openhands-server/server.ts";
import { createRealShell } from "../fakes/openhands-server/shell.ts";

const filesUnder = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

describe("the repository is on the agent server before the agent begins", () => {
  let home: string;
  let git: GitServer;
  let server: FakeAgentServer;
  let shell: ReturnType<typeof createRealShell>;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "ask-openhands-home-"));
    git = await startGitServer();
    shell = createRealShell(home);
    server = await startFakeAgentServer({ shell });
  });
  afterAll(async () => {
    await server.close();
    await git.close();
    await rm(home, { recursive: true, force: true });
  });

  const agent = () =>
    createServerAgent(
      { id: "s", baseUrl: server.fake.url, key: server.key, model: { model: "m" } },
      { fetch, maxBatchWait: 1 },
    );

  const repositoryOrder = (
    change: Partial<NonNullable<Order["repository"]>> = {},
    token = git.token,
  ): Order =>
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
    });

  it("as a clone of the branch that was named, made once however often the start is repeated", async () => {
    const one = repositoryOrder({ branch: "feature/one" });
    const conversation = await agent().start(one);
    const folder = conversation.memo?.["folder"] ?? "";
    expect(folder).toBe(join(home, "ask-openhands", one.runId, "name"));
    expect(await readFile(join(folder, ".git", "HEAD"), "utf8")).toBe("ref: refs/heads/feature/one\n");
    const before = git.fake.calls.length;
    await agent().start(one);
    expect(git.fake.calls.length).toBe(before);
  });

  it("without the token in any command, output, file or process list afterwards", async () => {
    const conversation = await agent().start(repositoryOrder());
    const folder = conversation.memo?.["folder"] ?? "";
    expect(shell.kept.join("\n")).not.toContain(git.token);
    for (const file of await filesUnder(home))
      expect(await readFile(file, "latin1"), file).not.toContain(git.token);
    const helper = await readFile(join(folder, ".git", "config"), "utf8");
    expect(helper).toContain("$GITHUB_TOKEN");
  });

  it("keeps the token in a folder that only the server's user may read while it clones", async () => {
    const modes: number[] = [];
    const watching: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (String(input).includes("/api/file/upload")) {
        const path = new URL(String(input)).searchParams.get("path") ?? "";
        modes.push((await stat(join(path, ".."))).mode & 0o777);
      }
      return answer;
    };
    await createServerAgent(
      { id: "s", baseUrl: server.fake.url, key: server.key, model: { model: "m" } },
      { fetch: watching },
    ).start(repositoryOrder());
    expect(modes).toEqual([0o700]);
  });

  it("or the person reads what is wrong: token, branch, repository, address", async () => {
    await expect(agent().start(repositoryOrder({}, "wrong-token-here"))).rejects.toMatchObject({
      kind: "bad-credentials",
    });
    await expect(agent().start(repositoryOrder({ branch: "nowhere" }))).rejects.toMatchObject({
      kind: "bad-input",
      hint: expect.stringContaining('no branch "nowhere"'),
    });
    await expect(
      agent().start(repositoryOrder({ cloneUrl: `${git.fake.url}/owner/other.git` })),
    ).rejects.toMatchObject({ kind: "not-found" });
    await expect(
      agent().start(repositoryOrder({ cloneUrl: "http://127.0.0.1:9/owner/name.git" })),
    ).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("and nothing in a name or address reaches the shell as a command", async () => {
    const evil = "$(touch /tmp/ask-openhands-was-here)";
    await expect(agent().start(repositoryOrder({ branch: `x'; ${evil}; '` }))).rejects.toMatchObject({
      kind: "bad-input",
    });
    await expect(agent().start(repositoryOrder({ branch: `--upload-pack=${evil}` }))).rejects.toMatchObject({
      kind: "bad-input",
    });
    await expect(agent().start(repositoryOrder({ branch: `$(touch)'` }))).rejects.toMatchObject({
      kind: "bad-input",
    });
    await expect(agent().start(repositoryOrder({ cloneUrl: `ext::sh -c '${evil}'` }))).rejects.toMatchObject({
      kind: "bad-settings",
    });
    const named = await agent().start(repositoryOrder({ name: `owner/${evil}` }));
    expect(named.memo?.["folder"]).toMatch(/\/touch-|\/[A-Za-z0-9._-]+$/);
    await expect(stat("/tmp/ask-openhands-was-here")).rejects.toMatchObject({ code: "ENOENT" });
  });
});
