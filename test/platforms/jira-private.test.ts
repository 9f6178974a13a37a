import { createJiraCloud } from "@ask-openhands/bot/platforms/jira-cloud/index.ts";
import { createJiraDc } from "@ask-openhands/bot/platforms/jira-dc/index.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import type { Said, Spot } from "../contracts/platform-subject.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { type FakeJira, startFakeJira } from "../fakes/jira/start.ts";

const developers = { type: "role", value: "Developers" } as const;

describe.each([
  ["cloud", createJiraCloud],
  ["dc", createJiraDc],
] as const)("notes for some people only, at Jira %s", (flavour, create) => {
  let jira: FakeJira;
  let bench: PlatformBench;
  let ticket: Spot;

  beforeEach(async () => {
    jira = await startFakeJira(flavour);
    bench = createPlatformBench(create, jira.connections);
    ticket = await jira.open(jira.people.writer, "ticket", {
      title: "The cart crashes",
      text: "When empty.",
    });
  });
  afterEach(async () => {
    expect(jira.requests.violations).toEqual([]);
    await jira.close();
  });

  const commentOf = (said: Said) => jira.ticket(ticket).comments.find(({ id }) => id === said.id);
  const say = async (text: string, to: Readonly<Record<string, unknown>> = {}): Promise<void> => {
    const said = await jira.comment(jira.people.reader, ticket, text);
    Object.assign(commentOf(said) ?? {}, to);
  };
  const ask = async () => {
    await jira.comment(jira.people.writer, ticket, "@openhands find the cause");
    for (const sent of jira.deliveries()) await bench.receive(sent);
    const mention = bench.heard.find(({ text }) => text.includes("find the cause"));
    if (mention === undefined) throw new Error("not heard");
    return mention;
  };

  it("are told to the agent only when the ask is such a note itself", async () => {
    await say("Everybody may read this.");
    await say("For developers.", { visibility: developers });
    await say("For administrators.", { visibility: { type: "role", value: "Administrators" } });
    await say("Internal.", { properties: new Map([["sd.public.comment", { internal: true }]]) });
    const mention = await ask();
    const told = async (reply: Readonly<Record<string, string>>): Promise<readonly string[]> =>
      (await bench.platform.thread({ ...mention, reply: { ...mention.reply, ...reply } })).entries.map(
        ({ text }) => text.trim(),
      );
    const open = "Everybody may read this.";
    expect(await told({})).toEqual([open]);
    expect(await told({ visibilityType: "role", visibilityValue: "Developers" })).toEqual([
      open,
      "For developers.",
    ]);
    // A group may have the name of a role.
    expect(await told({ visibilityType: "group", visibilityValue: "Developers" })).toEqual([open]);
    expect(await told({ internal: "true" })).toEqual([open, "Internal."]);
  });

  it("are answered by one that the same people see, also after an edit", async () => {
    const { place, reply } = await ask();
    const restricted = { ...reply, visibilityType: "role", visibilityValue: "Developers" };
    const posted = await bench.platform.post(place, makeMessage("r1.abc"), { reply: restricted });
    const ours = () => jira.ticket(ticket).comments.find(({ id }) => id === posted.id);
    expect(ours()?.visibility).toMatchObject(developers);
    await bench.platform.editPost(place, posted, makeMessage("r1.abc", "Done."));
    expect(ours()?.visibility).toMatchObject(developers);
  });
});
