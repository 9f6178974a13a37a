import * as z from "zod";
import { idSchema, pageQuerySchema, platformSchema, timeSchema } from "./common.ts";
import { scopeSchema } from "./connection.ts";
import { signInWaySchema } from "./session.ts";

export const runStateSchema = z.enum([
  "queued",
  "starting",
  "working",
  "waiting",
  "done",
  "failed",
  "stopped",
]);

export const placeSchema = z.object({
  platform: platformSchema,
  platformName: z.string(),
  host: z.string(),
  key: z.string(),
  kind: z.enum(["issue", "pull-request", "ticket", "thread", "page"]),
  url: z.string(),
  label: z.string(),
  title: z.string().optional(),
  repository: z.string().optional(),
});

const askerSchema = z.object({
  name: z.string(),
  displayName: z.string().optional(),
  platform: platformSchema,
  host: z.string(),
  personId: idSchema.optional(),
});

export const runSchema = z.object({
  id: idSchema,
  place: placeSchema,
  asker: askerSchema,
  /** The first ask, clipped. */
  request: z.string(),
  asks: z.int(),
  state: runStateSchema,
  position: z.int().optional(),
  queuedAt: timeSchema,
  startedAt: timeSchema.optional(),
  endedAt: timeSchema.optional(),
  repository: z.object({ host: z.string(), name: z.string(), branch: z.string().optional() }).optional(),
  model: z.string().optional(),
  conversationUrl: z.string().optional(),
  phase: z.string().optional(),
  tasks: z.array(z.object({ title: z.string(), state: z.enum(["todo", "doing", "done"]) })),
  steps: z.array(
    z.object({ id: z.string(), at: timeSchema, text: z.string(), failed: z.boolean().optional() }),
  ),
  stepCount: z.int(),
  question: z.string().optional(),
  pullRequest: z.object({ url: z.string(), number: z.int() }).optional(),
  pushed: z.array(z.string()).optional(),
  /** US dollars. */
  cost: z.number().optional(),
  outcome: z
    .object({
      reason: z.string(),
      summary: z.string().optional(),
      hint: z.string().optional(),
      retryable: z.boolean().optional(),
    })
    .optional(),
  reportUrl: z.string().optional(),
  continuedAt: z.object({ url: z.string(), label: z.string(), state: runStateSchema }).optional(),
  version: z.int(),
  may: z.object({ stop: z.boolean(), retry: z.boolean(), say: z.boolean() }),
});

export const runsQuerySchema = pageQuerySchema.extend({
  /** Comma separated states. */
  state: z.string().max(100).optional(),
  platform: platformSchema.optional(),
  /** Place key. */
  place: z.string().max(500).optional(),
  /** `me` for one's own. */
  asker: z.literal("me").optional(),
  /** Words in title, repository, label or request. */
  text: z.string().max(200).optional(),
});

export const runPageSchema = z.object({ runs: z.array(runSchema), next: z.string().optional() });

export const sayBodySchema = z.strictObject({ text: z.string().trim().min(1).max(20_000) });

/** Text that the page or the person picked: a selection, lines of a file, the log of a failed job. */
const contextSchema = z.strictObject({
  kind: z.enum(["selection", "lines", "job", "file"]),
  title: z.string().max(300).optional(),
  url: z.url().max(2_000).optional(),
  text: z.string().max(50_000).optional(),
});

export const askBodySchema = z.strictObject({
  /** Browser address of the place. */
  url: z.url().max(2_000),
  text: z.string().trim().min(1).max(20_000),
  context: z.array(contextSchema).max(10).optional(),
  repository: z.string().max(300).optional(),
  branch: z.string().max(300).optional(),
  model: z.string().max(200).optional(),
  /** Connection id of a back end. */
  agent: idSchema.optional(),
  /** Unique per click; sending the same one again asks once. */
  requestId: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, "must be 8 to 64 letters, digits, - or _"),
});

export const askSchema = z.object({
  /** Mention key. */
  key: z.string(),
  accepted: z.enum(["new", "replaced", "withdrawn", "known", "ignored"]),
  place: placeSchema,
  /** Why it was ignored or refused. */
  why: z.string().optional(),
  outcome: z.enum(["ran", "steered", "obeyed", "refused", "withdrawn", "failed"]).optional(),
  run: runSchema.optional(),
});

export const askQuerySchema = z.strictObject({ key: z.string().min(1).max(500) });

export const placeQuerySchema = z.strictObject({ url: z.url().max(2_000) });

/** All that the status panel shows. */
export const placeStatusSchema = z.object({
  /** Absent when no platform knows the address. */
  place: placeSchema.optional(),
  /** One sentence when there is no place or no connection. */
  problem: z.string().optional(),
  cure: z.string().optional(),
  connection: z
    .object({
      id: idSchema,
      name: z.string(),
      kindName: z.string(),
      ok: z.boolean().optional(),
      account: z.string().optional(),
      scopes: z.array(scopeSchema),
      problem: z.string().optional(),
      cure: z.string().optional(),
    })
    .optional(),
  /** The asking person's account there. */
  identity: z.object({ name: z.string() }).optional(),
  hook: z
    .object({
      state: z.enum(["installed", "missing", "failed", "disabled"]),
      resource: z.string(),
      name: z.string(),
      error: z.string().optional(),
      lastDelivery: z.string().optional(),
      mayInstall: z.boolean(),
      missingRight: z.string().optional(),
    })
    .optional(),
  ask: z.object({
    may: z.enum(["yes", "no", "after-linking", "unknown"]),
    why: z.string().optional(),
    cure: z.string().optional(),
  }),
  /** Ways to link oneself, when `ask.may` is `after-linking`. */
  ways: z.array(signInWaySchema),
  /** Newest first, at most ten. */
  runs: z.array(runSchema),
});

export const repositoriesQuerySchema = z.strictObject({
  /** One connection's; absent: of every code host that is connected to the workspace. */
  connection: idSchema.optional(),
  query: z.string().max(200).optional(),
});
export const repositoriesSchema = z.object({
  repositories: z.array(
    z.object({
      host: z.string(),
      name: z.string(),
      url: z.string(),
      defaultBranch: z.string().optional(),
      private: z.boolean().optional(),
    }),
  ),
});
