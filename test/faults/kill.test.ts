import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usualTimes } from "@ask-openhands/bot/engine/engine-deps.ts";
import { createSqliteStore } from "@ask-openhands/bot/store/sqlite.ts";
import type { Store } from "@ask-openhands/bot/store/store.ts";
import { isOver, type Run } from "@ask-openhands/core/work/run.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Said, Sent, Spot } from "../contracts/platform-subject.ts";
import { startGitHubWorld } from "../contracts/subjects/github.ts";
import { startFakeAgentServer } from "../fakes/openhands-server/server.ts";
import { agentConnection, readBase } from "../flows/flow.ts";
import { createKillableBot } from "./killable-bot.ts";

const kills = Number(process.env["KILLS"] ?? 200);
const asks = Number(process.env["ASKS"] ?? 500);
const places = 100;
/** Longest time in flight: the fake lets posts take effect up to this late, also when their sender is dead by then. */
const slowest = 300;

/** On two quiet cores 200 kills take four minutes; a busy machine gets time enough, and what it does not manage in it fails. */
const longestKilling = 1_200_000;

const sleep = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));

/** Counts of each value that occurs more than once. */
const repeated = (values: readonly string[]): readonly string[] => [
  ...new Set(values.filter((value, at) => values.indexOf(value) !== at)),
];

describe(`kill -9 at ${kills} random moments over ${asks} deliveries`, () => {
  let folder: string;
  let accepted: readonly string[] = [];
  let runs: readonly Run[] = [];
  let outcomes: readonly (string | undefined)[] = [];
  let ours: readonly Said[] = [];
  let told: readonly string[] = [];
  let killed: (() => Promise<void>) | undefined;
  let done = 0;
  let atWork = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ask-openhands-kill-"));
    const world = await startGitHubWorld();
    const agent = await startFakeAgentServer();
    agent.play(() => [
      { do: "think", text: "On it." },
      { do: "finish", message: "Finished this one." },
    ]);
    const [app] = world.connections;
    if (app === undefined) throw new Error("the world has no connection");
    const bot = await createKillableBot(folder, {
      settings: {
        ...readBase(folder),
        port: 0,
        logLevel: "warn",
        workspace: { runsPerPerson: "1000", runsPerWorkspace: "1000" },
        connections: [
          { ...app, connection: { ...app.connection, owner: { kind: "workspace", id: "main" } } },
          agentConnection(agent),
        ],
      },
      times: { ...usualTimes, request: slowest + 1_200, lease: 10_000, pause: 1_000 },
    });

    killed = bot.kill;
    const spots: Spot[] = [];
    for (let at = 0; at < places; at += 1)
      spots.push(await world.open(world.people.writer, "issue", { title: `Issue ${at}`, text: "" }));
    world.deliveries();
    const waiting: Sent[] = [];
    for (let at = 0; at < asks; at += 1) {
      const spot = spots[Math.floor(Math.random() * places)];
      if (spot === undefined) throw new Error("no spot");
      const said = await world.comment(world.people.writer, spot, `@openhands request number ${at}`);
      waiting.push(...world.deliveries());
      accepted = [...accepted, said.id];
    }
    world.fail({
      method: "POST",
      path: /\/comments$/,
      delayMs: slowest,
      chance: 0.5,
      times: Number.POSITIVE_INFINITY,
    });
    world.fail({
      method: "POST",
      path: /\/comments$/,
      dropAfterEffect: true,
      chance: 0.05,
      times: Number.POSITIVE_INFINITY,
    });

    let killing = true;
    const deliver = async (): Promise<void> => {
      // Like a sender that sends again what got no answer: also what was stored but whose answer was lost.
      for (let sent = waiting.shift(); sent !== undefined; sent = waiting.shift()) {
        const answered = await post(bot.port(), sent);
        if (!answered) waiting.push(sent);
        await sleep(killing ? 300 : 0);
      }
    };
    const delivering = deliver();
    for (const end = Date.now() + longestKilling; done < kills && Date.now() < end; done += 1) {
      const starting = bot.start().then(
        () => true,
        () => false,
      );
      // Every fifth dies at a random moment of its start, the others at work.
      if (done % 5 === 0) await sleep(Math.random() * 600);
      else await starting.then(() => sleep(Math.random() * 800));
      if (bot.port() !== undefined) atWork += 1;
      await bot.kill();
      await starting;
    }
    killing = false;
    await bot.start();
    await delivering;
    // What the sender of deliveries found out, the store must know; the bot is given time to end what it began.
    await until(
      async () => {
        const counts = (await (await fetch(`http://127.0.0.1:${bot.port()}/ready`)).json()) as Record<
          string,
          unknown
        >;
        return counts["unread"] === 0 && counts["live"] === 0 && counts["queued"] === 0;
      },
      120,
      bot.tail,
    );
    await sleep(8_000);
    expect(await bot.stop()).toBe(0);

    const store: Store = await createSqliteStore({ folder: join(folder, "data") });
    runs = await store.runs({ limit: 10_000 });
    const prefix = runs[0]?.asks[0]?.key.replace(/\d+$/, "") ?? "";
    outcomes = await Promise.all(
      accepted.map(async (id) => (await store.mention(`${prefix}${id}`))?.outcome),
    );
    await store.close();
    ours = spots
      .flatMap((spot) => world.said(spot))
      .filter(({ author }) => author.id === world.people.self.id);
    told = [...agent.protocol.conversations.values()].flatMap(({ events }) =>
      events.filter((event) => event["source"] === "user").map((event) => JSON.stringify(event)),
    );
    await agent.close();
    await world.close();
  }, longestKilling + 400_000);
  afterAll(async () => {
    await killed?.();
    await rm(folder, { recursive: true, force: true });
  });

  it("gives every delivery that was answered with 2xx an outcome", () => {
    const counted = Object.groupBy(outcomes, (outcome) => outcome ?? "none");
    console.log(
      `${done} kills (${atWork} of them at work), ${outcomes.length} deliveries: ${Object.entries(counted)
        .map(([name, all]) => `${all?.length} ${name}`)
        .join(
          ", ",
        )}; ${runs.length} runs, ${runs.filter(({ state }) => state === "failed").length} of them set aside, ${ours.length} posts`,
    );
    expect(done).toBe(kills);
    expect(outcomes.filter((outcome) => outcome === undefined)).toEqual([]);
  });

  it("ends every run, with a report and a closing comment", () => {
    expect(runs.filter((run) => !isOver(run))).toEqual([]);
    expect(
      runs
        .filter((run) => run.report?.ref === undefined || run.closing?.ref === undefined)
        .map((run) => [run.id, run.report, run.closing]),
    ).toEqual([]);
  });

  it("fails nothing but what was at work in three deaths in a row, and says so", () => {
    const failed = runs.filter(({ state }) => state !== "done");
    for (const { outcome } of failed) expect(outcome?.hint).toMatch(/set aside/);
    // On a busy machine turns last longer, and more of them meet three kills in a row.
    expect(failed.length).toBeLessThan(asks / 8);
  });

  it("says nothing twice at a place", () => {
    const markers = ours.map(({ text }) => /ask-openhands:(\S+)/.exec(text)?.[1] ?? text);
    expect(repeated(markers)).toEqual([]);
    expect(ours.filter(({ text }) => text.includes("ask-openhands:report-"))).toHaveLength(runs.length);
  });

  it("says nothing twice to an agent", () => {
    // Earlier requests also stand in the discussion that later prompts show; what counts is what was asked for.
    const requests = told.flatMap((message) =>
      [...message.matchAll(/By mara at [^\\]*:\\n\\nrequest number (\d+)\b/g)].map((match) => match[1] ?? ""),
    );
    expect(repeated(requests)).toEqual([]);
    const numbersOf = (some: readonly Run[]): readonly string[] =>
      some.flatMap(({ asks: all }) => all).map(({ request }) => request.replace("request number ", ""));
    const heard = new Set(requests);
    expect(
      numbersOf(runs.filter(({ conversation }) => conversation !== undefined)).filter(
        (one) => !heard.has(one),
      ),
    ).toEqual([]);
    // A start whose answer three deaths in a row kept from us was heard as well; its run says that it may be at work.
    const unanswered = new Set(
      numbersOf(runs.filter(({ outcome }) => outcome?.hint?.includes("may still be at work"))),
    );
    const known = new Set(numbersOf(runs.filter(({ conversation }) => conversation !== undefined)));
    expect([...heard].filter((one) => !known.has(one) && !unanswered.has(one))).toEqual([]);
  });
});

const post = async (port: number | undefined, { method, path, headers, bytes }: Sent): Promise<boolean> => {
  if (port === undefined) return false;
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      body: new Uint8Array(bytes),
    });
    await response.text();
    return response.ok;
  } catch (cause) {
    if (cause instanceof TypeError) return false;
    throw cause;
  }
};

const until = async (holds: () => Promise<boolean>, seconds: number, tail: () => string): Promise<void> => {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; ) {
    if (await holds()) return;
    await sleep(500);
  }
  throw new Error(`not idle within ${seconds} s\n${tail()}`);
};
