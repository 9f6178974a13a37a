import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "./flow.ts";

/** GitHub tells times in seconds: what is to stand before an ask is written in an earlier one. */
const nextSecond = (): Promise<void> => sleep(1_050);

describe("a follow-up brings what stands around it", () => {
  let flow: Flow;
  /** Ends the wait of the scripted agent. */
  let go: () => void;

  beforeEach(async () => {
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    flow = await startFlow({
      subject: github,
      script: (message) => [
        { do: "think", text: "Looking." },
        ...(message.includes("begin") ? [{ do: "until", moment: gate } as const] : []),
        { do: "finish", message: "Done with it." },
      ],
    });
  });
  afterEach(async () => {
    go();
    await flow.end();
  });

  it("what was said since the last ask reaches the live conversation, and the next one after its end, once", async () => {
    const { world } = flow;
    const { writer, reader } = world.people;
    const issue = await flow.open();
    await world.comment(reader, issue, "It broke on Monday.");
    await nextSecond();
    await flow.ask(issue, "@openhands begin with it");
    await flow.waitFor(issue, "OpenHands is working on it");
    await world.comment(reader, issue, "Only on Windows, I think.");
    await nextSecond();
    await flow.ask(issue, "@openhands look at what was just said");
    await flow.until("it was said", () => flow.told().length === 2);
    go();
    await flow.waitFor(issue, "Done with it.");
    await world.comment(writer, issue, "It is the path with the space.");
    await nextSecond();
    await flow.ask(issue, "@openhands now mend it");
    await flow.until("it was said too", () => flow.told().length === 3);
    const [begun, steered, resumed] = flow.told();
    expect(begun).toContain("It broke on Monday.");
    expect(steered).toContain("Only on Windows, I think.");
    expect(steered).not.toContain("It broke on Monday.");
    expect(steered).not.toContain("begin with it");
    expect(resumed).toContain("It is the path with the space.");
    expect(resumed).not.toMatch(/Only on Windows|what was just said|Done with it/);
    expect(flow.agent.protocol.conversations.size).toBe(1);
  });

  it("all comments of a review reach the live conversation", async () => {
    const { world } = flow;
    const pull = await flow.open("Please look", "pull-request");
    await flow.ask(pull, "@openhands begin with it");
    await flow.waitFor(pull, "OpenHands is working on it");
    await nextSecond();
    await world.review?.(world.people.writer, pull, "@openhands see below", [
      "This name misleads.",
      "This is off by one.",
      "No test for this.",
    ]);
    await flow.until("it was said", () => flow.told().length === 2);
    const [, said] = flow.told();
    for (const words of ["see below", "This name misleads.", "This is off by one.", "No test for this."])
      expect(said).toContain(words);
  });

  it("goes without it when the place cannot be read, and is not lost", async () => {
    const { world } = flow;
    const issue = await flow.open();
    await flow.ask(issue, "@openhands begin with it");
    await flow.waitFor(issue, "OpenHands is working on it");
    world.fail({
      method: "GET",
      path: /\/issues\/\d+\/comments/,
      status: 403,
      times: Number.POSITIVE_INFINITY,
    });
    await flow.ask(issue, "@openhands use the mock clock");
    await flow.until("it was said", () => flow.told().some((text) => text.includes("use the mock clock")));
  });
});
