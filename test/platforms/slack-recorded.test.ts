import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { explainSlack } from "@ask-openhands/bot/platforms/slack/deliveries.ts";
import type { SlackEar } from "@ask-openhands/bot/platforms/slack/hear.ts";
import { createSlack } from "@ask-openhands/bot/platforms/slack/index.ts";
import { describe, expect, it } from "vitest";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import { sharedPath } from "../fakes/shared-dir.ts";
import { startFakeSlack } from "../fakes/slack/start.ts";

const ear: SlackEar = { handle: "@openhands", at: () => ({ isOwn: () => false }) };

const folder = sharedPath("contracts", "slack", "open");
const files = folder === undefined ? [] : readdirSync(folder).filter((name) => name !== "index.json");

interface Loose {
  readonly type?: string;
  readonly command?: string;
  readonly team_id?: string;
  readonly event?: {
    readonly type: string;
    readonly subtype?: string;
    readonly hidden?: boolean;
    readonly channel?: unknown;
    readonly user?: string;
    readonly ts?: string;
    readonly bot_id?: string;
    readonly message?: { readonly edited?: unknown; readonly text?: string };
    readonly previous_message?: { readonly text?: string };
  };
}

const spoken = [undefined, "file_share", "thread_broadcast", "me_message", "bot_message"];

/** Told from the payload's own fields and the file's name, without a look at the code under test. */
const expected = (file: string, body: Loose | undefined): "mention" | "handshake" | "ignored" => {
  if (file.startsWith("slash_command")) return "mention";
  if (file.startsWith("url_verification")) return "handshake";
  const event = body?.event;
  if (event?.type !== "app_mention" && event?.type !== "message") return "ignored";
  if (!event.channel) return "ignored";
  if (event.subtype === "message_changed")
    return event.message?.edited && event.message.text !== event.previous_message?.text
      ? "mention"
      : "ignored";
  if (event.subtype === "message_deleted") return event.previous_message ? "mention" : "ignored";
  return spoken.includes(event.subtype) && event.hidden !== true ? "mention" : "ignored";
};

/** The fields that Slack would have sent, where the recording is a form. */
const formOf = (file: string, text: string): Readonly<Record<string, string>> | undefined => {
  if (file.endsWith(".form.txt")) return Object.fromEntries(new URLSearchParams(text.trim()));
  if (file.startsWith("interaction")) return { payload: text };
  if (!file.startsWith("slash_command")) return undefined;
  const fields = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value ?? "")]));
};

describe("recorded deliveries of Slack", () => {
  it.skipIf(folder === undefined)(
    "sent to the receiver, signed, are all answered with 200",
    async () => {
      const slack = await startFakeSlack({ limits: "none" });
      try {
        const bench = createPlatformBench(createSlack, slack.connections);
        const secret = bench.secret("slack-1", "signingSecret") ?? "";
        const refused: string[] = [];
        for (const file of files) {
          const text = readFileSync(join(folder ?? "", file), "utf8");
          const form = formOf(file, text);
          const empty = slack.form(form ?? {});
          const event = {
            ...empty,
            headers: { "content-type": "application/json" },
            bytes: Buffer.from(text),
          };
          const sent = slack.signedWith?.(form === undefined ? event : empty, secret);
          const answer = sent === undefined ? undefined : await bench.receive(sent);
          if (answer?.status !== 200) refused.push(`${file}: ${answer?.status}`);
        }
        expect(refused).toEqual([]);
        expect(bench.heard.length).toBeGreaterThan(20);
      } finally {
        await slack.close();
      }
    },
    60_000,
  );

  it.skipIf(folder === undefined)("are there (needs SHARED_DIR)", () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)("%s is heard or ignored as what it is", (file) => {
    const text = readFileSync(join(folder ?? "", file), "utf8");
    const body: unknown = file.endsWith(".form.txt") ? text : JSON.parse(text);
    const loose = typeof body === "object" ? (body as Loose) : undefined;
    const heard = explainSlack(body, ear);
    expect(heard.heard).toBe(expected(file, loose));
    if (heard.heard !== "mention") return;
    const { mention } = heard;
    expect(mention.place.platform).toBe("slack");
    if (loose?.team_id !== undefined) expect(mention.place.host).toBe(loose.team_id);
    const user = loose?.event?.user;
    if (user !== undefined) expect(mention.author.id).toBe(user);
    if (loose?.event?.bot_id !== undefined) expect(mention.author.kind).not.toBe("person");
    if (
      loose?.event?.type === "app_mention" &&
      /<@[A-Z0-9]+/.test(JSON.stringify(loose.event)) &&
      mention.change === "new"
    )
      expect(mention.text).toContain("@openhands");
  });
});
