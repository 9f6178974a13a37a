import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GitMachine, startGitMachine } from "../agents/git-machine.ts";
import { makeAuthor, makeMention } from "../support/make-mention.ts";
import { type EngineBench, startEngineBench } from "./bench.ts";
import { facts } from "./forge.ts";

const second = 1_000;

describe("a repository whose clone takes longer than any request may", () => {
  let bench: EngineBench;
  let machine: GitMachine;

  beforeEach(async () => {
    machine = await startGitMachine();
    machine.git.fake.fail({ path: /info\/refs$/, delayMs: 3 * second, times: Number.POSITIVE_INFINITY });
    bench = await startEngineBench();
    const platform = bench.deps.platforms.get("forge");
    if (platform === undefined) throw new Error("no platform");
    const { thread } = platform;
    const repository = { ...facts, cloneUrl: machine.git.cloneUrl };
    Object.assign(platform, {
      thread: async (...given: Parameters<typeof thread>) => ({ ...(await thread(...given)), repository }),
      findRepository: async () => repository,
      agentTokenName: "GITHUB_TOKEN",
      agentToken: async () => ({
        name: "GITHUB_TOKEN",
        value: machine.git.token,
        gitUser: machine.git.user,
      }),
    });
    const agent = machine.agent();
    Object.assign(bench.deps, {
      // Four times this is the longest that a start may take: less than the clone.
      times: { ...bench.deps.times, request: second },
      agents: { ...bench.deps.agents, get: () => agent },
    });
  });
  afterEach(async () => {
    await bench.end();
    await machine.close();
  });

  const run = async () => (await bench.store.runs({ limit: 1 }))[0];
  const clones = (): number => machine.shell.kept.filter((command) => command.includes(" clone ")).length;
  /** Lets both clocks go on until the run is there. */
  const until = (state: string): Promise<void> =>
    expect
      .poll(
        async () => {
          await bench.run(second);
          return (await run())?.state;
        },
        { timeout: 18 * second, interval: 200 },
      )
      .toBe(state);

  it("is cloned once, the report says so meanwhile, and the run works as any other", async () => {
    await bench.store.accept(makeMention(1));
    await bench.run(0);
    expect((await run())?.state).toBe("starting");
    await bench.run(6 * second);
    expect(bench.posts[0]?.words).toContain("Cloning acme/site, which may take up to 15 minutes");
    await until("done");
    expect(clones()).toBe(1);
    expect(bench.lines.filter(({ message }) => message === "put off")).toEqual([]);
  });

  it("is stopped at once by who asks for it, while the clone is under way", async () => {
    await bench.store.accept(makeMention(1));
    await bench.run(0);
    await bench.store.accept(makeMention(2, { text: "@openhands stop", author: makeAuthor() }));
    await bench.run(5 * second);
    expect(await run()).toMatchObject({ state: "stopped" });
    expect(machine.server.protocol.conversations.size).toBe(0);
  });
});
