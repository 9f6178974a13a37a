import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { subject as slackSubject } from "../contracts/subjects/slack.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import { type BesideCode, besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";

describe("files of an ask", () => {
  let slack: FakeSlack;
  let code: BesideCode;
  let flow: Flow;

  beforeEach(async () => {
    slack = await startFakeSlack();
    code = await besideCode(slack);
    flow = await startFlow({
      subject: { ...slackSubject, start: async () => slack },
      ...code.options,
      script: () => [{ do: "finish", message: "Read it." }],
    });
  });
  afterEach(async () => {
    await flow.end();
    await code.close();
  });

  const share = async (name: string, type: string, bytes: Uint8Array): Promise<string> => {
    const { writer } = slack.people;
    const spot = await slack.share(writer, `@openhands what is in ${name}?`, { name, type, bytes });
    await flow.waitFor(spot, "Read it.");
    return flow.told().at(-1) ?? "";
  };

  it("that are text reach the agent, fenced; long ones with their beginning and end", async () => {
    const log = `started at nine\n${"working\n".repeat(60_000)}Error: out of paint`;
    const told = await share("build.log", "application/octet-stream", Buffer.from(log));
    expect(told).toMatch(/<untrusted-[0-9a-f]{32} file build\.log>\\nstarted at nine/);
    expect(told).toContain("Error: out of paint");
    expect(told).toMatch(/\[… \d+ characters left out …\]/);
    expect(told.length).toBeLessThan(70_000);
  }, 40_000);

  it("that are neither text nor small are named only", async () => {
    const zip = await share("all.zip", "application/zip", new Uint8Array([0x50, 0x4b, 3, 4]));
    expect(zip).toContain("- all.zip (application/zip, 1 kB)");
    const huge = await share("huge.log", "text/plain", Buffer.from("paint ".repeat(400_000)));
    expect(huge).toContain("- huge.log (text/plain, 2.3 MB)");
    expect(huge).not.toContain("paint paint");
  }, 40_000);
});

it("more pictures than the agent takes are named, and the first four are shown", async () => {
  const flow = await startFlow({ subject: github, script: () => [{ do: "finish", message: "Seen them." }] });
  try {
    const issue = await flow.open("It looks odd.");
    const pictures = Array.from(
      { length: 6 },
      (_, at) =>
        `![](https://${flow.world.host}/user-attachments/assets/0f9c4e3a-1b2c-4d5e-8f90-a1b2c3d4e5f${at})`,
    );
    await flow.ask(issue, `@openhands compare these ${pictures.join(" ")}`);
    await flow.waitFor(issue, "closing-", "Seen them.");
    const told = flow.told().join("\n");
    expect(told.match(/data:image\/png;base64,/g)).toHaveLength(4);
    expect(told).toContain("Not handed over, because of type, size or number: 2 of 6.");
  } finally {
    await flow.end();
  }
}, 40_000);
