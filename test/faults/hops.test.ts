import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usualTimes } from "@ask-openhands/bot/engine/engine-deps.ts";
import { createSqliteStore } from "@ask-openhands/bot/store/sqlite.ts";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { startGitHubWorld } from "../contracts/subjects/github.ts";
import type { Fault } from "../fakes/faults.ts";
import { startFakeAgentServer } from "../fakes/openhands-server/server.ts";
import { agentConnection, readBase } from "../flows/flow.ts";
import { createKillableBot, type KillableBot } from "./killable-bot.ts";

type Where = "forge" | "agent";

/** Every request that a run makes, by what it is for. */
const hops: readonly (readonly [string, Where, Fault])[] = [
  ["asking for the rights", "forge", { method: "GET", path: /\/collaborators\// }],
  ["the reaction", "forge", { method: "POST", path: /\/reactions$/ }],
  ["the first report", "forge", { method: "POST", path: /\/issues\/\d+\/comments$/ }],
  ["reading the discussion", "forge", { method: "GET", path: /\/issues\/\d+\/comments$/ }],
  ["the start of the conversation", "agent", { method: "POST", path: "/api/conversations" }],
  ["reading events", "agent", { method: "GET", path: /\/events\/search$/ }],
  ["editing the report", "forge", { method: "PATCH", path: /\/issues\/comments\/\d+$/ }],
  ["the closing comment", "forge", { method: "POST", path: /\/issues\/\d+\/comments$/, after: 1 }],
];

const sleep = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));

describe("kill -9 between every hop", () => {
  const folders: string[] = [];
  const bots: KillableBot[] = [];
  afterEach(async () => {
    for (const bot of bots.splice(0)) await bot.kill();
  });
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  const begin = async () => {
    const folder = await mkdtemp(join(tmpdir(), "ask-openhands-hop-"));
    folders.push(folder);
    const world = await startGitHubWorld();
    const agent = await startFakeAgentServer();
    agent.play(() => [
      { do: "think", text: "On it." },
      { do: "finish", message: "Made it through." },
    ]);
    const [app] = world.connections;
    if (app === undefined) throw new Error("the world has no connection");
    const bot = await createKillableBot(folder, {
      settings: {
        ...readBase(folder),
        port: 0,
        connections: [
          { ...app, connection: { ...app.connection, owner: { kind: "workspace", id: "main" } } },
          agentConnection(agent),
        ],
      },
      times: { ...usualTimes, request: 1_000, lease: 5_000 },
    });
    bots.push(bot);
    return { folder, world, agent, bot };
  };

  describe.each(hops)("%s", (_name, where, fault) => {
    it.each([
      ["before it takes effect", { hang: true }],
      ["after it took effect, before the answer", { dropAfterEffect: true }],
    ] as const)(
      "%s: one run, one report, one closing comment all the same",
      async (_when, how) => {
        const { folder, world, agent, bot } = await begin();
        const issue = await world.open(world.people.writer, "issue", { title: "Fix it", text: "" });
        world.deliverTo(`http://127.0.0.1:${await bot.start()}`);
        const fake = where === "forge" ? world.github.http : agent.fake;
        const before = fake.calls.length;
        fake.fail({ ...fault, ...how });
        await world.comment(world.people.writer, issue, "@openhands fix it");
        const reached = () => fake.calls.slice(before).some(({ status }) => status === 0);
        for (const end = Date.now() + 15_000; !reached() && Date.now() < end; ) await sleep(10);
        expect(reached()).toBe(true);
        await bot.kill();
        fake.recover();
        world.deliverTo(`http://127.0.0.1:${await bot.start()}`);
        const ours = () => world.said(issue).filter(({ author }) => author.id === world.people.self.id);
        const posts = () =>
          ours().map(({ text }) => /ask-openhands:(report|closing)-/.exec(text)?.[1] ?? text);
        for (
          const end = Date.now() + 25_000;
          !(posts().includes("closing") && ours().some(({ text }) => text.includes("Done"))) &&
          Date.now() < end;
        )
          await sleep(50);
        await sleep(4_000);
        expect(posts().toSorted(), bot.tail()).toEqual(["closing", "report"]);
        expect(ours().find(({ text }) => text.includes(":report-"))?.text).toContain("Done");
        expect(await bot.stop()).toBe(0);
        const store = await createSqliteStore({ folder: join(folder, "data") });
        expect((await store.runs({ limit: 10 })).map(({ state }) => state)).toEqual(["done"]);
        await store.close();
        expect(agent.protocol.conversations.size).toBe(1);
        await agent.close();
        await world.close();
      },
      70_000,
    );
  });
});
