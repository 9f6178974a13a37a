import { findTrigger } from "@ask-openhands/core/trigger/find-trigger.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { describe, expect, it } from "vitest";
import { hearJira, type JiraEar } from "./jira-hear.ts";

const ear: JiraEar = {
  platform: "jira-dc",
  handle: "@openhands",
  labels: ["openhands"],
  connection: "c1",
  mentions: (text) => text.includes("@openhands"),
  isOwn: (_host, account) => account === "u-bot",
};

const mira = { key: "u-mira", name: "mira", displayName: "Mira" };
const issue = (fields: Record<string, unknown> = {}) => ({
  id: "101",
  key: "SHOP-7",
  self: "https://jira.example.com/tracker/rest/api/2/issue/101",
  fields: { summary: "Broken", labels: [], ...fields },
});
const labels = (from: string, to: string) => ({ field: "labels", fromString: from, toString: to });
const updated = (items: readonly unknown[], fields: Record<string, unknown> = {}) => ({
  webhookEvent: "jira:issue_updated",
  timestamp: 1_790_000_000_000,
  user: mira,
  issue: issue(fields),
  changelog: { id: "9", items },
});
const commented = (body: unknown, more: Record<string, unknown> = {}, event = "comment_created") => ({
  webhookEvent: event,
  timestamp: 1_790_000_000_000,
  comment: {
    id: "55",
    self: "https://jira.example.com/tracker/rest/api/2/issue/101/comment/55",
    author: mira,
    body,
    created: "2026-09-20T10:00:00.000+0200",
    updated: "2026-09-20T10:00:00.000+0200",
    ...more,
  },
});

const mentionOf = (payload: unknown): Mention => {
  const heard = hearJira(payload, ear);
  if (heard.heard !== "mention") throw new Error(heard.heard === "ignored" ? heard.why : heard.heard);
  return heard.mention;
};

describe("a Jira ticket asks", () => {
  it("when the label is added together with three others", () => {
    const mention = mentionOf(updated([labels("old", "one OpenHands two old three")]));
    expect([mention.way, mention.key]).toEqual(["label", "jira-dc:jira.example.com/tracker:label:101:9"]);
  });

  it("again when the label is added again, by another change", () => {
    const first = mentionOf(updated([labels("", "openhands")]));
    const again = mentionOf({
      ...updated([labels("", "openhands")]),
      changelog: { id: "12", items: [labels("", "openhands")] },
    });
    expect(again.key).not.toBe(first.key);
  });

  it("not when the label is still there while something else changes", () => {
    expect(hearJira(updated([labels("openhands", "openhands urgent")]), ear).heard).toBe("ignored");
    expect(
      hearJira(
        updated([{ field: "priority", fromString: "Low", toString: "High" }], { labels: ["openhands"] }),
        ear,
      ).heard,
    ).toBe("ignored");
  });

  it("when it is created with the label, and when it is created without a description", () => {
    const mention = mentionOf({
      webhookEvent: "jira:issue_created",
      timestamp: 1,
      user: mira,
      issue: issue({ labels: ["openhands"], description: null }),
    });
    expect([mention.way, mention.place.title]).toEqual(["label", "Broken"]);
  });

  it("when it is assigned to our account", () => {
    const mention = mentionOf(
      updated([{ field: "assignee", from: null, to: "u-bot", fromString: null, toString: "OpenHands" }]),
    );
    expect(mention.way).toBe("assignment");
    expect(
      hearJira(
        updated([
          { field: "assignee", from: "u-bot", to: "u-mira", fromString: "OpenHands", toString: "Mira" },
        ]),
        ear,
      ).heard,
    ).toBe("ignored");
  });

  it("when an edit of the description newly names us", () => {
    const mention = mentionOf(
      updated([{ field: "description", fromString: "before", toString: "@openhands fix" }], {
        description: "@openhands fix",
      }),
    );
    expect([mention.way, mention.change, mention.before]).toEqual(["description", "edited", "before"]);
  });
});

describe("a Jira comment", () => {
  it("keeps the context path of the site in its place", () => {
    const { place } = mentionOf({ ...commented("@openhands fix it"), issue: issue() });
    expect([place.host, place.url, place.label]).toEqual([
      "jira.example.com/tracker",
      "https://jira.example.com/tracker/browse/SHOP-7",
      "SHOP-7",
    ]);
  });

  it("has the same key and place in both events that tell of it, with the issue and without", () => {
    const alone = mentionOf(commented("@openhands fix it"));
    const whole = mentionOf({
      ...updated([]),
      issue_event_type_name: "issue_commented",
      comment: commented("@openhands fix it").comment,
    });
    expect([alone.key, alone.place.key]).toEqual([whole.key, whole.place.key]);
    expect(alone.place.url).toBe("https://jira.example.com/tracker/secure/ViewIssue.jspa?id=101");
  });

  it.each([
    ["as text", "hi @openhands fix it"],
    ["with the picker of Data Center", "hi [~u-bot] fix it"],
    ["with the picker of Cloud", "hi [~accountid:u-bot] fix it"],
    [
      "as a node of a document",
      {
        type: "doc",
        version: 1,
        content: [
          {
            type: "paragraph",
            content: [
              { type: "text", text: "hi " },
              { type: "mention", attrs: { id: "u-bot", text: "@OpenHands" } },
              { type: "text", text: " fix it" },
            ],
          },
        ],
      },
    ],
  ])("names us %s", (_how, body) => {
    expect(findTrigger(mentionOf(commented(body)), ["@openhands"])).toMatchObject({
      kind: "ask",
      request: "hi fix it",
    });
  });

  it.each([
    ["in code", "{code}\n@openhands stop\n{code}"],
    ["in a quote", "{quote}@openhands fix{quote}"],
    ["in a one-line quote", "bq. @openhands fix"],
    ["in preformatted text", "{noformat}@openhands fix{noformat}"],
    ["as the target of a link", "[see|https://example.com/@openhands]"],
    ["as part of a word", "me@openhands.dev"],
    ["as somebody else", "[~mira] have a look"],
  ])("does not call us %s", (_how, body) => {
    expect(findTrigger(mentionOf(commented(body)), ["@openhands"]).kind).toBe("none");
  });

  it("is told as edited or deleted by whoever did it", () => {
    const edited = mentionOf(
      commented("@openhands no", { updateAuthor: { key: "u-rolf", name: "rolf" } }, "comment_updated"),
    );
    expect([edited.change, edited.author.id]).toEqual(["edited", "u-rolf"]);
    expect(mentionOf(commented("x", {}, "comment_deleted")).change).toBe("deleted");
  });

  it("of ours is recognised by the account", () => {
    expect(
      mentionOf(commented("@openhands", { author: { key: "u-bot", name: "openhands" } })).author.kind,
    ).toBe("self");
  });

  it("for some people only is answered to them only", () => {
    const internal = mentionOf(commented("@openhands", { jsdPublic: false }));
    expect([internal.place.confidential, internal.reply["internal"]]).toEqual([true, "true"]);
    const restricted = mentionOf(
      commented("@openhands", { visibility: { type: "role", value: "Developers" } }),
    );
    expect(restricted.reply).toMatchObject({ visibilityType: "role", visibilityValue: "Developers" });
    // Neither shares a conversation with what everybody reads.
    const open = mentionOf(commented("@openhands", { jsdPublic: true })).place.key;
    expect([internal.place.key, restricted.place.key]).toEqual([
      `${open}:internal`,
      `${open}:role=Developers`,
    ]);
  });

  it.each([
    ["software", [], "false"],
    ["service_desk", undefined, undefined],
    [undefined, undefined, undefined],
    ["service_desk", [], "true"],
    ["service_desk", [{ key: "sd.public.comment", value: { internal: false } }], "false"],
    ["software", [{ key: "sd.public.comment", value: { internal: true } }], "true"],
  ])(
    "in a project of type %s with the properties %j is internal: %s",
    (projectTypeKey, properties, internal) => {
      const told = commented("@openhands", properties === undefined ? {} : { properties });
      const { reply } = mentionOf({ ...told, issue: issue({ project: { key: "SHOP", projectTypeKey } }) });
      expect(reply["internal"]).toBe(internal);
    },
  );
});

describe("a payload that is none of Jira's", () => {
  it.each([
    [{}],
    [[]],
    ["text"],
    [null],
    [{ webhookEvent: 5 }],
    [{ webhookEvent: "comment_created", comment: { id: "1" } }],
  ])("%j is refused with a sentence", (payload) => {
    expect(() => hearJira(payload, ear)).toThrow(/not a Jira delivery/);
  });

  it("about something else is ignored", () => {
    expect(hearJira({ webhookEvent: "sprint_created" }, ear).heard).toBe("ignored");
  });
});
