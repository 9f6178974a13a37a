import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "./flow.ts";

let flow: Flow;
beforeAll(async () => {
  flow = await startFlow({
    subject: github,
    script: () => [
      { do: "think", text: "On it." },
      { do: "wait", milliseconds: 1_000 },
      { do: "finish", message: "All good." },
    ],
  });
});
afterAll(() => flow.end());

/** Samples by name and labels: `name{label="value"}` → number. */
const read = async (): Promise<ReadonlyMap<string, number>> => {
  const text = await (await fetch(`http://127.0.0.1:${flow.bot().port}/metrics`)).text();
  return new Map(
    [...text.matchAll(/^(askopenhands_\S+?(?:\{.*\})?) ([-\d.e+]+)$/gm)].map((match) => [
      match[1] ?? "",
      Number(match[2]),
    ]),
  );
};

describe("/metrics", () => {
  it("shows deliveries by outcome, queue age, turns, calls by host and outcome, waits for rates, live runs and edits of reports, as they happen", async () => {
    const issue = await flow.open();
    const agent = new URL(flow.agent.fake.url).host;
    flow.agent.fake.fail({ method: "POST", path: "/api/conversations", status: 429, retryAfter: 1 });
    await flow.ask(issue, "@openhands do it");
    await flow.waitFor(issue, "report-", "working on it");
    const during = await read();
    expect(during.get('askopenhands_work{what="live"}')).toBe(1);
    expect(during.get('askopenhands_work{what="queued"}')).toBe(0);
    expect(during.get("askopenhands_oldest_unread_seconds")).toBeGreaterThanOrEqual(0);
    await flow.waitFor(issue, "closing-", "All good.");
    await flow.waitFor(issue, "report-", "Done");
    await fetch(`http://127.0.0.1:${flow.bot().port}/webhooks/github`, { method: "POST", body: "{}" });
    const after = await read();
    const sum = (prefix: string): number =>
      [...after].reduce((total, [name, value]) => (name.startsWith(prefix) ? total + value : total), 0);
    expect(after.get('askopenhands_work{what="live"}')).toBe(0);
    expect(
      after.get('askopenhands_deliveries_total{receiver="/webhooks/github",status="200"}'),
    ).toBeGreaterThan(0);
    expect(after.get('askopenhands_deliveries_total{receiver="/webhooks/github",status="401"}')).toBe(1);
    expect(after.get('askopenhands_mentions_total{platform="github",accepted="new"}')).toBe(1);
    for (const step of ["begin", "start", "look", "post"])
      expect(after.get(`askopenhands_turns_total{step="${step}"}`), step).toBeGreaterThan(0);
    expect(after.get('askopenhands_posts_total{kind="post"}')).toBe(2);
    expect(after.get('askopenhands_posts_total{kind="edit"}')).toBeGreaterThan(0);
    expect(
      after.get(`askopenhands_outgoing_calls_total{host="${flow.world.host}",outcome="ok"}`),
    ).toBeGreaterThan(0);
    expect(after.get(`askopenhands_rate_limit_waits_total{host="${agent}"}`)).toBe(1);
    expect(sum("askopenhands_delivery_seconds_count")).toBeGreaterThan(0);
    expect(sum("askopenhands_turn_seconds_count")).toBeGreaterThan(0);
    expect(after.get("askopenhands_process_open_fds")).toBeGreaterThan(0);
  }, 40_000);

  it("holds no text of people, no secret and no name of a repository", async () => {
    const text = await (await fetch(`http://127.0.0.1:${flow.bot().port}/metrics`)).text();
    const secrets = flow.settings.connections.flatMap((one) => Object.values(one.secrets));
    for (const word of [...secrets, "do it", flow.world.people.writer.name, flow.world.repository ?? "?"])
      expect(text).not.toContain(word);
  });
});
