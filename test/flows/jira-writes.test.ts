import { describe, expect, it } from "vitest";
import { subject as jiraCloud } from "../contracts/subjects/jira-cloud.ts";
import { subject as jiraDc } from "../contracts/subjects/jira-dc.ts";
import { besideCode } from "./beside-code.ts";
import { startFlow } from "./flow.ts";

/** Milliseconds. Jira Cloud counts writes for each ticket (`jira-per-issue-on-write`); how many it takes it does not say. */
const between = 5_000;
/** Two looks at the fake, and what a timer may be early. */
const tolerance = 250;

describe("the report on a ticket", () => {
  it.concurrent.each([
    ["jira-cloud", jiraCloud],
    ["jira-dc", jiraDc],
  ] as const)(
    "of %s is edited once in five seconds however much the agent does",
    async (_, subject) => {
      const world = await subject.start();
      const code = await besideCode(world);
      const flow = await startFlow({ subject: { ...subject, start: async () => world }, ...code.options });
      try {
        flow.agent.play(() => [
          ...Array.from({ length: 55 }, (_unused, at) => [
            { do: "terminal", command: `echo ${at}`, summary: `Step ${at}`, output: "ok" } as const,
            { do: "wait", milliseconds: 200 } as const,
          ]).flat(),
          { do: "finish", message: "All steps are done." },
        ]);
        const ticket = await world.open(world.people.writer, "ticket", { title: "Count", text: "To fifty." });
        await flow.ask(ticket, "@openhands count");
        const edits: number[] = [];
        let last = "";
        const report = (): string => flow.ours(ticket)[0]?.text ?? "";
        await flow.until(
          "it is done",
          () => {
            if (report() !== last) edits.push(Date.now());
            last = report();
            return last.includes("Done");
          },
          60,
        );
        await flow.waitFor(ticket, "All steps are done.");
        // The first is the post itself, the last the end.
        const gaps = edits.slice(1, -1).map((at, index) => at - (edits[index] ?? 0));
        expect(gaps.length).toBeGreaterThanOrEqual(2);
        // Between the first words and the first progress there may be less: then work begins.
        for (const gap of gaps.slice(1)) expect(gap).toBeGreaterThanOrEqual(between - tolerance);
        expect(world.requests.violations).toEqual([]);
      } finally {
        await flow.end();
        await code.close();
      }
    },
    90_000,
  );
});
