import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeMention } from "../support/make-mention.ts";
import { type EngineBench, startEngineBench } from "./bench.ts";

const minute = 60_000;

describe("work that lasts longer than the tokens it was begun with", () => {
  let bench: EngineBench;
  /** Tokens that the agent was handed after its start, with the time since then. */
  let renewed: { readonly token: string | undefined; readonly after: number }[];
  let refuse: boolean;

  beforeEach(async () => {
    bench = await startEngineBench({ runTimeout: 300 * minute });
    renewed = [];
    refuse = false;
    const began = bench.now();
    let made = 0;
    Object.assign(bench.deps.platforms.get("forge") ?? {}, {
      agentToken: async () => {
        made += 1;
        const renewAfter = bench.now() + 45 * minute;
        return { name: "FORGE_TOKEN", value: `token-${made}`, gitUser: "token", renewAfter };
      },
    });
    Object.assign(bench.deps.agents.get("a1"), {
      renew: async (_: unknown, secrets: Readonly<Record<string, string>>) => {
        if (refuse) throw new Error("the agent server is away");
        renewed.push({ token: secrets["FORGE_TOKEN"], after: bench.now() - began });
      },
    });
    await bench.store.accept(makeMention(1));
    bench.tell({ type: "working" });
    await bench.run(minute);
  });
  afterEach(() => bench.end());

  it("gets new ones before the old ones end, once each", async () => {
    expect(bench.given[0]?.secrets["FORGE_TOKEN"]).toBe("token-1");
    await bench.run(40 * minute);
    expect(renewed).toEqual([]);
    await bench.run(100 * minute);
    expect(renewed.map(({ token }) => token)).toEqual(["token-2", "token-3", "token-4"]);
    expect(renewed.map(({ after }) => Math.round(after / minute))).toEqual([45, 90, 135]);
  });

  it("is tried again every minute while the agent cannot be reached", async () => {
    refuse = true;
    await bench.run(50 * minute);
    refuse = false;
    await bench.run(10 * minute);
    expect(renewed).toHaveLength(1);
    expect(
      bench.lines.filter(({ message }) => message.includes("tokens were not renewed")).length,
    ).toBeGreaterThan(2);
  });

  it("asks for none while the agent waits for an answer: they come with it", async () => {
    bench.tell({ type: "question", text: "Which one?" });
    await bench.run(120 * minute);
    expect(renewed).toEqual([]);
    await bench.store.accept(makeMention(2, { text: "@openhands the first one" }));
    await bench.run(minute);
    expect(bench.given[1]?.secrets["FORGE_TOKEN"]).toBe("token-2");
  });
});
