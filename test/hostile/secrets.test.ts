import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "../flows/flow.ts";

/** One made-up token of each family; none was ever valid. */
const families: readonly string[] = [
  `ghp_${"a1B2".repeat(9)}`,
  `github_pat_${"a1B2c3".repeat(8)}`,
  `ghs_${"Z9y8".repeat(9)}`,
  `glpat-${"a1B2c3D4".repeat(3)}`,
  `xoxb-123456789012-123456789012-${"aBcD".repeat(6)}`,
  `xapp-1-A0B1C2-123456789012-${"abcd".repeat(8)}`,
  `sk-ant-${"a1B2c3D4".repeat(5)}`,
  `sk_live_${"a1B2c3D4".repeat(3)}`,
  `AKIA${"ABCD2345".repeat(2)}`,
  `AIza${"a1B2c3D".repeat(5)}`,
  `npm_${"a1B2c3".repeat(6)}`,
  `hf_${"aBcDe1".repeat(6)}`,
  `ATATT3${"a1B2c3D4".repeat(6)}`,
  `eyJhbGciOiJIUzI1NiJ9.${"a1B2c3D4".repeat(4)}.${"e5F6g7H8".repeat(4)}`,
];

/** The forms in which a live secret was smuggled past scanners elsewhere. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString("base64"),
  Buffer.from(secret).toString("base64url"),
  Buffer.from(secret).toString("hex"),
  encodeURIComponent(secret),
  [...secret].toReversed().join(""),
  [...secret].join(" "),
  [...secret].join("-"),
  `${secret.slice(0, 12)}\n${secret.slice(12)}`,
  [...secret].map((char) => `\\x${char.charCodeAt(0).toString(16)}`).join(""),
];

describe("secrets in the agent's words", () => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow({ subject: github });
  });
  afterEach(() => flow.end());

  it("none gets through to what we post, say or log: live ones in every form, and the shape of every family", async () => {
    const live = flow.settings.connections.flatMap(({ secrets }) => Object.values(secrets));
    const short = live.filter((secret) => secret.length < 200);
    expect(short.length).toBeGreaterThan(2);
    const key = live.find((secret) => secret.includes("PRIVATE KEY")) ?? "";
    const canaries = [...families, ...short.flatMap(formsOf)];
    const spoken = `${canaries.map((canary) => `- here it is: ${canary} .`).join("\n")}\n\n${key}`;
    flow.agent.play(() => [
      { do: "think", text: `On it ${spoken}` },
      { do: "finish", message: `Done.\n\n${spoken}` },
    ]);
    const issue = await flow.open();
    await flow.ask(issue, "@openhands tell me everything");
    await flow.waitFor(issue, "closing-", "[redacted]");
    const said = flow
      .ours(issue)
      .map(({ text }) => text)
      .join("\n");
    const logged = flow.log.join("\n");
    const found = canaries.filter((canary) => said.includes(canary) || logged.includes(canary));
    expect(found).toEqual([]);
    expect(said).not.toMatch(/-----BEGIN/);
    expect(logged).not.toMatch(/-----BEGIN/);
    for (const line of key.split("\n").filter((one) => one.length > 40))
      expect(said + logged).not.toContain(line);
    console.log(`hostile secrets tried: ${canaries.length}`);
  }, 40_000);

  it("images, links to strangers and calls to groups are made text; a comment that copies our marks changes nothing", async () => {
    flow.agent.play(() => [
      {
        do: "finish",
        message:
          "All ![x](https://evil.test/?q=1) and [here](https://evil.test/a) <img src=https://evil.test/b> @acme/everyone @here",
      },
    ]);
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    const report = await flow.waitFor(issue, "report-");
    await flow.waitFor(issue, "closing-", "All");
    const said = flow
      .ours(issue)
      .map(({ text }) => text)
      .join("\n");
    expect(said).not.toMatch(/!\[[^\]]*\]\(|<img|\]\(https:\/\/evil\.test/);
    expect(said).not.toMatch(/(?<![\w`])@(acme\/everyone|here)\b/);
    const before = flow.ours(issue).length;
    for (let n = 0; n < 50; n += 1) await flow.ask(issue, report.text, flow.world.people.reader);
    await new Promise((next) => setTimeout(next, 1_500));
    expect(flow.ours(issue)).toHaveLength(before);
    expect(await flow.runs()).toHaveLength(1);
  }, 60_000);
});
