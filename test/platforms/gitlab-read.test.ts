import { Failure } from "@ask-openhands/core/failure.ts";
import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import { describe, expect, it } from "vitest";
import { connectionId, gitlabConnection } from "../contracts/subjects/gitlab.ts";
import { onBehalf } from "../support/on-behalf.ts";
import { createBench, createScenes } from "./gitlab-bench.ts";

const start = createScenes();

const placeOf = async ({ world, bench }: Awaited<ReturnType<typeof start>>): Promise<Place> => {
  const spot = await world.open(world.people.writer, "issue", {
    title: "Checkout fails",
    text: "It says no.",
  });
  const place = await bench.platform.placeAt?.(spot.url, onBehalf());
  if (place === undefined) throw new Error("the place was not found");
  return place;
};

describe("who may ask on GitLab", () => {
  it.each([
    [0, false],
    [10, false],
    [20, false],
    [30, true],
    [40, true],
    [50, true],
  ])("access level %i: %s", async (level, may) => {
    const begun = await start();
    const place = await placeOf(begun);
    const user = begun.world.fake.addUser("somebody");
    if (level > 0) begun.world.fake.state.projects[0]?.members.set(user.id, level);
    const author: Author = {
      platform: "gitlab",
      host: begun.world.host,
      id: String(user.id),
      name: user.username,
      kind: "person",
    };
    expect(await begun.bench.platform.mayAsk(author, place)).toMatchObject({ may });
  });

  it("counts the role that comes from a group, names the missing one, and knows blocked accounts", async () => {
    const begun = await start();
    const place = await placeOf(begun);
    const { fake, people } = begun.world;
    const user = fake.addUser("grace");
    fake.state.groups.push({ id: 5, path: "acme", members: new Map([[user.id, 30]]) });
    const author: Author = {
      platform: "gitlab",
      host: begun.world.host,
      id: String(user.id),
      name: "grace",
      kind: "person",
    };
    expect(await begun.bench.platform.mayAsk(author, place)).toEqual({ may: true });
    user.state = "blocked";
    expect(await begun.bench.platform.mayAsk(author, place)).toMatchObject({
      may: false,
      why: expect.stringContaining("blocked"),
    });
    expect(await begun.bench.platform.mayAsk({ ...author, id: people.reader.id }, place)).toMatchObject({
      may: false,
      why: expect.stringContaining("Reporter"),
    });
    expect(await begun.bench.platform.mayAsk({ ...author, host: "gitlab.com" }, place)).toMatchObject({
      may: "after-linking",
    });
  });

  it("is never answered yes or no when GitLab does not answer, or hides the project from us", async () => {
    const begun = await start();
    const place = await placeOf(begun);
    const author: Author = {
      platform: "gitlab",
      host: begun.world.host,
      id: begun.world.people.writer.id,
      name: "wanda",
      kind: "person",
    };
    begun.world.fail({ path: /members/, status: 500, times: 3 });
    await expect(begun.bench.platform.mayAsk(author, place)).rejects.toMatchObject({ kind: "unavailable" });
    const gone = { ...place, address: { ...place.address, project: "999" } };
    await expect(begun.bench.platform.mayAsk(author, gone)).rejects.toBeInstanceOf(Failure);
  });
});

describe("what the agent is told of a GitLab place", () => {
  it("is the whole discussion with the diff around the commented line", async () => {
    const { world, bench, writer } = await start();
    const spot = await world.open(writer, "pull-request", {
      title: "Faster",
      text: "Please ![x](/uploads/0123456789abcdef0123456789abcdef/a%20b.png)",
    });
    await world.comment(writer, spot, "by the way");
    const first = await world.inline?.(writer, spot, "odd", { path: "src/cart.ts", line: 17 });
    if (first) await world.reply?.(world.people.reader, first, "@openhands simplify");
    await world.fake.acts.settled();
    const sent = world.deliveries().at(-1);
    if (sent) await bench.receive(sent);
    const mention = bench.heard.at(-1);
    if (mention === undefined) throw new Error("nothing heard");
    const thread = await bench.platform.thread(mention);

    expect(thread.title).toBe("Faster");
    expect(thread.pullRequest).toEqual({
      number: 1,
      sourceBranch: "feature",
      targetBranch: "main",
      fork: false,
      sourceRepository: "acme/tools/shop",
    });
    expect(thread.repository).toMatchObject({
      name: "acme/tools/shop",
      defaultBranch: "main",
      private: false,
    });
    expect(thread.entries.map(({ text, near }) => [text, near ?? false])).toEqual([
      ["by the way", false],
      ["odd", true],
    ]);
    expect(thread.parts?.[0]?.text).toBe("@openhands simplify");
    expect(thread.parts?.[0]?.spot).toMatchObject({ path: "src/cart.ts", line: 17, side: "new" });
    expect(thread.parts?.[0]?.spot?.diffHunk).toContain("+line 17 of src/cart.ts");
    const [file] = thread.attachments ?? [];
    expect(file).toMatchObject({ name: "a b.png", type: "image/png" });
    const read = await bench.platform.attachment?.(mention, file?.url ?? "", 1_000);
    expect(new TextDecoder().decode(read?.bytes)).toBe("file a b.png of 0123456789abcdef0123456789abcdef");
    await expect(bench.platform.attachment?.(mention, file?.url ?? "", 5)).rejects.toMatchObject({
      kind: "bad-input",
    });
    await expect(bench.platform.attachment?.(mention, "https://evil.example/x", 5)).rejects.toMatchObject({
      kind: "bad-input",
    });
  });

  it("leaves internal comments out of an open ask and brings them to an internal one", async () => {
    const { world, bench, writer } = await start();
    await world.open(writer, "issue", { title: "Checkout fails", text: "" });
    const { fake } = world;
    const [issue] = fake.state.issuables;
    const [user] = fake.state.users;
    if (issue === undefined || user === undefined) throw new Error("nothing opened");
    fake.acts.addNote(issue, user, "the customer is Initech", { internal: true });
    fake.acts.addNote(issue, user, "@openhands fix");
    fake.acts.addNote(issue, user, "@openhands fix quietly", { internal: true });
    fake.acts.addNote(issue, user, "changed the title", { system: true });
    await fake.acts.settled();
    for (const sent of world.deliveries()) await bench.receive(sent);
    const [, , ask, quiet] = bench.heard;
    if (ask === undefined || quiet === undefined) throw new Error("not heard");
    expect(quiet.place.key).not.toBe(ask.place.key);
    expect((await bench.platform.thread(ask)).entries.map(({ text }) => text)).toEqual([]);
    expect((await bench.platform.thread(quiet)).entries.map(({ text }) => text)).toEqual([
      "the customer is Initech",
      "@openhands fix",
    ]);
  });
});

describe("repositories and places on GitLab", () => {
  it("are found by path or address, and with the asker's own token first", async () => {
    const { world, bench } = await start();
    const { fake } = world;
    const hidden = fake.addProject("secret/lab");
    const person = fake.addUser("paula");
    hidden.members.set(person.id, 30);
    const own = { ...gitlabConnection(fake, "gitlab-paula"), owner: { kind: "person" as const, id: "p1" } };
    const token = fake.addToken(person);
    const both = createBench([...world.connections, { connection: own, secrets: { token } }]);

    expect(await bench.platform.findRepository?.(world.host, "acme/tools/shop", onBehalf())).toMatchObject({
      cloneUrl: `${fake.url}/acme/tools/shop.git`,
    });
    expect(await bench.platform.findRepository?.(world.host, "secret/lab", onBehalf())).toBeUndefined();
    const lab = await both.platform.findRepository?.(world.host, "secret/lab", onBehalf("p1"));
    expect(lab).toMatchObject({ name: "secret/lab", private: true });
    if (lab === undefined) throw new Error("not found");
    expect(await both.platform.mayWrite?.(lab, onBehalf("p1"))).toEqual({ may: true });
    expect(await both.platform.mayWrite?.(lab, onBehalf("p2"))).toMatchObject({ may: "after-linking" });
    hidden.members.set(person.id, 20);
    expect(await both.platform.mayWrite?.(lab, onBehalf("p1"))).toMatchObject({ may: false });
    expect(
      (await bench.platform.searchRepositories?.(world.host, "shop", onBehalf()))?.map(({ name }) => name),
    ).toEqual(["acme/tools/shop"]);
    expect(
      await bench.platform.placeAt?.("https://gitlab.com/acme/tools/shop/-/issues/1", onBehalf()),
    ).toBeUndefined();
    expect(
      await bench.platform.placeAt?.(`${fake.url}/acme/tools/shop/-/issues/77`, onBehalf()),
    ).toBeUndefined();
  });

  it("give the agent the override, else the asker's token, else the workspace's narrower one", async () => {
    const { world } = await start();
    const { fake } = world;
    const own = { ...gitlabConnection(fake, "gitlab-paula"), owner: { kind: "person" as const, id: "p1" } };
    const bench = createBench([...world.connections, { connection: own, secrets: { token: "paulas" } }]);
    const place = await placeOf({ world, bench, writer: world.people.writer });
    const repository = await bench.platform.findRepository?.(world.host, "acme/tools/shop", onBehalf());
    if (repository === undefined) throw new Error("not found");
    const tokenFor = async (personId?: string) =>
      (await bench.platform.agentToken?.(repository, onBehalf(personId), place))?.value;
    const wide = world.connections[0]?.secrets["token"];
    expect([await tokenFor(), await tokenFor("p1"), await tokenFor("p2")]).toEqual([wide, "paulas", wide]);
    const ownsIt = async (personId?: string) =>
      (await bench.platform.agentToken?.(repository, onBehalf(personId), place))?.own;
    expect([await ownsIt(), await ownsIt("p1"), await ownsIt("p2")]).toEqual([false, true, false]);
    await bench.renew(connectionId, { secrets: { agentToken: "narrow" } });
    expect(await tokenFor()).toBe("narrow");
    bench.override("GITLAB_TOKEN", "chosen");
    expect(await bench.platform.agentToken?.(repository, onBehalf("p1"), place)).toEqual({
      name: "GITLAB_TOKEN",
      value: "chosen",
      gitUser: "oauth2",
      also: { GITLAB_HOST: world.host },
    });
  });
});
