import { readFileSync } from "node:fs";
import { join } from "node:path";
import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createPlatformBench } from "../contracts/platform-bench.ts";
import { sharedPath } from "../fakes/shared-dir.ts";

const indexSchema = z.array(z.object({ file: z.string(), event: z.string() }));

const entriesOf = (id: string) => {
  const folder = sharedPath("contracts", id, "open");
  if (folder === undefined) return [];
  return indexSchema.parse(JSON.parse(readFileSync(join(folder, "index.json"), "utf8"))).map((entry) => ({
    ...entry,
    body: z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(join(folder, entry.file), "utf8"))),
  }));
};

const platformOf = (id: string) => {
  const entry = platforms.find((one) => one.id === id);
  if (entry === undefined) throw new Error(`no platform ${id}`);
  return createPlatformBench(entry.create, []).platform;
};

/** Only what the expectations below are derived from; written without a look at the code under test. */
const cloudAccount = z.looseObject({ uuid: z.string().optional(), username: z.string().optional() });
const cloudPayload = z.looseObject({
  actor: cloudAccount.optional(),
  repository: z.looseObject({ full_name: z.string() }),
  pullrequest: z.looseObject({ id: z.number(), title: z.string() }).optional(),
  comment: z
    .looseObject({ id: z.number(), user: cloudAccount.optional(), inline: z.unknown().optional() })
    .optional(),
});
const dcUser = z.looseObject({ id: z.number(), name: z.string() });
const dcPayload = z.looseObject({
  eventKey: z.string(),
  actor: dcUser,
  pullRequest: z
    .looseObject({
      id: z.number(),
      description: z.string().optional(),
      toRef: z.looseObject({
        repository: z.looseObject({ slug: z.string(), project: z.looseObject({ key: z.string() }) }),
      }),
    })
    .optional(),
  previousDescription: z.string().optional(),
  comment: z.looseObject({ id: z.number(), author: dcUser }).optional(),
});

const changes: Readonly<Record<string, string>> = {
  "pullrequest:created": "new",
  "pullrequest:updated": "edited",
  "pullrequest:comment_created": "new",
  "pullrequest:comment_updated": "edited",
  "pullrequest:comment_deleted": "deleted",
  "pr:opened": "new",
  "pr:modified": "edited",
  "pr:comment:added": "new",
  "pr:comment:edited": "edited",
  "pr:comment:deleted": "deleted",
};

const wayOf = (comment: { readonly inline?: unknown } | undefined): string => {
  if (comment === undefined) return "description";
  return comment.inline ? "inline" : "comment";
};

const mentionOf = (heard: Heard) => {
  if (heard.heard !== "mention") throw new Error(`not heard: ${JSON.stringify(heard)}`);
  return heard.mention;
};

describe("Bitbucket Cloud's recorded deliveries (needs SHARED_DIR)", () => {
  const entries = entriesOf("bitbucket-cloud");
  const platform = platformOf("bitbucket-cloud");

  it.skipIf(entries.length === 0)("are there", () => expect(entries.length).toBeGreaterThan(30));

  it.each(entries)("$file is heard as what it is, where it was said, by whom", ({ event, body }) => {
    const heard = platform.explain({ "X-Event-Key": event }, body);
    const guessed = platform.explain({}, body);
    const change = changes[event];
    expect(guessed.heard).toBe(heard.heard);
    if (change === undefined) {
      expect(heard.heard).toBe("ignored");
      if (event.startsWith("issue:")) expect(heard).toMatchObject({ why: expect.stringContaining("ended") });
      return;
    }
    const payload = cloudPayload.parse(body);
    const mention = mentionOf(heard);
    const { comment, pullrequest, repository } = payload;
    const writer = comment?.user ?? payload.actor;
    expect(mention).toMatchObject({
      change,
      way: wayOf(comment),
      place: {
        platform: "bitbucket-cloud",
        host: "bitbucket.org",
        kind: "pull-request",
        label: `#${pullrequest?.id}`,
        repository: repository.full_name,
        title: pullrequest?.title,
      },
      author: { id: writer?.uuid ?? writer?.username, kind: "person" },
    });
    expect(mention.place.url).toMatch(
      new RegExp(`^https://bitbucket.org/\\S+/pull-requests/${pullrequest?.id}$`),
    );
    if (comment) expect(mention.key).toBe(`bitbucket-cloud:bitbucket.org:comment:${comment.id}`);
    // One recording was cut down by its owner until no time was left.
    if (JSON.stringify(body).includes("_on")) expect(mention.at > "2011").toBe(true);
    expect(mentionOf(guessed)).toEqual(mention);
  });
});

describe("Bitbucket Data Center's recorded deliveries (needs SHARED_DIR)", () => {
  const entries = entriesOf("bitbucket-dc");
  const platform = platformOf("bitbucket-dc");

  it.skipIf(entries.length === 0)("are there", () => expect(entries.length).toBeGreaterThan(40));

  it.each(entries)("$file is heard as what it is, where it was said, by whom", ({ event, body }) => {
    const heard = platform.explain({}, body);
    const told = platform.explain({ "x-event-key": event }, body, "git.example");
    if (event === "diagnostics:ping") {
      expect([heard.heard, told.heard]).toEqual(["handshake", "handshake"]);
      return;
    }
    const change = changes[event];
    const payload = dcPayload.safeParse(body).data;
    const { pullRequest, comment } = payload ?? {};
    const same =
      event === "pr:modified" && (payload?.previousDescription ?? "") === (pullRequest?.description ?? "");
    if (change === undefined || same) {
      expect([heard.heard, told.heard]).toEqual(["ignored", "ignored"]);
      return;
    }
    const mention = mentionOf(heard);
    const target = pullRequest?.toRef.repository;
    const writer = comment?.author ?? payload?.actor;
    expect(mention).toMatchObject({
      change,
      way: comment ? "comment" : "description",
      place: {
        platform: "bitbucket-dc",
        kind: "pull-request",
        label: `#${pullRequest?.id}`,
        repository: `${target?.project.key}/${target?.slug}`,
      },
      author: { id: String(writer?.id), name: writer?.name, kind: "person" },
    });
    const links = /"href":"(https?:\/\/[^"]+?)\/(?:projects|users)\/[^"/]+\/repos\//.exec(
      JSON.stringify(pullRequest),
    );
    expect(mention.place.host).toBe(links?.[1]?.replace(/^https?:\/\//, "") ?? "bitbucket.invalid");
    expect(mentionOf(told).place.host).toBe(links ? mention.place.host : "git.example");
    expect(mention.place.url.endsWith(`/pull-requests/${pullRequest?.id}`)).toBe(true);
    expect(mention.at > "2011").toBe(true);
  });

  it("names a personal repository by its owner", () => {
    const personal = entries
      .map(({ body }) => platform.explain({}, body))
      .flatMap((heard) => (heard.heard === "mention" ? [heard.mention.place] : []))
      .filter(({ repository }) => repository?.startsWith("~"));
    expect(entries.length === 0 || personal.length > 0).toBe(true);
    for (const { url, repository } of personal)
      expect(url).toContain(`/users/${repository?.slice(1).split("/")[0]}/repos/`);
  });
});

const vectorSchema = z.object({
  id: z.string(),
  platform: z.string(),
  secret: z.string().optional(),
  body_file: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
});

describe("recorded signatures of Bitbucket", () => {
  const folder = sharedPath("contracts", "vectors");
  const all = folder
    ? z.array(vectorSchema).parse(JSON.parse(readFileSync(join(folder, "vectors.json"), "utf8")))
    : [];
  const recorded = all.filter((one) => one.body_file && one.platform.startsWith("bitbucket-"));

  it.each(recorded)("$id is believed by the receiver, and nothing that differs in a byte", async (one) => {
    const entry = platforms.find(({ id }) => id === one.platform);
    if (!entry || !folder || !one.body_file) throw new Error("incomplete");
    const connection: Connection = {
      id: "recorded",
      platform: one.platform,
      host: "git.example",
      owner: { kind: "workspace", id: "main" },
      kind: "token",
      name: "Bitbucket",
      settings: { apiUrl: "http://127.0.0.1:1/2.0", email: "openhands@example.com" },
      secretNames: [],
      active: true,
      createdAt: "2026-01-01T00:00:00.000Z",
    };
    const seeded = { connection, secrets: { webhookSecret: one.secret ?? "", token: "token-of-nobody" } };
    const bench = createPlatformBench(entry.create, [seeded], {
      fetch: () => Promise.reject(new TypeError("nobody is asked here")),
    });
    const headers = Object.fromEntries(
      Object.entries(one.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const bytes = readFileSync(join(folder, one.body_file));
    const path = `/webhooks/${one.platform}/recorded`;
    const statusOf = async (sent: Uint8Array) =>
      (await bench.receive({ method: "POST", path, headers, bytes: sent })).status;
    expect(await statusOf(bytes)).toBe(200);
    expect(await statusOf(Buffer.concat([bytes, Buffer.from(" ")]))).toBe(401);
    expect(await statusOf(Buffer.from(JSON.stringify(JSON.parse(bytes.toString()), null, 1)))).toBe(401);
  });
});

/** The sentence on a payload that is ignored or refused; any other error is the test's. */
const wordsOn = (explain: () => Heard): string => {
  try {
    const heard = explain();
    return heard.heard === "ignored" ? heard.why : `heard as a ${heard.heard}`;
  } catch (error) {
    if (error instanceof Failure && error.kind === "bad-input") return error.hint;
    throw error;
  }
};

describe.each(["bitbucket-cloud", "bitbucket-dc"])("a delivery of %s with a part broken", (id) => {
  const platform = platformOf(id);

  it.each(entriesOf(id))("$file is a sentence, never a crash", ({ event, body }) => {
    for (const part of Object.keys(body)) {
      for (const broken of [undefined, null, 7, "x", [], {}]) {
        const payload = { ...body, [part]: broken };
        expect(wordsOn(() => platform.explain({ "x-event-key": event }, payload))).toMatch(/^.{10,}$/);
      }
    }
  });
});
