import { describe, expect, it } from "vitest";
import type { Spot } from "../contracts/platform-subject.ts";
import { subject as github, startGitHubWorld } from "../contracts/subjects/github.ts";
import type { Fault } from "../fakes/faults.ts";
import type { FakeCall, FakeServer } from "../fakes/http.ts";
import { type Flow, startFlow } from "../flows/flow.ts";

const seconds = 2;
const places = 4;
/** Requests that were on their way when the refusal arrived. */
const onTheWay = 300;
const sleep = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));

/** Who called, as a server counts: by credential. */
const accountOf = ({ headers }: FakeCall): string =>
  headers["authorization"] ?? headers["x-session-api-key"] ?? "";

/** Calls that were made though an earlier answer to the same account asked for patience. */
const tooEarly = (calls: readonly FakeCall[], status: number): readonly string[] => {
  const windows = calls.filter((call) => call.status === status);
  return calls.flatMap((call) => {
    const within = windows.find(
      (refused) =>
        accountOf(refused) === accountOf(call) &&
        call.at > refused.at + onTheWay &&
        call.at < refused.at + seconds * 1_000 - 50,
    );
    return within === undefined ? [] : [`${call.method} ${call.path} ${call.at - within.at} ms after`];
  });
};

describe("a storm", () => {
  const begin = async () => {
    const world = await startGitHubWorld();
    const flow = await startFlow({
      subject: { ...github, start: async () => world },
      times: { request: 2_000, lease: 6_000, pause: 1_000, unreachable: 60_000 },
      settings: { workspace: { runsPerPerson: "100", runsPerWorkspace: "100" } },
      script: () => [
        { do: "think", text: "On it." },
        { do: "wait", milliseconds: 2_000 },
        { do: "finish", message: "All of it is done." },
      ],
    });
    // The first look for missed mentions is over.
    await sleep(1_000);
    return { world, flow };
  };

  const askAll = async (flow: Flow): Promise<readonly Spot[]> => {
    const spots = await Promise.all(Array.from({ length: places }, () => flow.open()));
    for (const spot of spots) await flow.ask(spot, "@openhands do it");
    return spots;
  };

  const expectAllDone = async (flow: Flow, spots: readonly Spot[], within: number): Promise<void> => {
    await flow.until(
      "every report and every closing comment says done",
      () =>
        spots.every((spot) => {
          const texts = flow.ours(spot).map(({ text }) => text);
          return texts.length >= 2 && texts.every((text) => text.includes("Done"));
        }),
      within,
    );
    for (const spot of spots) expect(flow.ours(spot)).toHaveLength(2);
    expect((await flow.runs()).map(({ state }) => state)).toEqual(spots.map(() => "done"));
    expect(flow.agent.protocol.conversations.size).toBe(places);
  };

  it.concurrent.each([
    ["429 at the forge", "forge", { status: 429 }],
    ["503 at the forge", "forge", { status: 503 }],
    ["429 at the agent", "agent", { status: 429 }],
    ["503 at the agent", "agent", { status: 503 }],
  ] as const)(
    "of %s with Retry-After: no call of that account before its time, and every run ends truly",
    async (_name, where, fault) => {
      const { world, flow } = await begin();
      const fake: FakeServer = where === "forge" ? world.github.http : flow.agent.fake;
      const from = fake.calls.length;
      fake.fail({ ...fault, retryAfter: seconds, chance: 0.25, times: 4 });
      const spots = await askAll(flow);
      await expectAllDone(flow, spots, 80);
      const calls = fake.calls.slice(from);
      const refusals = calls.filter(({ status }) => status === fault.status).length;
      console.log(`faults injected: ${refusals} × ${fault.status} with Retry-After at the ${where}`);
      expect(refusals).toBeGreaterThan(1);
      expect(tooEarly(calls, fault.status)).toEqual([]);
      await flow.end();
    },
    110_000,
  );

  const slow: readonly Fault[] = [{ hang: true }, { dripMs: 300 }, { cut: true }];
  it.concurrent.each(["forge", "agent"] as const)(
    "of slow connections at the %s: accepted and never answered, answered byte by byte, cut off in the middle of the body",
    async (where) => {
      const { world, flow } = await begin();
      const fake: FakeServer = where === "forge" ? world.github.http : flow.agent.fake;
      for (const fault of slow) fake.fail({ ...fault, chance: 0.2, times: 3 });
      const spots = await askAll(flow);
      await expectAllDone(flow, spots, 100);
      console.log(`faults injected: ${slow.length * 3} slow or cut answers at the ${where}`);
      await flow.end();
    },
    130_000,
  );
});
