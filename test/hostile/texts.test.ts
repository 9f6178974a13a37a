import { findPushes, opensPullRequest } from "@ask-openhands/core/agent/find-delivery.ts";
import { createRedactor } from "@ask-openhands/core/connection/redact.ts";
import { decodeEntities } from "@ask-openhands/core/prompt/entities.ts";
import { fence, newNonce } from "@ask-openhands/core/prompt/fence.ts";
import { removeHidden } from "@ask-openhands/core/prompt/hidden-text.ts";
import { clip } from "@ask-openhands/core/render/clip.ts";
import { defuse } from "@ask-openhands/core/render/defuse.ts";
import { slackMarkdown } from "@ask-openhands/core/render/slack-text.ts";
import { toAdf } from "@ask-openhands/core/render/to-adf.ts";
import { findMarker, toGfm } from "@ask-openhands/core/render/to-gfm.ts";
import { toSlack } from "@ask-openhands/core/render/to-slack.ts";
import { markdownToWiki, toWiki } from "@ask-openhands/core/render/to-wiki.ts";
import { findCommand } from "@ask-openhands/core/trigger/commands.ts";
import { findTrigger } from "@ask-openhands/core/trigger/find-trigger.ts";
import { findOptions } from "@ask-openhands/core/trigger/options.ts";
import { repositoryWords } from "@ask-openhands/core/trigger/repository-words.ts";
import { visibleText } from "@ask-openhands/core/trigger/visible-text.ts";
import { afterAll, describe, expect, it } from "vitest";
import { picturesIn } from "../../bot/src/platforms/github/attachments.ts";
import { attachmentsIn } from "../../bot/src/platforms/gitlab/attachments.ts";
import { jiraToMarkdown } from "../../bot/src/platforms/jira-text.ts";
import { slackToMarkdown } from "../../bot/src/platforms/slack/text.ts";
import { makeMention } from "../support/make-mention.ts";
import { createRandom, type Random } from "./random.ts";

/** Milliseconds that one text may take in one rule, also on a machine that others use. */
const longest = 1_000;
const longText = 60_000;
const shortTexts = 5_500;

let tried = 0;
afterAll(() => console.log(`hostile texts tried: ${tried}`));

const nonce = newNonce();
const redact = createRedactor({ secrets: () => ["a-live-secret-0123456789", "another-Secret-of-42"] });
const block = (markdown: string) => ({
  part: "report" as const,
  blocks: [
    { type: "markdown" as const, markdown },
    { type: "text" as const, text: markdown },
  ],
  actions: [],
  notify: [],
  marker: "report-x",
});

const reader = { handle: "@openhands", isUs: () => false };

/** Every rule that reads or writes text of strangers. */
const rules: readonly (readonly [string, (text: string) => unknown])[] = [
  ["visible text", visibleText],
  ["trigger", (text) => findTrigger(makeMention(1, { text }), ["@openhands", "@open-hands[bot]"])],
  ["command", findCommand],
  ["options", findOptions],
  ["words for a repository", (text) => repositoryWords(text)],
  ["hidden text", removeHidden],
  ["entities", decodeEntities],
  ["fence", (text) => fence(text, text.slice(0, 200), nonce)],
  ["redaction", redact],
  ["defusing", (text) => defuse(text, { hosts: ["forge.test"] })],
  ["clipping", (text) => clip(text, 3_000)],
  ["marker", findMarker],
  ["pushes in an output", (text) => findPushes("git push", text)],
  ["pull request in a command", (text) => opensPullRequest("terminal", text)],
  ["ADF", (text) => toAdf(block(text), { markdown: () => [] })],
  ["Slack message", (text) => toSlack(block(text))],
  ["wiki message", (text) => toWiki(block(text))],
  [
    "GFM",
    (text) => toGfm(block(text), { htmlComments: true, details: true, taskLists: true, limit: 60_000 }),
  ],
  ["wiki markup", markdownToWiki],
  ["Slack markup", slackMarkdown],
  ["Jira's texts", (text) => jiraToMarkdown(text, reader)],
  ["Slack's texts", (text) => slackToMarkdown(text, reader)],
  ["pictures of an ask and a description", (text) => picturesIn(`${text}\n${text}`)],
  ["uploads of an ask and a description", (text) => attachmentsIn(`${text}\n${text}`, "https://x.test", "1")],
];

/** What markup is made of; repeated without an end it is what slow expressions stumble over. */
const pieces: readonly string[] = [
  ..."[ ] ( ) ! ` * _ ~ < > & # | \\ / : ; - + = . , ' \" @ { } ^ $ % ?".split(" "),
  " ",
  "\n",
  "\r\n",
  "\t",
  "\u00a0",
  "\u200b",
  "\u202e",
  "\u{e0041}",
  "\ud800",
  "\u0000",
  "a",
  "Aa0",
  "\n\n",
  "\n> ",
  "\n- ",
  "\n    ",
  "\n```\n",
  "~~~",
  "``",
  "**",
  "__",
  "![",
  "](",
  '[a](b "',
  "[a]: ",
  "<!--",
  "-->",
  "<a ",
  '<a href="',
  "<details>",
  "</details>",
  "<b><i>",
  "<![CDATA[",
  "<?",
  "&#x",
  "&amp;",
  "&lt;!--",
  "&#60;",
  "http://",
  "https://a.b/",
  "www.",
  "@openhands",
  "@openhands ",
  "`@openhands",
  "owner/name ",
  "eyJ",
  "eyJaaaaaaaa.",
  "ghp_",
  "sk-",
  "xoxb-",
  "-----BEGIN RSA PRIVATE KEY-----",
  "authorization: bearer ",
  "Authorization:     ",
  "https://user:",
  "user:pass@",
  "0x61 ",
  "\\x61",
  "a-live-secret",
  "<https://x|",
  "<!here>",
  "{code}",
  "{code:",
  "{color:",
  "[a|",
  "[~",
  "/uploads/",
  "||",
  "|a|\n|-|\n",
  "<!-- ask-openhands:",
];

const timeOf = (run: (text: string) => unknown, text: string): number => {
  const startedAt = performance.now();
  run(text);
  return performance.now() - startedAt;
};

/** Slow three times is slow; once may be another process. */
const slowOnes = (text: string, name: string): readonly string[] =>
  rules.flatMap(([rule, run]) => {
    tried += 1;
    let took = timeOf(run, text);
    for (let more = 0; more < 2 && took > longest; more += 1) took = Math.min(took, timeOf(run, text));
    return took > longest ? [`${rule} took ${Math.round(took)} ms for ${name}`] : [];
  });

const compose = (random: Random): string => {
  const length = 1 + random.below(40);
  return Array.from({ length }, () => random.pick(pieces)).join("");
};

describe("texts made to be slow", () => {
  it("no rule takes longer than a second for 60,000 characters of one piece, with any other piece at the end", () => {
    const random = createRandom(7);
    const slow = pieces.flatMap((piece) => {
      const text = piece.repeat(Math.ceil(longText / piece.length));
      const ending = random.pick(pieces);
      return [
        ...slowOnes(text, JSON.stringify(piece)),
        ...slowOnes(
          text.slice(0, longText / 2) + ending,
          `${JSON.stringify(piece)} before ${JSON.stringify(ending)}`,
        ),
      ];
    });
    expect(slow).toEqual([]);
  }, 120_000);

  it("nor for two pieces that take turns, or that open and close", () => {
    const random = createRandom(11);
    const slow = Array.from({ length: 60 }, () => [random.pick(pieces), random.pick(pieces)]).flatMap(
      ([one = "", other = ""]) => {
        const half = longText / 2 / (one.length + other.length);
        return [
          ...slowOnes((one + other).repeat(half), JSON.stringify([one, other])),
          ...slowOnes(
            one.repeat(half) + other.repeat(half),
            `${JSON.stringify(one)} then ${JSON.stringify(other)}`,
          ),
        ];
      },
    );
    expect(slow).toEqual([]);
  }, 120_000);
});

describe("texts made to deceive", () => {
  it("what hides once taken out stays out, fences stay closed, markers cannot be forged, secrets do not come back", () => {
    const random = createRandom(13);
    const end = `</untrusted-${nonce}>`;
    for (let count = 0; count < shortTexts; count += 1) {
      const text = compose(random);
      expect(slowOnes(text, JSON.stringify(text))).toEqual([]);
      const shown = removeHidden(text).text;
      expect(removeHidden(shown).text, JSON.stringify(text)).toBe(shown);
      expect(shown).not.toMatch(/<!--|[\u200b\u202e\u2060\u180e\u00ad]|[\u{e0000}-\u{e007f}]/u);
      const hostile = `${text}${random.chance(0.5) ? end : nonce.toUpperCase()}${compose(random)}`;
      expect(fence(hostile, hostile, nonce).toLowerCase().split(nonce)).toHaveLength(3);
      const posted = toGfm(block(defuse(text, { hosts: ["forge.test"] })), {
        htmlComments: true,
        details: true,
        taskLists: true,
      });
      expect(findMarker(posted), JSON.stringify(text)).toBe("report-x");
    }
  }, 120_000);
});
