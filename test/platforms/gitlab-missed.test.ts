import { describe, expect, it } from "vitest";
import { connectionId } from "../contracts/subjects/gitlab.ts";
import { createScenes } from "./gitlab-bench.ts";

const start = createScenes();

describe("what GitLab's deliveries did not tell", () => {
  it("is heard by polling under the same keys, in the same places, with the same authors and spots", async () => {
    const { world, bench, writer } = await start();
    const { self } = world.people;
    const since = Date.now() - 1_000;
    const issue = await world.open(writer, "issue", { title: "a", text: "@openhands from the description" });
    const request = await world.open(writer, "pull-request", {
      title: "b",
      text: "",
      labels: ["openhands", "bug"],
    });
    const secret = await world.open(writer, "issue", { title: "c", text: "", confidential: true });
    world.fake.state.pass(3_000);
    await world.comment(writer, issue, "@openhands from a comment");
    await world.comment(writer, issue, "nothing for you");
    await world.comment(writer, secret, "@openhands quietly");
    await world.setLabels?.(writer, issue, ["bug", "openhands"]);
    await world.assign?.(writer, secret, self);
    const inline = await world.inline?.(writer, request, "@openhands from a line", {
      path: "src/cart.ts",
      line: 3,
    });
    if (inline) await world.reply?.(world.people.reader, inline, "@openhands from an answer");
    for (const sent of world.deliveries()) await bench.receive(sent);

    const told = bench.heard.filter(
      ({ text, way }) => way === "label" || way === "assignment" || text.includes("@openhands"),
    );
    const missed = (await bench.missed(since)).filter(
      ({ text, way }) => way === "label" || way === "assignment" || text.includes("@openhands"),
    );
    const essence = (mentions: typeof missed) =>
      mentions
        .map(({ key, place, author, way, text, spot, reply }) => ({
          key,
          place,
          author,
          way,
          text,
          spot,
          note: reply["note"],
          discussion: reply["discussion"],
        }))
        .sort((a, b) => a.key.localeCompare(b.key));
    expect(told).toHaveLength(8);
    expect(essence(missed)).toEqual(essence(told));
  });

  it("is found after deliveries were lost, and not what came before", async () => {
    const { world, bench, writer } = await start();
    const issue = await world.open(writer, "issue", { title: "a", text: "" });
    await world.comment(writer, issue, "@openhands long ago");
    world.deliveries();
    const since = Date.parse(world.fake.state.now()) + 1;
    await new Promise((done) => setTimeout(done, 5));
    world.loseDeliveries(true);
    await world.comment(writer, issue, "@openhands lost");
    expect((await bench.missed(since)).map(({ text }) => text)).toEqual(["@openhands lost"]);
  });

  it("is looked for in the projects that the connection names", async () => {
    const { world, bench, writer } = await start();
    const other = world.fake.addProject("acme/other");
    const self = world.fake.state.users.find(({ id }) => String(id) === world.people.self.id);
    if (self) other.members.set(self.id, 40);
    const issue = await world.open(writer, "issue", { title: "a", text: "@openhands fix" });
    await bench.renew(connectionId, { settings: { projects: "acme/other" } });
    expect(await bench.missed(0)).toEqual([]);
    await bench.renew(connectionId, { settings: { projects: "acme/other, acme/tools/shop" } });
    expect((await bench.missed(0)).map(({ place }) => place.url)).toEqual([issue.url]);
  });

  it("is asked for often only while no webhook could be believed", async () => {
    const { bench } = await start();
    expect(bench.platform.polls?.()).toBe(false);
    await bench.renew(connectionId, { secrets: { webhookSecret: "", signingToken: "" } });
    expect(bench.platform.polls?.()).toBe(true);
  });

  it("is not taken for nothing when GitLab does not answer; a token that is over is not tried for ever", async () => {
    const { world, bench } = await start();
    world.fail({ path: /\/api\/v4\/projects$/, status: 502, times: 3 });
    await expect(bench.missed(0)).rejects.toMatchObject({ kind: "unavailable" });
    world.fail({ path: /\/api\/v4\/projects$/, status: 401, times: 1 });
    expect(await bench.missed(0)).toEqual([]);
    expect(bench.log.lines.filter(({ level }) => level === "warn").length).toBeGreaterThan(0);
  });

  it("is found in the other projects when one is gone, and in what is left of one", async () => {
    const { world, bench, writer } = await start();
    const other = world.fake.addProject("acme/other");
    const self = world.fake.state.users.find(({ id }) => String(id) === world.people.self.id);
    if (self) other.members.set(self.id, 40);
    await world.open(writer, "issue", { title: "a", text: "@openhands the issue" });
    await world.open(writer, "pull-request", { title: "b", text: "@openhands the request" });
    const gone = (path: RegExp) => world.fail({ path, status: 404, times: 1 });
    const texts = async () => (await bench.missed(0)).map(({ text }) => text).toSorted();
    const both = ["@openhands the issue", "@openhands the request"];
    const troubles = () => bench.log.lines.filter(({ level }) => level === "warn");

    await bench.renew(connectionId, { settings: { projects: "acme/gone, acme/other, acme/tools/shop" } });
    expect(await texts()).toEqual(both);
    expect(troubles().map(({ fields }) => fields["project"])).toEqual(["acme/gone"]);

    await bench.renew(connectionId, { settings: { projects: "" } });
    gone(new RegExp(`/projects/${other.id}/issues$`));
    gone(new RegExp(`/projects/${other.id}/merge_requests$`));
    expect(await texts()).toEqual(both);
    gone(/\/projects\/[^/]+\/issues\/\d+\/notes$/);
    expect((await texts()).filter((text) => text === "@openhands the request")).toHaveLength(1);
    expect(troubles()).toHaveLength(4);
  });

  it("is looked for again where only one project did not answer", async () => {
    const { world, bench, writer } = await start();
    world.fake.addProject("acme/other").members.set(Number(world.people.self.id), 40);
    await world.open(writer, "issue", { title: "a", text: "@openhands fix" });
    const other = world.fake.state.projects.find(({ path }) => path === "acme/other");
    world.fail({ path: new RegExp(`/projects/${other?.id}/issues$`), status: 502, times: 3 });
    const heard: string[] = [];
    const look = async () => {
      for await (const one of bench.platform.missed?.(0) ?? [])
        if (one.heard === "mention") heard.push(one.mention.text);
    };
    await expect(look()).rejects.toMatchObject({ kind: "unavailable" });
    expect(heard).toEqual(["@openhands fix"]);
  });
});
