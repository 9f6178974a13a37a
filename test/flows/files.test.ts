import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
