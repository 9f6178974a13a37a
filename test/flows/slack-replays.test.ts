import { afterEach, describe, expect, it, vi } from "vitest";
import { subject as slackSubject } from "../contracts/subjects/slack.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import { postsIn, type SlackPost } from "../fakes/slack/state.ts";
import { type BesideCode, besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";

const asks = 1_000;
const times = 4;
const atOnce = 40;
const minutes = 60_000;

/** Mulberry32: the same order in every run of the test. */
const shuffled = <One>(list: readonly One[], seed: number): readonly One[] => {
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((more ^ (more >>> 14)) >>> 0) / 4_294_967_296;
  };
  return list
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
};

describe("events that Slack delivers again and again", () => {
  let slack: FakeSlack;
  let code: BesideCode;
  let flow: Flow;
  afterEach(async () => {
    vi.restoreAllMocks();
    await flow.end();
    await code.close();
  });

  it("1,000 asks, each delivered 4 times, out of order, across a restart and a reconnect 10 minutes later: one run each", async () => {
    const clock = Date.now.bind(Date);
    let ahead = 0;
    vi.spyOn(Date, "now").mockImplementation(() => clock() + ahead);
    // At Slack's rates a thousand asks take twenty minutes to begin; those are the business of another test.
    slack = await startFakeSlack({ inSocketMode: true, limits: "none" });
    code = await besideCode(slack);
    flow = await startFlow({
      subject: { ...slackSubject, start: async () => slack },
      ...code.options,
      // One works, the others wait: what counts is how many there are.
      settings: {
        ...code.options.settings,
        logLevel: "warn",
        workspace: { ...code.options.settings?.workspace, runsPerPerson: "1", runsPerWorkspace: "1" },
      },
      script: () => [{ do: "hang" }],
    });
    const connected = () =>
      vi.waitFor(() => expect(slack.socket.connected).toBe(true), { timeout: 20_000, interval: 50 });
    const events = Array.from({ length: asks }, (_, at): Readonly<Record<string, unknown>> => {
      const ts = `17800${String(at).padStart(5, "0")}.000200`;
      const post: SlackPost = {
        ts,
        thread: undefined,
        author: { ...slack.people.writer, displayName: "Mira Writer" },
        text: `<@${slack.people.self.id}> job ${at}`,
        blocks: undefined,
        metadata: undefined,
        edited: undefined,
        reactions: [],
      };
      postsIn(slack.state, slack.channel).push(post);
      return {
        type: "event_callback",
        team_id: slack.host,
        api_app_id: slack.state.app,
        event_id: `EvReplay${at}`,
        event: {
          // Half of them as the other event that the same message makes.
          type: at % 2 === 0 ? "app_mention" : "message",
          channel: slack.channel,
          channel_type: "channel",
          user: post.author.id,
          text: post.text,
          ts,
          event_ts: ts,
          team: slack.host,
        },
      };
    });
    const deliveries = shuffled(Array.from({ length: times }, () => events).flat(), 20_261);
    const deliver = async (part: readonly (typeof events)[number][]): Promise<void> => {
      for (let at = 0; at < part.length; at += atOnce)
        await Promise.all(
          part.slice(at, at + atOnce).map((event) => slack.socket.deliver("events_api", event)),
        );
    };
    const third = Math.ceil(deliveries.length / 3);
    await connected();
    await deliver(deliveries.slice(0, third));

    await flow.stop();
    await flow.start();
    await connected();
    await deliver(deliveries.slice(third, 2 * third));

    slack.socket.disconnect();
    ahead += 10 * minutes;
    await connected();
    await deliver(deliveries.slice(2 * third));

    await flow.until("every ask has its run", async () => (await flow.runs()).length >= asks, 150);
    const keys = (await flow.runs()).flatMap((run) => run.asks.map(({ key }) => key));
    expect(keys).toHaveLength(asks);
    expect(new Set(keys).size).toBe(asks);
    await flow.until("one of them works", () => flow.agent.protocol.conversations.size > 0, 30);
    expect(flow.agent.protocol.conversations.size).toBe(1);
  }, 240_000);
});
