import { afterEach, describe, expect, it } from "vitest";
import type { Spot } from "../contracts/platform-subject.ts";
import { subject as jiraCloud } from "../contracts/subjects/jira-cloud.ts";
import { subject as jiraDc } from "../contracts/subjects/jira-dc.ts";
import { type FakeJira, startFakeJira } from "../fakes/jira/start.ts";
import { type BesideCode, besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";

describe.each([
  ["jira-cloud", jiraCloud, "cloud"],
  ["jira-dc", jiraDc, "dc"],
] as const)("which repository a ticket of %s means", (_, subject, flavour) => {
  let jira: FakeJira;
  let code: BesideCode;
  let flow: Flow;
  afterEach(async () => {
    await flow.end();
    await code.close();
  });

  /** A code host with two repositories that the writer may push to; no project is mapped to any. */
  const begin = async (): Promise<void> => {
    jira = await startFakeJira(flavour);
    code = await besideCode(jira, { withoutDefault: true });
    const { github } = code.code;
    const [shop] = github.state.repositories;
    if (shop === undefined) throw new Error("the code host has no repository");
    const tools = github.addRepository(shop.owner, "tools", []);
    for (const [user, role] of shop.roles) tools.roles.set(user, role);
    flow = await startFlow({
      subject: { ...subject, start: async () => jira },
      ...code.options,
      script: () => [{ do: "finish", message: "Mended." }],
    });
  };
  const open = (text: string): Promise<Spot> =>
    jira.open(jira.people.writer, "ticket", { title: "The cart crashes", text });
  const order = (): string => flow.told().join("\n");

  it("is asked where nothing says it; a comment with the name lets the waiting ask go on", async () => {
    await begin();
    const ticket = await open("It crashes when empty.");
    await flow.ask(ticket, "@openhands find the cause");
    await flow.waitFor(ticket, "Which repository", "Nothing here says which repository is meant");
    expect(flow.told()).toEqual([]);
    await flow.ask(ticket, `@openhands ${code.code.repository}`);
    await flow.waitFor(ticket, "Mended.");
    expect(order()).toContain("find the cause");
    expect(order()).toContain(`Repository: \`${code.code.repository}\``);
    expect((await flow.runs()).flatMap(({ asks }) => asks.map(({ request }) => request))).toContain(
      "find the cause",
    );
    expect(await flow.runs()).toHaveLength(1);
  }, 40_000);

  it("is asked with the candidates where the ticket names several, and nothing runs before the answer", async () => {
    await begin();
    const ticket = await open("Is it acme/shop or acme/tools?");
    await flow.ask(ticket, "@openhands find the cause");
    const question = await flow.waitFor(ticket, "Several repositories are named here");
    for (const name of ["acme/shop", "acme/tools"]) expect(question.text).toContain(name);
    expect(flow.told()).toEqual([]);
    await flow.ask(ticket, "@openhands it is acme/tools");
    await flow.waitFor(ticket, "Mended.");
    expect(order()).toContain("Repository: `acme/tools`");
    expect(order()).toContain("find the cause");
  }, 40_000);

  it("is not guessed from a name that no connection of the asker confirms", async () => {
    await begin();
    const ticket = await open("It is in nobody/nothing.");
    await flow.ask(ticket, "@openhands find the cause");
    await flow.waitFor(ticket, "Which repository", "None of the repositories named here");
    expect(flow.told()).toEqual([]);
  }, 40_000);

  it("is that of a linked pull request, before what the text says", async () => {
    await begin();
    const ticket = await open("See acme/shop.");
    jira.links(ticket, [`${code.code.github.state.base}/acme/tools/pull/7`]);
    await flow.ask(ticket, "@openhands find the cause");
    await flow.waitFor(ticket, "Mended.");
    expect(order()).toContain("Repository: `acme/tools`");
  }, 40_000);

  it("is the one that the ticket's text names, and an ask that names another counts before it", async () => {
    await begin();
    const ticket = await open("It is in acme/shop.");
    await flow.ask(ticket, "@openhands find the cause");
    await flow.waitFor(ticket, "Mended.");
    expect(order()).toContain("Repository: `acme/shop`");
    const other = await open("It is in acme/shop.");
    await flow.ask(other, "@openhands repo=acme/tools find the cause");
    await flow.waitFor(other, "Mended.");
    expect(order()).toContain("Repository: `acme/tools`");
  }, 40_000);
});
