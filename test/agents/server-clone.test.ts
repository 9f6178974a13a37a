import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GitMachine, startGitMachine } from "./git-machine.ts";

describe("the repository is on the agent server before the agent begins", () => {
  let machine: GitMachine;
  beforeAll(async () => {
    machine = await startGitMachine();
  });
  afterAll(() => machine.close());

  it("as a clone of the branch that was named, made once however often the start is repeated", async () => {
    const one = machine.order({ branch: "feature/one" });
    const conversation = await machine.agent().start(one);
    const folder = conversation.memo?.["folder"] ?? "";
    expect(folder).toBe(join(machine.home, "ask-openhands", one.runId, "name"));
    expect(await readFile(join(folder, ".git", "HEAD"), "utf8")).toBe("ref: refs/heads/feature/one\n");
    const before = machine.git.fake.calls.length;
    await machine.agent().start(one);
    expect(machine.git.fake.calls.length).toBe(before);
  });

  it("without the token in any command, output, file or process list afterwards", async () => {
    const conversation = await machine.agent().start(machine.order());
    const folder = conversation.memo?.["folder"] ?? "";
    expect(machine.shell.kept.join("\n")).not.toContain(machine.git.token);
    for (const file of await machine.files())
      expect(await readFile(file, "latin1"), file).not.toContain(machine.git.token);
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
    await machine.agent(watching).start(machine.order());
    expect(modes).toEqual([0o700]);
  });

  it("or the person reads what is wrong: token, branch, repository, address", async () => {
    await expect(machine.agent().start(machine.order({}, "wrong-token-here"))).rejects.toMatchObject({
      kind: "bad-credentials",
    });
    await expect(machine.agent().start(machine.order({ branch: "nowhere" }))).rejects.toMatchObject({
      kind: "bad-input",
      hint: expect.stringContaining('no branch "nowhere"'),
    });
    await expect(
      machine.agent().start(machine.order({ cloneUrl: `${machine.git.fake.url}/owner/other.git` })),
    ).rejects.toMatchObject({ kind: "not-found" });
    await expect(
      machine.agent().start(machine.order({ cloneUrl: "http://127.0.0.1:9/owner/name.git" })),
    ).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("and nothing in a name or address reaches the shell as a command", async () => {
    const evil = "$(touch /tmp/ask-openhands-was-here)";
    await expect(machine.agent().start(machine.order({ branch: `x'; ${evil}; '` }))).rejects.toMatchObject({
      kind: "bad-input",
    });
    await expect(
      machine.agent().start(machine.order({ branch: `--upload-pack=${evil}` })),
    ).rejects.toMatchObject({
      kind: "bad-input",
    });
    await expect(machine.agent().start(machine.order({ branch: `$(touch)'` }))).rejects.toMatchObject({
      kind: "bad-input",
    });
    await expect(
      machine.agent().start(machine.order({ cloneUrl: `ext::sh -c '${evil}'` })),
    ).rejects.toMatchObject({
      kind: "bad-settings",
    });
    const named = await machine.agent().start(machine.order({ name: `owner/${evil}` }));
    expect(named.memo?.["folder"]).toMatch(/\/touch-|\/[A-Za-z0-9._-]+$/);
    await expect(stat("/tmp/ask-openhands-was-here")).rejects.toMatchObject({ code: "ENOENT" });
  });
});
