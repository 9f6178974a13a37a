import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ear } from "@ask-openhands/bot/platforms/github/envelope.ts";
import { hear } from "@ask-openhands/bot/platforms/github/hear.ts";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { sharedPath } from "../fakes/shared-dir.ts";

const folder = sharedPath("contracts", "github", "open");
const entrySchema = z.object({ file: z.string(), event: z.string() });
const entries = folder
  ? z.array(entrySchema).parse(JSON.parse(readFileSync(join(folder, "index.json"), "utf8")))
  : [];

/** Only what the expectations below are derived from; written without a look at the code under test. */
const account = z.looseObject({ id: z.number(), login: z.string(), type: z.string().optional() });
const payloadSchema = z.looseObject({
  action: z.string().optional(),
  issue: z.looseObject({ html_url: z.string().optional(), pull_request: z.unknown().optional() }).optional(),
  pull_request: z.looseObject({ html_url: z.string().optional() }).optional(),
  comment: z.looseObject({ user: account.optional() }).optional(),
  review: z.looseObject({ user: account.optional() }).optional(),
  label: z.looseObject({ name: z.string() }).optional(),
  repository: z.looseObject({ full_name: z.string().optional() }).optional(),
  sender: account.optional().catch(undefined),
});
type Payload = z.infer<typeof payloadSchema>;

const mayAsk: Readonly<Record<string, RegExp>> = {
  issue_comment: /^(created|edited|deleted)$/,
  pull_request_review_comment: /^created$/,
  pull_request_review: /^submitted$/,
  issues: /^(opened|labeled)$/,
  pull_request: /^(opened|labeled)$/,
};

function expected(event: string, payload: Payload) {
  if (!mayAsk[event]?.test(payload.action ?? "")) return undefined;
  const written =
    payload.action === "created" || payload.action === "submitted" || payload.action === "deleted";
  const author = (written ? (payload.comment ?? payload.review)?.user : undefined) ?? payload.sender;
  const isPullRequest = event.startsWith("pull_request") || Boolean(payload.issue?.pull_request);
  return {
    kind: isPullRequest ? "pull-request" : "issue",
    url: (payload.pull_request ?? payload.issue)?.html_url,
    repository: payload.repository?.full_name,
    author: { id: String(author?.id), name: author?.login, kind: author?.type === "Bot" ? "bot" : "person" },
  };
}

const ear = (payload: Payload, own?: number): Ear => ({
  labels: payload.label ? [payload.label.name] : [],
  // No recorded description calls us, so that each label asks by itself.
  mentions: () => false,
  own: () => ({
    known: own === undefined ? [] : [{ id: String(own), login: "", shared: false }],
    complete: true,
  }),
});

describe.skipIf(folder === undefined)("GitHub's recorded deliveries", () => {
  const cases = entries.map((entry) => {
    const body: unknown = JSON.parse(readFileSync(join(folder ?? "", entry.file), "utf8"));
    return { ...entry, body, payload: payloadSchema.parse(body) };
  });

  it("are there to be heard", () => {
    expect(cases.length).toBeGreaterThan(200);
  });

  it.each(cases.map((one) => [one.file, one] as const))(
    "%s has the right kind, place and author",
    (_, one) => {
      const withHeader = hear(one.event, one.body, ear(one.payload));
      const guessed = hear(undefined, one.body, ear(one.payload));
      const wanted = expected(one.event, one.payload);
      expect(guessed.heard).toBe(withHeader.heard);
      if (wanted === undefined) return expect(withHeader).toMatchObject({ heard: "ignored" });
      expect(withHeader).toMatchObject({
        heard: "mention",
        mention: {
          place: {
            platform: "github",
            host: "github.com",
            kind: wanted.kind,
            url: wanted.url,
            repository: wanted.repository,
          },
          author: wanted.author,
        },
      });
      expect(guessed).toEqual(withHeader);
    },
  );

  it("show our own account as ourselves, whoever that is", () => {
    const asked = cases.filter((one) => expected(one.event, one.payload) !== undefined);
    const kinds = asked.map((one) => {
      const heard = hear(
        one.event,
        one.body,
        ear(one.payload, Number(expected(one.event, one.payload)?.author.id)),
      );
      return heard.heard === "mention" ? heard.mention.author.kind : heard.heard;
    });
    expect(new Set(kinds)).toEqual(new Set(["self"]));
  });
});
