import { type Figure, median, percentile, rounded, type Section } from "../figures.ts";
import type { MakeRequests } from "../payloads.ts";
import { cpuOf } from "../process-figures.ts";
import { type Burst, send } from "../sender.ts";
import { startPeer } from "../targets.ts";
import type { BenchWorld } from "../world.ts";

interface Lane {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly path: string;
  readonly make: MakeRequests;
}

interface Sums {
  readonly perSecond: number[];
  readonly p99: number[];
  /** Microseconds of CPU for each delivery, all threads. */
  readonly cpu: number[];
}

const connections = 64;
/** Enough for every server to be compiled as it will stay: servers run for weeks. */
const warmUp = 20_000;

const assertAnswered = (lane: Lane, burst: Burst): void => {
  const others = [...burst.statuses].filter(([status]) => status !== 200);
  if (others.length > 0) throw new Error(`${lane.name} answered ${JSON.stringify(others)}`);
};

/** Rounds one after the other, in each every lane once, in turning order: what disturbs the machine disturbs all. */
const runRounds = async (
  lanes: readonly Lane[],
  rounds: number,
  count: number,
): Promise<ReadonlyMap<string, Sums>> => {
  const sums = new Map(lanes.map(({ name }): [string, Sums] => [name, { perSecond: [], p99: [], cpu: [] }]));
  for (const lane of lanes)
    assertAnswered(lane, await send(lane.port, lane.make(lane.path, warmUp), { connections }));
  for (let round = 0; round < rounds; round += 1) {
    const order = lanes.map((_, at) => lanes[(at + round) % lanes.length]);
    for (const lane of order) {
      if (lane === undefined) continue;
      const requests = lane.make(lane.path, count);
      const before = cpuOf(lane.pid);
      const burst = await send(lane.port, requests, { connections });
      sums.get(lane.name)?.cpu.push(((cpuOf(lane.pid) - before) * 1_000) / count);
      assertAnswered(lane, burst);
      sums.get(lane.name)?.perSecond.push(count / burst.seconds);
      sums.get(lane.name)?.p99.push(percentile(burst.latencies, 0.99));
    }
  }
  return sums;
};

const ratioOf = (sums: ReadonlyMap<string, Sums>, name: string, base: string): number => {
  const [own, other] = [sums.get(name), sums.get(base)];
  if (own === undefined || other === undefined) return Number.NaN;
  // Of the same round, because rounds differ more than lanes.
  return median(own.perSecond.map((value, round) => value / (other.perSecond[round] ?? Number.NaN)));
};

interface Claim {
  readonly lane: string;
  readonly peer: string;
  readonly least: number;
}

const figuresOf = (
  sums: ReadonlyMap<string, Sums>,
  lanes: readonly Lane[],
  bare: string,
  claims: readonly Claim[],
): readonly Figure[] => [
  ...lanes.map(
    ({ name }): Figure => ({
      name,
      value: rounded(median(sums.get(name)?.perSecond ?? []), 0),
      unit: "deliveries/s",
      ofBare: rounded(ratioOf(sums, name, bare)),
      note: `${rounded(median(sums.get(name)?.cpu ?? []), 0)} µs CPU each, p99 ${rounded(median(sums.get(name)?.p99 ?? []), 1)} ms with ${connections} connections`,
    }),
  ),
  ...claims.map(({ lane, peer, least }): Figure => {
    const value = ratioOf(sums, lane, peer);
    return {
      name: `${lane} ÷ ${peer}`,
      value: rounded(value),
      unit: "×",
      target: `≥ ${least}`,
      met: value >= least,
    };
  }),
];

export const measureGitHub = async (
  world: BenchWorld,
  databaseUrl: string,
  rounds: number,
  count: number,
): Promise<Section> => {
  const path = "/webhooks/github";
  const { privateKey } = world.github.github;
  const peers = await Promise.all([
    startPeer("bare", world.gitHubSecret),
    startPeer("probot", world.gitHubSecret, privateKey),
  ]);
  const [bare, probot] = peers;
  // No turns are taken: this is about hearing, and everything heard stays on disk.
  const sqlite = await world.start({ workers: 0, stopTimeout: 0 });
  const postgres = await world.start({ workers: 0, stopTimeout: 0, databaseUrl });
  try {
    const lanes: readonly Lane[] = [
      { name: "bare node:http", port: bare.port, pid: bare.pid, path, make: world.mentions },
      { name: "Probot's middleware", port: probot.port, pid: probot.pid, path, make: world.mentions },
      { name: "mention, SQLite", port: sqlite.port, pid: sqlite.pid, path, make: world.mentions },
      { name: "mention, PostgreSQL", port: postgres.port, pid: postgres.pid, path, make: world.mentions },
      { name: "comment without a mention", port: sqlite.port, pid: sqlite.pid, path, make: world.comments },
      { name: "event that never asks", port: sqlite.port, pid: sqlite.pid, path, make: world.otherEvents },
    ];
    const sums = await runRounds(lanes, rounds, count);
    return {
      title: "Deliveries of GitHub",
      how: `${rounds} interleaved rounds of ${count} signed issue_comment deliveries of about 13 kB; closed loop, ${connections} connections. The bot is the whole bot (server, signature, schema, trigger, store, log, metrics) except that no turns are taken; a mention is on disk before its 200. Probot's handler does nothing. The event that never asks is a check_run of the same size.`,
      figures: figuresOf(sums, lanes, "bare node:http", [
        { lane: "mention, SQLite", peer: "Probot's middleware", least: 1.2 },
        { lane: "mention, PostgreSQL", peer: "Probot's middleware", least: 1.2 },
        { lane: "comment without a mention", peer: "Probot's middleware", least: 1.4 },
        { lane: "event that never asks", peer: "Probot's middleware", least: 1.4 },
      ]),
    };
  } finally {
    await Promise.all([...peers.map((peer) => peer.stop()), sqlite.stop(), postgres.stop()]);
  }
};

export const measureSlack = async (world: BenchWorld, rounds: number, count: number): Promise<Section> => {
  const path = "/webhooks/slack";
  const peers = await Promise.all([
    startPeer("bare", world.slackSecret),
    startPeer("bolt", world.slackSecret),
  ]);
  const [bare, bolt] = peers;
  const bot = await world.start({ workers: 0, stopTimeout: 0 });
  try {
    const lanes: readonly Lane[] = [
      { name: "bare node:http", port: bare.port, pid: bare.pid, path, make: world.slackMentions },
      { name: "Bolt's HTTPReceiver", port: bolt.port, pid: bolt.pid, path, make: world.slackMentions },
      { name: "mention, SQLite", port: bot.port, pid: bot.pid, path, make: world.slackMentions },
    ];
    const sums = await runRounds(lanes, rounds, count);
    return {
      title: "Events of Slack",
      how: `${rounds} interleaved rounds of ${count} signed app_mention events of about 1.5 kB. On disk before the acknowledgement; Bolt's listener does nothing.`,
      figures: figuresOf(sums, lanes, "bare node:http", [
        { lane: "mention, SQLite", peer: "Bolt's HTTPReceiver", least: 1.5 },
      ]),
    };
  } finally {
    await Promise.all([...peers.map((peer) => peer.stop()), bot.stop()]);
  }
};
