import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sent } from "../contracts/platform-subject.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "./flow.ts";

describe("restarts and repeated deliveries", () => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow({ subject: github, times: { request: 500, lease: 2_000 } });
  });
  afterEach(() => flow.end());

  const send = async ({ method, path, headers, bytes }: Sent): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${flow.bot().port}${path}`, {
      method,
      headers,
      body: new Uint8Array(bytes),
    });
    await response.text();
    return response.status;
  };

  it("the same delivery four times, out of order, across a restart: one run, one report, one closing comment", async () => {
    let finish: () => void = () => undefined;
    const moment = new Promise<void>((resolve) => {
      finish = resolve;
    });
    flow.agent.play(() => [
      { do: "think", text: "On it." },
      { do: "until", moment },
      { do: "finish", message: "All good." },
    ]);
    const issue = await flow.open();
    flow.world.deliverTo(undefined);
    await flow.ask(issue, "@openhands do it");
    const kept = flow.world.deliveries();
    expect(kept.length).toBeGreaterThan(0);
    for (const sent of [...kept, ...kept].toReversed()) expect(await send(sent)).toBe(200);
    await flow.waitFor(issue, "report-", "working");
    await flow.stop();
    await flow.start();
    flow.world.deliverTo(undefined);
    for (const sent of kept) expect(await send(sent)).toBe(200);
    finish();
    await flow.waitFor(issue, "closing-", "All good.");
    for (const sent of kept) expect(await send(sent)).toBe(200);
    await new Promise((next) => setTimeout(next, 1_000));
    expect(await flow.runs()).toHaveLength(1);
    expect(
      flow
        .ours(issue)
        .map(({ text }) => /(report|closing)-/.exec(text)?.[1])
        .toSorted(),
    ).toEqual(["closing", "report"]);
    expect(flow.agent.protocol.conversations.size).toBe(1);
  });

  it("what was missed while the bot was away is found when it is back", async () => {
    flow.agent.play(() => [{ do: "finish", message: "Found it." }]);
    const issue = await flow.open();
    await flow.stop();
    flow.world.loseDeliveries(true);
    await flow.ask(issue, "@openhands did you hear this?");
    flow.world.loseDeliveries(false);
    await flow.start();
    await flow.waitFor(issue, "closing-", "Found it.");
    expect(await flow.runs()).toHaveLength(1);
  });

  it("a follow-up that came while the bot was away goes to the live conversation", async () => {
    flow.agent.play((message) =>
      message.includes("second")
        ? [{ do: "finish", message: "Both done." }]
        : [
            { do: "think", text: "On it." },
            { do: "wait", milliseconds: 1_500 },
            { do: "finish", message: "One done." },
          ],
    );
    const issue = await flow.open();
    await flow.ask(issue, "@openhands the first");
    await flow.until("it works", async () => (await flow.runs())[0]?.state === "working");
    await flow.stop();
    flow.world.loseDeliveries(true);
    await flow.ask(issue, "@openhands and the second");
    flow.world.loseDeliveries(false);
    await flow.start();
    await flow.waitFor(issue, "Both done.");
    expect(flow.agent.protocol.conversations.size).toBe(1);
    expect(flow.told()).toHaveLength(2);
  });

  it("a deletion takes back a request that waits, and the report says so", async () => {
    flow.agent.play(() => [{ do: "think", text: "On it." }, { do: "hang" }]);
    const busy = await Promise.all([1, 2, 3].map(() => flow.open()));
    for (const issue of busy) await flow.ask(issue, "@openhands keep busy");
    for (const issue of busy) await flow.waitFor(issue, "working on it");
    const [fourth, fifth] = [await flow.open(), await flow.open()];
    const ask = await flow.ask(fourth, "@openhands me too");
    await flow.waitFor(fourth, "Queued: next in line");
    await flow.ask(fifth, "@openhands and me");
    await flow.waitFor(fifth, "Queued: number 2 in line");
    await flow.world.removeComment?.(flow.world.people.writer, ask);
    await flow.waitFor(fourth, "Withdrawn before it started");
    const [first] = busy;
    if (first === undefined) throw new Error("no issue");
    await flow.ask(first, "@openhands stop");
    await flow.waitFor(fifth, "working on it");
    expect(flow.agent.protocol.conversations.size).toBe(4);
  }, 40_000);

  it("an edit of a request that waits replaces it", async () => {
    flow.agent.play((message) =>
      message.includes("better")
        ? [{ do: "finish", message: "The better one." }]
        : [{ do: "think", text: "On it." }, { do: "hang" }],
    );
    const busy = await Promise.all([1, 2, 3].map(() => flow.open()));
    for (const issue of busy) await flow.ask(issue, "@openhands keep busy");
    for (const issue of busy) await flow.waitFor(issue, "working on it");
    const fourth = await flow.open();
    const ask = await flow.ask(fourth, "@openhands the first idea");
    await flow.waitFor(fourth, "Queued");
    await flow.world.editComment?.(flow.world.people.writer, ask, "@openhands the better idea");
    await flow.ask(busy[0]!, "@openhands stop");
    await flow.waitFor(fourth, "The better one.");
  }, 40_000);

  it("stops cleanly in the middle of everything: deliveries answered, leases handed back, the next start goes on at once", async () => {
    flow.agent.play(() => [
      { do: "think", text: "On it." },
      { do: "wait", milliseconds: 500 },
      { do: "finish", message: "Survived." },
    ]);
    const issues = await Promise.all([1, 2, 3].map(() => flow.open()));
    await Promise.all(issues.map((issue) => flow.ask(issue, "@openhands do it")));
    const asked = Date.now();
    await flow.stop();
    expect(Date.now() - asked).toBeLessThan(5_000);
    await flow.start();
    for (const issue of issues) await flow.waitFor(issue, "Survived.");
    expect(flow.agent.protocol.conversations.size).toBe(3);
    for (const issue of issues) await flow.until("two posts each", () => flow.ours(issue).length === 2);
  }, 40_000);
});
