import { afterEach, beforeEach, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { seedWork } from "../support/seed-work.ts";
import { type Flow, startFlow } from "./flow.ts";

/** `bench` measures a start with ten thousand and a hundred thousand; here it is about each of them. */
const live = 100;
const stored = 5_000;

let flow: Flow;
beforeEach(async () => {
  flow = await startFlow({
    subject: github,
    settings: { workspace: { runsPerPerson: "1000", runsPerWorkspace: "1000" } },
    times: { request: 12_000, lease: 20_000 },
  });
});
afterEach(() => flow.end());

it("after a start with much work on disk the bot is ready, every live run goes on to its own end, and nothing that was over begins again", async () => {
  let finish: () => void = () => undefined;
  const moment = new Promise<void>((resolve) => {
    finish = resolve;
  });
  flow.agent.play((message) => [
    { do: "think", text: "On it." },
    { do: "until", moment },
    { do: "finish", message: `Done with ${/\[job-\d+\]/.exec(message)?.[0] ?? "nothing"}.` },
  ]);
  const issues = await Promise.all(Array.from({ length: live }, () => flow.open()));
  for (const [at, issue] of issues.entries()) await flow.ask(issue, `@openhands do [job-${at}]`);
  const states = async (): Promise<readonly string[]> => (await flow.runs()).map(({ state }) => state);
  await flow.until(
    "all work",
    async () => (await states()).filter((one) => one === "working").length === live,
    60,
  );
  await flow.stop();
  await seedWork(flow.folder, 0, stored);

  await flow.start();
  const ready = await fetch(`http://127.0.0.1:${flow.bot().port}/ready`);
  expect([ready.status, await ready.text()]).toEqual([200, expect.any(String)]);
  expect(await flow.bot().store.counts()).toMatchObject({ live, queued: 0, unread: 0 });
  finish();
  for (const [at, issue] of issues.entries())
    await flow.until(
      `the end of job ${at}`,
      () => flow.ours(issue).some(({ text }) => text.includes("closing-")),
      60,
    );
  for (const [at, issue] of issues.entries()) {
    const said = flow.ours(issue).map(({ text }) => text);
    expect(said).toHaveLength(2);
    expect(
      said
        .join("\n")
        .match(/Done with \[job-\d+\]/g)
        ?.at(-1),
    ).toBe(`Done with [job-${at}]`);
  }
  expect(flow.agent.protocol.conversations.size).toBe(live);
  expect(flow.told()).toHaveLength(live);
  expect((await states()).every((state) => state === "done")).toBe(true);
}, 180_000);
