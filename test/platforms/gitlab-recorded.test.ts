import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hear } from "@ask-openhands/bot/platforms/gitlab/hear.ts";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { sharedPath } from "../fakes/shared-dir.ts";

const folder = sharedPath("contracts", "gitlab", "open");
const entries = folder
  ? z
      .array(z.object({ file: z.string(), event: z.string() }))
      .parse(JSON.parse(readFileSync(join(folder, "index.json"), "utf8")))
  : [];

/** Only what the expectations below are derived from; written without a look at the code under test. */
const payloadSchema = z.looseObject({
  object_kind: z.string().optional(),
  user: z
    .looseObject({ id: z.number().optional(), username: z.string().optional() })
    .optional()
    .catch(undefined),
  project: z.looseObject({ path_with_namespace: z.string().optional() }).nullish(),
  issue: z.looseObject({ iid: z.number() }).optional(),
  merge_request: z.looseObject({ iid: z.number() }).optional(),
  changes: z.looseObject({ description: z.unknown() }).partial().optional().catch(undefined),
  object_attributes: z
    .looseObject({
      iid: z.number().optional(),
      id: z.number().optional(),
      author_id: z.number().nullish(),
      action: z.string().nullish(),
      url: z.string().nullish(),
      type: z.string().nullish(),
      system: z.boolean().nullish(),
    })
    .optional()
    .catch(undefined),
});
type Payload = z.infer<typeof payloadSchema>;

const asks = ({ object_kind: kind, object_attributes: it, ...rest }: Payload): boolean => {
  if (kind === "note") return !it?.system && (rest.issue ?? rest.merge_request) !== undefined;
  if (kind !== "issue" && kind !== "merge_request") return false;
  return it?.action === "open" || (it?.action === "update" && rest.changes?.description !== undefined);
};

describe.skipIf(folder === undefined)("GitLab's recorded deliveries (needs SHARED_DIR)", () => {
  it("are there", () => {
    expect(entries.length).toBeGreaterThan(0);
  });

  it.each(entries)("$file is heard as what it is, where it was said, by whom", ({ file, event }) => {
    const body: unknown = JSON.parse(readFileSync(join(folder ?? "", file), "utf8"));
    const payload = payloadSchema.parse(body);
    const heard = hear(body, { labels: ["no label of theirs"], handle: "@openhands", own: [] });
    if (!asks(payload)) {
      expect(heard.heard).toBe("ignored");
      return;
    }
    if (heard.heard !== "mention") throw new Error(`${file} was not heard: ${JSON.stringify(heard)}`);
    const { mention } = heard;
    const isMergeRequest = payload.object_kind === "merge_request" || payload.merge_request !== undefined;
    const iid = payload.merge_request?.iid ?? payload.issue?.iid ?? payload.object_attributes?.iid;
    expect(mention.place.kind).toBe(isMergeRequest ? "pull-request" : "issue");
    expect(mention.place.label).toBe(`${isMergeRequest ? "!" : "#"}${iid}`);
    expect(mention.place.repository).toBe(payload.project?.path_with_namespace);
    expect(mention.place.url).toBe(payload.object_attributes?.url?.split("#")[0]);
    expect(mention.place.confidential ?? false).toBe(event.endsWith(".confidential"));
    expect(mention.author).toMatchObject({
      kind: "person",
      name: payload.user?.username,
      id: String(payload.user?.id ?? payload.object_attributes?.author_id),
    });
    if (payload.object_kind === "note") {
      expect(mention.key.endsWith(`:comment:${payload.object_attributes?.id}`)).toBe(true);
      expect(mention.way).toBe(payload.object_attributes?.type === "DiffNote" ? "inline" : "comment");
    } else expect(mention.way).toBe("description");
  });

  it.each(entries)("$file without any of its parts is a sentence, never a crash", ({ file }) => {
    const body = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(readFileSync(join(folder ?? "", file), "utf8")));
    for (const part of Object.keys(body)) {
      for (const broken of [undefined, null, 7, "x", [], {}]) {
        const heardOf = (): unknown =>
          hear({ ...body, [part]: broken }, { labels: ["openhands"], handle: "@openhands", own: [] });
        try {
          heardOf();
        } catch (error) {
          expect(error).toMatchObject({ name: "Failure", kind: "bad-input" });
        }
      }
    }
  });
});
