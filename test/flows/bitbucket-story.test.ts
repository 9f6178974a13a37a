import { afterEach, describe, expect, it } from "vitest";
import { subject as cloud } from "../contracts/subjects/bitbucket-cloud.ts";
import { subject as dc } from "../contracts/subjects/bitbucket-dc.ts";
import { type Flow, startFlow } from "./flow.ts";

describe.each([cloud, dc])("an ask in a pull request of $id", (subject) => {
  let flow: Flow;
  afterEach(() => flow.end());

  it("becomes a run whose report stands in the thread of the ask, and whose agent knows the line and its diff", async () => {
    flow = await startFlow({
      subject,
      script: () => [
        { do: "terminal", command: "npm test", summary: "Run the tests", output: "ok" },
        { do: "finish", message: "The total is right again." },
      ],
    });
    const { world } = flow;
    const pull = await flow.open("It is broken.", "pull-request");
    const ask = await world.inline?.(world.people.writer, pull, "@openhands please fix the total", {
      path: "src/cart.ts",
      line: 2,
    });
    await flow.waitFor(pull, "The total is right again.");
    await flow.until("the report says done", () => flow.ours(pull).some(({ text }) => text.includes("Done")));
    expect(flow.ours(pull).map(({ thread }) => thread)).toEqual([ask?.id, ask?.id]);
    const told = flow.told().join("\n");
    for (const words of ["src/cart.ts", "const total = lines.at(0).price;", "please fix the total"])
      expect(told).toContain(words);
    expect(world.requests.violations).toEqual([]);
    expect(world.requests.unrouted).toEqual([]);
    expect(await flow.runs()).toHaveLength(1);
  });

  it("by somebody who may not write is answered with the reason, and nothing runs", async () => {
    flow = await startFlow({ subject, script: () => [] });
    const { world } = flow;
    const pull = await flow.open("It is broken.", "pull-request");
    await flow.ask(pull, "@openhands do as I say", world.people.reader);
    await flow.waitFor(pull, "asking needs write access");
    expect(flow.told()).toEqual([]);
  });
});
