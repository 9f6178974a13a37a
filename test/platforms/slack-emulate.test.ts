import { createSlack } from "@ask-openhands/bot/platforms/slack/index.ts";
import { neededScopes } from "@ask-openhands/bot/platforms/slack/manifest.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { createEmulator } from "emulate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import { makeMessage } from "../contracts/platform-tools.ts";

/**
 * A second opinion beside our own fake: `emulate` is an independent Slack (Web API with strict scopes).
 * It has no streaming, no Socket Mode, no commands and no interactions, so those are not asked here.
 */
const bot = "xoxb-0123456789-openhands-local";
const person = "xoxb-0123456789-mira-local";

let slack: { readonly url: string; close(): Promise<void> };
let bench: PlatformBench;
let mention: Mention;

const call = async <T>(token: string, method: string, body: object, schema: z.ZodType<T>): Promise<T> => {
  const answer = await fetch(`${slack.url}/api/${method}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return schema.parse(await answer.json());
};

const Posted = z.object({ ok: z.literal(true), ts: z.string(), channel: z.string() });
const Self = z.object({ ok: z.literal(true), user_id: z.string(), team_id: z.string() });
const Shown = z.object({
  messages: z.array(z.object({ ts: z.string(), text: z.string(), blocks: z.array(z.unknown()).optional() })),
});

beforeEach(async () => {
  const scopes = neededScopes.map(({ name }) => name);
  slack = await createEmulator({
    service: "slack",
    port: 0,
    seed: {
      slack: {
        team: { name: "Acme", domain: "acme" },
        users: [
          { name: "mira", real_name: "Mira Writer", email: "mira@example.com" },
          { name: "openhands", real_name: "OpenHands", email: "openhands@example.com" },
        ],
        channels: [{ name: "general" }],
        strict_scopes: true,
        tokens: [
          { token: bot, user: "openhands", scopes },
          { token: person, user: "mira", scopes: ["chat:write", "channels:join"] },
        ],
      },
    },
  });
  const self = await call(bot, "auth.test", {}, Self);
  const author = await call(person, "auth.test", {}, Self);
  await call(person, "conversations.join", { channel: "C000000001" }, z.object({ ok: z.literal(true) }));
  const root = await call(
    person,
    "chat.postMessage",
    { channel: "C000000001", text: "The cart crashes" },
    Posted,
  );
  const text = `<@${self.user_id}> please fix it`;
  const asked = await call(
    person,
    "chat.postMessage",
    { channel: root.channel, thread_ts: root.ts, text },
    Posted,
  );
  bench = createPlatformBench(createSlack, [
    {
      connection: {
        id: "slack-1",
        platform: "slack",
        host: "slack.com",
        owner: { kind: "workspace", id: "main" },
        kind: "app",
        name: "Slack",
        settings: { apiUrl: `${slack.url}/api`, team: self.team_id },
        secretNames: ["botToken"],
        active: true,
        fixed: true,
        createdAt: "2026-05-01T10:00:00.000Z",
      },
      secrets: { botToken: bot, signingSecret: "s".repeat(32) },
    },
  ]);
  const heard = bench.platform.explain(
    {},
    {
      type: "event_callback",
      team_id: self.team_id,
      event_id: "Ev1",
      event: {
        type: "app_mention",
        user: author.user_id,
        text,
        ts: asked.ts,
        thread_ts: root.ts,
        channel: root.channel,
        event_ts: asked.ts,
      },
    },
  );
  if (heard.heard !== "mention") throw new Error("nothing was heard");
  mention = heard.mention;
});
afterEach(() => slack.close());

const shown = async () => {
  const { channel, thread: ts } = mention.place.address;
  return (await call(bot, "conversations.replies", { channel, ts }, Shown)).messages;
};

describe("Slack as emulate plays it", () => {
  it("says who we are, and lets a member ask", async () => {
    expect(await bench.platform.inspect("slack-1")).toMatchObject({ ok: true, account: { name: "Acme" } });
    expect(await bench.platform.mayAsk(mention.author, mention.place)).toEqual({ may: true });
  });

  it("gives the thread with its authors", async () => {
    const thread = await bench.platform.thread(mention);
    expect(thread.title).toBe("The cart crashes");
    expect(thread.description?.author?.displayName).toMatch(/mira/i);
  });

  it("takes a report, finds it again by its mark, and edits it in place", async () => {
    const message = makeMessage("report-1");
    const options = { reply: mention.reply };
    const ref = await bench.platform.post(mention.place, message, options);
    expect(await bench.platform.findPost(mention.place, "report-1", options)).toMatchObject({ id: ref.id });
    expect(await bench.platform.findPost(mention.place, "report-2", options)).toBeUndefined();
    const before = (await shown()).length;
    const edited = { ...message, blocks: [{ type: "text" as const, text: "Now it says something else." }] };
    await bench.platform.editPost(mention.place, ref, edited);
    const after = await shown();
    expect(after).toHaveLength(before);
    expect(JSON.stringify(after.find(({ ts }) => ts === ref.id))).toContain("something else");
  });

  it("reacts to the ask, once, and says something to one person alone", async () => {
    await bench.platform.react?.(mention, "seen");
    await bench.platform.react?.(mention, "seen");
    const before = (await shown()).length;
    const only = { reply: mention.reply, only: mention.author };
    await bench.platform.post(mention.place, makeMessage("note-1"), only);
    expect(await shown()).toHaveLength(before);
  });

  it("answers a message that is gone, and a channel that is not there, as not found", async () => {
    const elsewhere = { ...mention.place, address: { channel: "C0NOWHERE", thread: "1.0" } };
    const message = makeMessage("report-3");
    await expect(bench.platform.post(elsewhere, message, { reply: {} })).rejects.toMatchObject({
      kind: "not-found",
    });
    const gone = bench.platform.editPost(mention.place, { id: "1700000000.000001" }, message);
    await expect(gone).rejects.toMatchObject({ kind: "not-found" });
  });
});
