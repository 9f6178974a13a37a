import { configFormView } from "@ask-openhands/bot/platforms/slack/config-form.ts";
import { askFormView, repositoryOption } from "@ask-openhands/bot/platforms/slack/forms.ts";
import { homeView } from "@ask-openhands/bot/platforms/slack/home.ts";
import { createSlack } from "@ask-openhands/bot/platforms/slack/index.ts";
import * as answers from "@ask-openhands/core/render/answers.ts";
import { describeClosing, describeReport } from "@ask-openhands/core/render/report.ts";
import { toSlack } from "@ask-openhands/core/render/to-slack.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { Run, RunState } from "@ask-openhands/core/work/run.ts";
import { describe, expect, it } from "vitest";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import { startFakeSlack } from "../fakes/slack/start.ts";
import { brokenMessage, brokenOptions, brokenView } from "../support/block-kit.ts";

/** Long in every way: letters, one endless word, line breaks, markup, characters of two units, entities that grow. */
const longTexts: readonly (readonly [string, string])[] = [
  ["letters", "long words ".repeat(2_000)],
  ["one word", "x".repeat(20_000)],
  ["line breaks", "line\n".repeat(2_000)],
  [
    "markdown",
    "# Head\n\n- item `code` **bold** [link](https://example.com/a)\n\n```ts\nconst a = 1;\n```\n\n".repeat(
      800,
    ),
  ],
  ["emoji", "👩‍👩‍👧‍👦".repeat(2_000)],
  ["entities", "<&>".repeat(6_000)],
  ["a table", `| a | b |\n| - | - |\n${"| cell & cell | <b> |\n".repeat(800)}`],
  ["blanks", " \n\t".repeat(2_000)],
  ["nothing", ""],
];

const longUrl = (text: string): string =>
  `https://example.com/${encodeURIComponent(text.slice(0, 1_500).toWellFormed()).slice(0, 9_000)}`;

const author = (text: string) => ({
  platform: "slack" as const,
  host: "T1",
  id: "U0WRITER",
  name: "U0WRITER",
  displayName: text,
  kind: "person" as const,
});

const runOf = (text: string, state: RunState): Run => ({
  id: "11111111-1111-4111-8111-111111111111",
  place: {
    platform: "slack",
    host: "T1",
    key: "slack:T1:C1:1",
    kind: "thread",
    url: longUrl(text),
    label: text,
    title: text,
    address: { channel: "C1", thread: "1" },
  },
  asks: Array.from({ length: 40 }, (_, at) => ({
    key: `k${at}`,
    author: { ...author(text), id: `U${at}` },
    request: text,
    at: "2026-05-01T10:00:00.000Z",
    reply: {},
  })),
  state,
  queuedAt: 1,
  startedAt: 2,
  phase: text,
  model: text,
  cost: 123_456.789,
  repository: { host: "github.com", name: text, branch: text },
  conversation: { agent: "a", id: "c", url: longUrl(text) },
  pullRequest: { url: longUrl(text), number: 1_234_567 },
  pushed: Array.from({ length: 60 }, () => text),
  question: text,
  said: text,
  tasks: Array.from({ length: 60 }, () => ({ title: text, state: "doing" as const })),
  steps: Array.from({ length: 60 }, (_, at) => ({ id: `${at}`, at, text, failed: true })),
  stepCount: 99_999,
  trouble: { since: 1, hint: text },
  outcome: { reason: "error", summary: text, hint: text, retryable: true },
  continuedAt: { url: longUrl(text), label: text, state: "working" },
  version: 1,
});

const states: readonly RunState[] = ["queued", "starting", "working", "waiting", "done", "failed", "stopped"];

const messagesWith = (text: string): readonly Message[] => {
  const facts = {
    handle: "@openhands",
    marker: "m",
    hosts: ["example.com"],
    removed: Array.from({ length: 60 }, () => text),
  };
  const to = { ...facts, to: author(text) };
  const runs = states.map((state) => runOf(text, state));
  const now = 9_999_999_999;
  return [
    ...runs.flatMap((run) => [
      describeReport(run, now, facts),
      describeReport(run, now, { ...facts, withSummary: true }),
      describeClosing(run, now, facts),
      answers.describeStatus(run, now, to),
    ]),
    answers.describeQueue(Array.from({ length: 60 }, () => runs).flat(), now, {
      ...to,
      here: "elsewhere",
      hidden: 3,
    }),
    answers.describeHelp(to),
    answers.describeWhy({ outcome: "refused", why: text }, to),
    answers.describeConfig(
      Array.from({ length: 60 }, () => ({ key: text, value: text, source: "page" as const })),
      to,
    ),
    answers.describeAnswer(text, to),
    answers.describeRefusal({ why: text, cure: text, link: { label: text, url: longUrl(text) } }, to),
    answers.describeLinkNeeded({ why: text, url: longUrl(text), once: true }, to),
    answers.describeRepositoryQuestion(
      { why: text, candidates: Array.from({ length: 60 }, (_, at) => `${at}/${text}`) },
      to,
    ),
  ];
};

describe.each(longTexts)("within Slack's limits, with %s everywhere", (_, text) => {
  it("every message", () => {
    const broken = messagesWith(text).flatMap((message) => brokenMessage(toSlack(message)));
    expect([...new Set(broken)].slice(0, 20)).toEqual([]);
  });

  it("the form", () => {
    const agents = Array.from({ length: 60 }, (_unused, at) => ({
      id: `${at}${text}`,
      name: text || "agent",
    }));
    const spot = { channel: "C1", thread: "1790000000.000100" };
    expect(brokenView(askFormView({ spot, text, agents }))).toEqual([]);
  });

  it("the form of a channel's settings", () => {
    expect(brokenView(configFormView({ channel: "C1", channelName: text, repository: text }))).toEqual([]);
  });

  it.each(["linked", "not linked"])("App Home of somebody who is %s", (state) => {
    const many = Array.from({ length: 60 }, () => text);
    const own = {
      links: many,
      connections: many.map((name) => ({ name, problem: text })),
      missing: many,
      defaultRepository: text,
    };
    const view = homeView({
      handle: text || "@openhands",
      own: state === "linked" ? own : undefined,
      linkUrl: `https://bot.example/link#${"t".repeat(400)}`,
      settingsUrl: "https://bot.example/",
      missing: Array.from({ length: 60 }, () => text),
      runs: Array.from({ length: 60 }, (_unused, at) => runOf(text, states[at % states.length] ?? "done")),
      lastRepository: text,
    });
    expect(brokenView(view)).toEqual([]);
  });

  it("every entry of the repository list", () => {
    expect(brokenOptions([repositoryOption(text) ?? []].flat())).toEqual([]);
  });
});

describe("streams within Slack's limits", () => {
  it.each(longTexts)("are taken with %s in them", async (_, text) => {
    const slack = await startFakeSlack({ streaming: true });
    try {
      const bench = createPlatformBench(createSlack, slack.connections);
      await slack.open(slack.people.writer, "thread", { title: "@openhands go", text: "" });
      for (const sent of slack.deliveries()) await bench.receive(sent);
      const mention = bench.heard[0];
      if (mention === undefined) throw new Error("nothing was heard");
      const facts = { handle: "@openhands", marker: "report-m", hosts: [] };
      const report = describeReport({ ...runOf(text, "working"), place: mention.place }, 5_000, facts);
      const ref = await bench.platform.post(mention.place, report, { reply: mention.reply });
      const [post] = slack.state.posts.get(slack.channel)?.slice(-1) ?? [];
      expect(post?.stream).toBe("open");
      await bench.platform.editPost(mention.place, ref, report);
      expect(await bench.platform.findPost(mention.place, "report-m", { reply: {} })).toMatchObject({
        id: ref.id,
      });
    } finally {
      await slack.close();
    }
  });
});
