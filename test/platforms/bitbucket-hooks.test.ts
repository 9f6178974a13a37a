import type { HookResource, Hooks } from "@ask-openhands/bot/platforms/platform.ts";
import { describe, expect, it } from "vitest";
import type { FakeRepository, Right } from "../fakes/bitbucket/state.ts";
import { addToken, basic } from "../fakes/bitbucket/world.ts";
import { createScenes, type Scene } from "./bitbucket-bench.ts";

const hooksOf = ({ bench }: Scene): Hooks => {
  if (bench.platform.hooks) return bench.platform.hooks;
  throw new Error("no hooks");
};

const addRepository = ({ world }: Scene, name: string, right: Right | undefined): FakeRepository => {
  const { state } = world.fake;
  const rights = new Map<string, Right>(right ? [[world.users.self.id, right]] : []);
  const made: FakeRepository = { id: state.next(), name, rights, pulls: [] };
  state.repositories.push(made);
  return made;
};

const rowOf = (rows: readonly HookResource[], name: string): HookResource => {
  const row = rows.find((one) => one.name === name);
  if (row) return row;
  throw new Error(`no row ${name} in ${JSON.stringify(rows)}`);
};

describe.each([
  ["cloud", "acme", "pullrequest:comment_created"],
  ["dc", "ACME", "pr:comment:added"],
] as const)("the webhook table of Bitbucket (%s)", (flavour, owner, commentEvent) => {
  const scene = createScenes(flavour);

  it("names each repository with its state, and the right that is missing", async () => {
    const set = await scene();
    addRepository(set, `${owner}/bare`, "admin");
    addRepository(set, `${owner}/foreign`, "write");
    addRepository(set, `${owner}/hidden`, undefined);
    const rows = await hooksOf(set).list(set.id);
    expect(rowOf(rows, `${owner}/shop`)).toMatchObject({ type: "repository", state: "installed" });
    expect(rowOf(rows, `${owner}/bare`).state).toBe("missing");
    expect(rowOf(rows, `${owner}/bare`).missingRight).toBeUndefined();
    expect(rowOf(rows, `${owner}/foreign`).missingRight).toContain("Administrator of the repository");
    expect(rows.some(({ name }) => name.includes("hidden"))).toBe(false);
    await expect(hooksOf(set).install(set.id, `repository:${owner}/foreign`)).rejects.toMatchObject({
      kind: "not-allowed",
      hint: expect.stringContaining("Administrator of the repository"),
    });
    await expect(hooksOf(set).install(set.id, "repository:no-name")).rejects.toMatchObject({
      kind: "bad-input",
    });
    await expect(hooksOf(set).install(set.id, "anything")).rejects.toMatchObject({ kind: "bad-input" });
    await expect(hooksOf(set).list("gone")).rejects.toMatchObject({ kind: "not-found" });
  });

  it("repairs in place: an old address, a missing event, a hook that was switched off or lost its secret", async () => {
    const set = await scene();
    const { world, id } = set;
    const hooks = hooksOf(set);
    const resource = `repository:${owner}/shop`;
    const [hook] = world.fake.state.hooks;
    if (!hook) throw new Error("no hook");
    const state = async () => rowOf(await hooks.list(id), `${owner}/shop`);
    const mend = async (error: string) => {
      expect((await state()).error).toContain(error);
      expect(await hooks.repair(id, resource)).toMatchObject({ state: "installed" });
      expect(await state()).toMatchObject({ state: "installed" });
    };
    hook.url = hook.url.replace("http://bot.example", "https://old.example/bot");
    await mend("https://old.example/bot");
    hook.events = hook.events.filter((event) => event !== commentEvent);
    await mend(commentEvent);
    hook.active = false;
    expect((await state()).state).toBe("disabled");
    await mend("switched off");
    hook.secret = "";
    await mend("no secret");
    expect(hook.secret).toBe(set.bench.secret(id, "webhookSecret"));
    expect(world.fake.state.hooks).toEqual([hook]);
  });

  it("makes a long secret of its own when there is none, and stores it before Bitbucket learns it", async () => {
    const set = await scene();
    const { bench, id, world } = set;
    await bench.renew(id, { secrets: { webhookSecret: "" } });
    world.fake.state.hooks.splice(0);
    world.fail({ method: "POST", status: 503 });
    await expect(hooksOf(set).install(id, `repository:${owner}/shop`)).rejects.toMatchObject({
      kind: "unavailable",
    });
    const made = bench.secret(id, "webhookSecret") ?? "";
    expect(made.length).toBeGreaterThanOrEqual(32);
    await hooksOf(set).install(id, `repository:${owner}/shop`);
    expect(world.fake.state.hooks.map(({ secret }) => secret)).toEqual([made]);
  });

  it("takes an administrator's token once, and keeps it nowhere", async () => {
    const set = await scene({ right: "write" });
    const { bench, id, world } = set;
    world.fake.state.hooks.splice(0);
    world.project.rights.set(world.users.stranger.id, "admin");
    const once = addToken(world.fake, world.users.stranger, "bearer");
    const resource = `repository:${owner}/shop`;
    await expect(hooksOf(set).install(id, resource)).rejects.toMatchObject({ kind: "not-allowed" });
    expect(await hooksOf(set).install(id, resource, once)).toMatchObject({ state: "installed" });
    expect(world.fake.state.hooks).toHaveLength(1);
    expect(JSON.stringify([bench.connection(id), bench.secret(id, "token")])).not.toContain(once);
    await expect(hooksOf(set).remove(id, resource)).rejects.toMatchObject({ kind: "not-allowed" });
    await hooksOf(set).remove(id, resource, once);
    await hooksOf(set).remove(id, resource, once);
    expect(world.fake.state.hooks).toEqual([]);
  });
});

describe("what only one of them has", () => {
  const cloud = createScenes("cloud");
  const dc = createScenes("dc");

  it("a webhook of a workspace on Cloud tells of all its repositories, so their rows go", async () => {
    const set = await cloud();
    const { world, id, bench } = set;
    const hooks = hooksOf(set);
    world.fake.state.hooks.splice(0);
    addRepository(set, "acme/bare", "admin");
    expect((await hooks.list(id)).map(({ name }) => name)).toEqual(["acme", "acme/shop", "acme/bare"]);
    expect(await hooks.install(id, "workspace:acme")).toMatchObject({
      type: "workspace",
      state: "installed",
    });
    expect((await hooks.list(id)).map(({ name }) => name)).toEqual(["acme"]);
    await world.comment(world.people.writer, set.spot, "@openhands through the workspace");
    expect(await bench.receive(set.one())).toMatchObject({ body: "stored" });
    addRepository(set, "acme/foreign", "read");
    expect(rowOf(await hooks.list(id), "acme").missingRight).toContain("Administrator of the workspace");
  });

  it("a one-time `email:token` goes as Basic on Cloud", async () => {
    const set = await cloud({ right: "write" });
    const { world, id } = set;
    world.project.rights.set(world.users.stranger.id, "admin");
    world.fake.state.tokens.set(basic("once-only"), { user: world.users.stranger });
    const installed = await hooksOf(set).install(
      id,
      "repository:acme/shop",
      "openhands@example.com:once-only",
    );
    expect(installed.state).toBe("installed");
  });

  it("Data Center tells of the last delivery, also when it failed", async () => {
    const set = await dc();
    const { world, id, spot } = set;
    await world.comment(world.people.writer, spot, "a delivery");
    const [hook] = world.fake.state.hooks;
    const told = async () => rowOf(await hooksOf(set).list(id), "ACME/shop");
    expect((await told()).lastDelivery).toBe(new Date(hook?.sent.at(-1)?.at ?? 0).toISOString());
    hook?.sent.push({ at: Date.parse("2036-03-01T10:00:00Z"), status: 502 });
    expect(await told()).toMatchObject({
      state: "failed",
      error: "The last delivery failed (502).",
      lastDelivery: "2036-03-01T10:00:00.000Z",
    });
    expect(world.requestsWith("OpenHands Resolver")).toBe(0);
    await hooksOf(set).repair(id, "repository:ACME/shop");
    expect(world.requestsWith("OpenHands Resolver")).toBe(1);
  });
});
