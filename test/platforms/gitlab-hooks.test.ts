import type { HookResource } from "@ask-openhands/bot/platforms/platform.ts";
import { afterEach, describe, expect, it } from "vitest";
import { gitlabConnection } from "../contracts/subjects/gitlab.ts";
import { type FakeGitLab, type FakeGitLabSettings, startFakeGitLab } from "../fakes/gitlab/start.ts";
import type { FakeProject } from "../fakes/gitlab/state.ts";
import { createBench } from "./gitlab-bench.ts";

const fakes: FakeGitLab[] = [];
const id = "gitlab-hooks";

const start = async (settings: FakeGitLabSettings & { readonly publicUrl?: string } = {}) => {
  const fake = await startFakeGitLab(settings);
  fakes.push(fake);
  const bot = fake.addUser("group_1_bot_ab", { bot: true });
  const token = fake.addToken(bot);
  const connection = { ...gitlabConnection(fake, id), secretNames: ["token"] };
  const bench = createBench([{ connection, secrets: { token } }], {
    publicUrl: settings.publicUrl ?? "https://bot.example",
  });
  const project = (path: string, level: number, personal = false): FakeProject => {
    const made = fake.addProject(path, { personal });
    made.members.set(bot.id, level);
    return made;
  };
  const group = (path: string, level: number) => {
    const made = { id: fake.state.next(), path, members: new Map([[bot.id, level]]) };
    fake.state.groups.push(made);
    return made;
  };
  const hooks = bench.platform.hooks;
  if (hooks === undefined) throw new Error("no hooks");
  const rows = async (): Promise<readonly (readonly [string, string])[]> =>
    (await hooks.list(id)).map(({ name, state }) => [name, state]);
  return { fake, bench, bot, hooks, project, group, rows };
};

afterEach(async () => {
  for (const fake of fakes.splice(0)) {
    expect(fake.server.violations).toEqual([]);
    expect(fake.server.unrouted).toEqual([]);
    await fake.close();
  }
});

const rowOf = (rows: readonly HookResource[], name: string): HookResource => {
  const row = rows.find((one) => one.name === name);
  if (row === undefined) throw new Error(`no row ${name}`);
  return row;
};

describe("GitLab's webhook table", () => {
  it("has groups, the projects that no group covers, and personal ones; nested groups go with the outer one", async () => {
    const { project, group, hooks } = await start();
    group("acme", 50);
    group("acme/tools", 50);
    project("acme/tools/shop", 40);
    project("other/lab", 40);
    project("bot/notes", 50, true);
    project("readers/wiki", 30);
    const rows = await hooks.list(id);
    expect(rows.map(({ type, name, state }) => [type, name, state])).toEqual([
      ["group", "acme", "missing"],
      ["project", "other/lab", "missing"],
      ["project", "bot/notes", "missing"],
      ["project", "readers/wiki", "missing"],
    ]);
    expect(rowOf(rows, "readers/wiki").missingRight).toContain("Maintainer");
    expect(rowOf(rows, "other/lab").missingRight).toBeUndefined();
  });

  it("names Premium and the Owner role where groups cannot have webhooks, and offers their projects", async () => {
    const { project, group, hooks } = await start({ premium: false });
    const acme = group("acme", 50);
    project("acme/shop", 40);
    const rows = await hooks.list(id);
    expect(rowOf(rows, "acme").missingRight).toContain("Premium");
    expect(rowOf(rows, "acme/shop").state).toBe("missing");
    await expect(hooks.install(id, `group:${acme.id}`)).rejects.toMatchObject({
      kind: "not-allowed",
      hint: expect.stringContaining("Premium"),
    });
  });

  it("installs a signed webhook with everything we hear, and finds it installed", async () => {
    const { fake, bench, project, hooks, rows } = await start();
    const shop = project("other/shop", 40);
    expect(await hooks.install(id, `project:${shop.id}`)).toMatchObject({
      state: "installed",
      name: "other/shop",
    });
    const [hook] = fake.state.hooks;
    expect(hook?.url).toBe(`https://bot.example/webhooks/gitlab/${id}`);
    expect(hook?.settings).toMatchObject({
      token: bench.secret(id, "webhookSecret"),
      signing_token: bench.secret(id, "signingToken"),
      confidential_note_events: true,
      confidential_issues_events: true,
      push_events: false,
    });
    expect(bench.secret(id, "signingToken")).toMatch(/^whsec_/);
    expect(Buffer.from(bench.secret(id, "signingToken")?.slice(6) ?? "", "base64")).toHaveLength(32);
    await hooks.install(id, `project:${shop.id}`);
    expect(fake.state.hooks).toHaveLength(1);
    expect(await rows()).toEqual([["other/shop", "installed"]]);
    hook?.deliveries.push({
      response_status: "200",
      created_at: "2026-03-01T10:00:00.000Z",
      trigger: "note_events",
    });
    expect((await hooks.list(id))[0]?.lastDelivery).toBe("2026-03-01T10:00:00.000Z");
    await hooks.remove(id, `project:${shop.id}`);
    expect(await rows()).toEqual([["other/shop", "missing"]]);
  });

  it("does with the plain token where the release cannot sign, and two installs at once share one secret", async () => {
    const { fake, bench, project, hooks } = await start({ signs: false });
    const [one, two] = [project("other/one", 40), project("other/two", 40)];
    await Promise.all([hooks.install(id, `project:${one.id}`), hooks.install(id, `project:${two.id}`)]);
    expect(bench.secret(id, "signingToken")).toBe("");
    expect(new Set(fake.state.hooks.map(({ settings }) => settings["token"]))).toEqual(
      new Set([bench.secret(id, "webhookSecret")]),
    );
    expect(fake.state.hooks).toHaveLength(2);
  });

  it("repairs in place: an old address, missing events, a hook that GitLab switched off", async () => {
    const { fake, project, hooks } = await start();
    const shop = project("other/shop", 40);
    const resource = `project:${shop.id}`;
    await hooks.install(id, resource);
    const [hook] = fake.state.hooks;
    if (hook === undefined) throw new Error("no hook");

    hook.url = `https://old.example/webhooks/gitlab/${id}`;
    expect((await hooks.list(id))[0]).toMatchObject({
      state: "failed",
      error: expect.stringContaining("old.example"),
    });
    hook.settings["confidential_note_events"] = false;
    expect(await hooks.repair(id, resource)).toMatchObject({ state: "installed" });

    hook.settings["confidential_note_events"] = false;
    expect((await hooks.list(id))[0]).toMatchObject({
      state: "failed",
      error: expect.stringContaining("confidential comments"),
    });
    await hooks.repair(id, resource);

    hook.alertStatus = "temporarily_disabled";
    hook.disabledUntil = "2026-03-01T10:00:00.000Z";
    expect((await hooks.list(id))[0]).toMatchObject({
      state: "disabled",
      error: expect.stringContaining("2026-03-01"),
    });
    expect(await hooks.repair(id, resource)).toMatchObject({ state: "installed" });

    hook.deliveries.push({
      response_status: "internal error",
      created_at: "2026-03-02T10:00:00.000Z",
      trigger: "note_events",
    });
    expect((await hooks.list(id))[0]).toMatchObject({
      state: "failed",
      error: "The last delivery failed (internal error).",
    });
    expect(fake.state.hooks.map((one) => one.id)).toEqual([hook.id]);
  });

  it("says what GitLab refuses, and what role is missing; a one-time token helps and is kept nowhere", async () => {
    const { fake, bench, project, hooks } = await start({ publicUrl: "http://localhost:3000" });
    const shop = project("other/shop", 30);
    const resource = `project:${shop.id}`;
    await expect(hooks.install(id, resource)).rejects.toMatchObject({
      kind: "not-allowed",
      hint: expect.stringContaining("Maintainer"),
    });
    const owner = fake.addUser("olga");
    shop.members.set(owner.id, 50);
    const once = fake.addToken(owner);
    await expect(hooks.install(id, resource, once)).rejects.toMatchObject({
      kind: "bad-input",
      hint: expect.stringContaining("Requests to localhost are not allowed"),
    });
    expect(bench.secret(id, "token")).not.toBe(once);
    await expect(hooks.install(id, "project:77/../../x")).rejects.toMatchObject({ kind: "bad-input" });
    await expect(hooks.list("gone")).rejects.toMatchObject({ kind: "not-found" });
  });
});
