import { describe, expect, it } from "vitest";
import { everySubject } from "../contracts/every-subject.ts";
import type { PlatformSubject, Spot } from "../contracts/platform-subject.ts";
import { subject as github, startGitHubWorld } from "../contracts/subjects/github.ts";
import { besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";

const missed = 50;
/** What people say among themselves meanwhile is lost as well, and stands between the asks. */
const chatter = 200;
const heardBefore = 5;

const askedFor = (flow: Flow, name: string): number =>
  flow.told().filter((text) => text.includes(`[${name}]`)).length;

/** An outage: some asks were answered before it, fifty come while nobody listens, among talk of others. */
const sufferOutage = async (flow: Flow, subject: PlatformSubject): Promise<readonly Spot[]> => {
  const { world } = flow;
  const kind = subject.kinds.at(0) === "pull-request" ? "pull-request" : "issue";
  const open = (text = "It is broken."): Promise<Spot> => flow.open(text, kind);
  const before = await Promise.all(Array.from({ length: heardBefore }, () => open()));
  for (const [at, spot] of before.entries()) await flow.ask(spot, `@openhands do [early-${at}]`);
  for (const spot of before) await flow.waitFor(spot, "All done.");
  const [first] = before;
  if (first === undefined) throw new Error("nothing was opened");
  const posts = flow.ours(first).length;
  await flow.ask(first, "@openhands do [refused]", world.people.reader);
  await flow.until("the refusal is told", () => flow.ours(first).length > posts);

  const known = await Promise.all(Array.from({ length: missed }, () => open()));

  await flow.stop();
  world.loseDeliveries(true);
  const spots: Spot[] = [];
  for (const [at, spot] of known.entries()) {
    const text = `@openhands do [ask-${at}]`;
    // Every fifth asks in the description of something new.
    const isNew = at % 5 === 0;
    spots.push(isNew ? await open(text) : spot);
    if (!isNew) await flow.ask(spot, text);
    for (let said = 0; said < chatter / missed; said += 1) await flow.ask(spot, "I see it, too.");
  }
  world.loseDeliveries(false);
  return [...before, ...spots];
};

const names = [
  ...Array.from({ length: heardBefore }, (_, at) => `early-${at}`),
  ...Array.from({ length: missed }, (_, at) => `ask-${at}`),
];

const expectEachOnce = async (flow: Flow): Promise<void> => {
  await flow.until("each was told to an agent", () => names.every((name) => askedFor(flow, name) > 0), 60);
  // What is found by the next look, after another restart, was found already.
  await flow.stop();
  const stoppedAt = Date.now();
  await flow.start();
  const look = `caught-up:${flow.world.connections[0]?.connection.platform}`;
  await flow.until(
    "it has looked again",
    async () => Number(await flow.bot().store.getNote(look)) >= stoppedAt,
  );
  await flow.until(
    "all runs are over",
    async () => (await flow.runs()).every(({ state }) => state === "done"),
    60,
  );
  expect(names.filter((name) => askedFor(flow, name) !== 1)).toEqual([]);
  expect(askedFor(flow, "refused")).toBe(0);
  expect(await flow.runs()).toHaveLength(missed + heardBefore);
  expect(flow.agent.protocol.conversations.size).toBe(missed + heardBefore);
};

const start = async (subject: PlatformSubject): Promise<{ flow: Flow; close(): Promise<void> }> => {
  const world = await subject.start();
  const beside = world.repository === undefined ? await besideCode(world) : undefined;
  const flow = await startFlow({
    subject: { ...subject, start: async () => world },
    script: () => [{ do: "finish", message: "All done." }],
    times: { request: 12_000, lease: 20_000 },
    ...beside?.options,
    settings: {
      ...beside?.options.settings,
      pollEvery: 500,
      workspace: { ...beside?.options.settings?.workspace, runsPerPerson: "1000", runsPerWorkspace: "1000" },
    },
  });
  return {
    flow,
    close: async () => {
      await flow.end();
      await beside?.close();
    },
  };
};

/** GitHub heard by looking, with a token, instead of by an App's deliveries. */
const polled: PlatformSubject = {
  ...github,
  start: async () => {
    const world = await startGitHubWorld();
    const machine = world.github.state.users.find(({ login }) => login === "openhands-machine");
    if (machine === undefined) throw new Error("nobody has the token");
    const self = { id: String(machine.id), name: machine.login };
    const { connections, people } = world;
    return Object.assign(world, { connections: connections.slice(1), people: { ...people, self } });
  },
};

const subjects = (await everySubject()).filter(({ limits }) => limits.polling === undefined);
const cases = [
  ...subjects.map((subject) => [subject.id, subject] as const),
  ...(subjects.includes(github) ? [["github by token", polled] as const] : []),
];

describe("fifty asks missed while the bot was away", () => {
  it.each(cases)(
    "at %s are found, each once, and nothing that was heard before is heard again",
    async (_, subject) => {
      const { flow, close } = await start(subject);
      try {
        const spots = await sufferOutage(flow, subject);
        await flow.start();
        await expectEachOnce(flow);
        for (const spot of spots) await flow.waitFor(spot, "All done.");
        const { violations, unrouted } = flow.world.requests;
        expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
      } finally {
        await close();
      }
    },
    180_000,
  );
});
