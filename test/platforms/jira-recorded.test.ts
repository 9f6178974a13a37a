import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hearJira, type JiraEar } from "@ask-openhands/bot/platforms/jira-hear.ts";
import { describe, expect, it } from "vitest";
import { sharedPath } from "../fakes/shared-dir.ts";

const ear = (platform: string): JiraEar => ({
  platform,
  handle: "@openhands",
  labels: ["openhands"],
  mentions: (text) => text.includes("@openhands"),
  isOwn: () => false,
});

interface Recorded {
  readonly webhookEvent: string;
  readonly issue_event_type_name?: string;
  readonly issue?: { readonly id: string; readonly key?: string };
  readonly comment?: {
    readonly id: string;
    readonly self: string;
    readonly created?: string;
    readonly updated?: string;
    readonly author: { readonly accountId?: string; readonly key?: string };
    readonly body: string;
  };
  readonly changelog?: { readonly items: readonly { readonly field: string }[] };
}

/** What a recorded payload is about, told from its own fields by another rule than the one under test. */
const expected = (payload: Recorded): "comment" | "ticket" | "nothing" => {
  if (payload.comment) return "comment";
  if (payload.webhookEvent === "jira:issue_created") return "ticket";
  const fields = (payload.changelog?.items ?? []).map((item) => item.field);
  return payload.webhookEvent === "jira:issue_updated" && fields.includes("description")
    ? "ticket"
    : "nothing";
};

describe.each(["jira-cloud", "jira-dc"])("recorded deliveries of %s", (platform) => {
  const folder = sharedPath(`contracts/${platform}/open`);
  const files =
    folder === undefined
      ? []
      : readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "index.json");

  it.skipIf(folder === undefined)("are there (needs SHARED_DIR)", () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)("%s is heard as what it is, where it was said, by whom", (file) => {
    const payload = JSON.parse(readFileSync(join(folder ?? "", file), "utf8")) as Recorded;
    const heard = hearJira(payload, ear(platform));
    const kind = expected(payload);
    expect(heard.heard).toBe(kind === "nothing" ? "ignored" : "mention");
    if (heard.heard !== "mention") return;
    const { mention } = heard;
    const id = payload.issue?.id ?? /issue\/(\d+)\//.exec(payload.comment?.self ?? "")?.[1];
    expect(mention.place.key).toBe(`${platform}:${mention.place.host}:ticket:${id}`);
    expect(mention.place.platform).toBe(platform);
    if (payload.issue?.key) expect(mention.place.url.endsWith(`/browse/${payload.issue.key}`)).toBe(true);
    if (kind === "comment" && payload.comment) {
      expect(mention.key.endsWith(`:comment:${payload.comment.id}`)).toBe(true);
      const author = payload.comment.author;
      if (mention.change === "new") expect(mention.author.id).toBe(author.accountId ?? author.key);
    }
    expect(mention.author.kind).toBe("person");
  });
});
