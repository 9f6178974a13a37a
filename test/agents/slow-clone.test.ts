import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Order } from "@ask-openhands/core/agent/agent.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GitMachine, startGitMachine } from "./git-machine.ts";

describe("a clone that takes long", () => {
  let machine: GitMachine;
  beforeEach(async () => {
    machine = await startGitMachine();
    machine.git.fake.fail({ path: /info\/refs$/, delayMs: 2_000, times: Number.POSITIVE_INFINITY });
  });
  afterEach(() => machine.close());

  const folderOf = ({ runId }: Order): string => join(machine.home, "ask-openhands", runId);
  const clones = (): number => machine.shell.kept.filter((command) => command.includes(" clone ")).length;
  const end = ({ runId }: Order): Promise<void> =>
    expect.poll(() => machine.agent().isPreparing(runId), { timeout: 15_000 }).toBe(false);
  /** The machine ends everything of ours, as it does when it is started anew. */
  const breakOff = async (order: Order): Promise<void> => {
    const by = await readFile(join(folderOf(order), ".cloning", "by"), "utf8");
    process.kill(Number(by.split(" ")[0]), "SIGKILL");
    await end(order);
  };

  it("goes on while nobody waits for it, is begun once, and is there when it is asked for again", async () => {
    const order = machine.order();
    expect(await machine.agent().prepare(order)).toEqual({
      state: "under-way",
      phase: "Cloning owner/name, which may take up to 15 minutes",
    });
    expect(await machine.agent().isPreparing(order.runId)).toBe(true);
    expect(await machine.agent().prepare(order)).toMatchObject({ state: "under-way" });
    const conversation = await machine.agent().start(order);
    expect(await readFile(join(conversation.memo?.["folder"] ?? "", "README.md"), "utf8")).toContain("#");
    expect(clones()).toBe(1);
    expect(await machine.agent().prepare(order)).toMatchObject({ state: "ready" });
    expect(await machine.agent().isPreparing(order.runId)).toBe(false);
  });

  it("tells why it failed to whoever asks next, once", async () => {
    const order = machine.order({}, "wrong-token-here");
    expect(await machine.agent().prepare(order)).toMatchObject({ state: "under-way" });
    await end(order);
    expect(await machine.agent().prepare(order)).toMatchObject({
      state: "failed",
      failure: { kind: "bad-credentials" },
    });
    machine.git.fake.recover();
    expect(await machine.agent().prepare({ ...machine.order(), runId: order.runId })).toMatchObject({
      state: "ready",
    });
  });

  it("is begun anew when the machine was started anew in the middle of it, and no token stays behind", async () => {
    const order = machine.order();
    await machine.agent().prepare(order);
    await breakOff(order);
    machine.git.fake.recover();
    expect(await machine.agent().prepare(order)).toMatchObject({ state: "ready" });
    expect(clones()).toBe(2);
    for (const file of await machine.files())
      expect(await readFile(file, "latin1"), file).not.toContain(machine.git.token);
  });

  it("is given up for good when it has had its time", async () => {
    const order = machine.order();
    await machine.agent().prepare(order);
    await breakOff(order);
    await writeFile(
      join(folderOf(order), ".cloning", "by"),
      `999999999 ${Math.floor(Date.now() / 1_000) - 901}\n`,
    );
    const answer = await machine.agent().prepare(order);
    if (answer.state !== "failed") throw new Error(`it is ${answer.state}`);
    expect(answer.failure.passing).toBe(false);
    expect(answer.failure.hint).toContain("could not be cloned on the agent server within 15 minutes");
  });
});
