import * as z from "zod";
import { idSchema, personRefSchema, roleSchema, shortTextSchema, timeSchema } from "./common.ts";
import { linkSchema } from "./session.ts";

export const memberSchema = z.object({
  person: personRefSchema,
  role: roleSchema,
  joinedAt: timeSchema,
  lastSeenAt: timeSchema.optional(),
  links: z.array(linkSchema),
  /** What the asking person may do with this member. */
  may: z.object({ changeRole: z.boolean(), remove: z.boolean() }),
});

export const memberBodySchema = z.strictObject({ role: roleSchema });

export const invitationSchema = z.object({
  id: idSchema,
  role: roleSchema,
  note: z.string().optional(),
  invitedBy: personRefSchema.optional(),
  createdAt: timeSchema,
  expiresAt: timeSchema,
  acceptedBy: personRefSchema.optional(),
});

export const invitationBodySchema = z.strictObject({
  role: z.enum(["maintainer", "member"]),
  note: shortTextSchema.optional(),
  days: z.int().min(1).max(30).optional(),
});

/** The link is shown this once. */
export const newInvitationSchema = z.object({ invitation: invitationSchema, url: z.url() });

export const settingSchema = z.object({
  key: z.string(),
  label: z.string(),
  help: z.string(),
  format: z.string(),
  choices: z.array(z.string()).optional(),
  /** As text, lists comma separated, durations like `2h`. */
  value: z.string(),
  fallback: z.string().optional(),
  source: z.enum(["page", "environment", "default"]),
  env: z.string().optional(),
});

/** Text by key; `null` goes back to the environment's value or the default. */
export const settingsBodySchema = z.strictObject({
  values: z.record(z.string().max(60), z.string().max(10_000).nullable()),
});

export const approvedHostSchema = z.object({
  host: z.string(),
  /** True when its addresses are private and a maintainer allowed them. */
  private: z.boolean(),
  /** Where the approval comes from. */
  source: z.enum(["catalog", "environment", "maintainer"]),
  approvedBy: personRefSchema.optional(),
  approvedAt: timeSchema.optional(),
});

export const approveHostBodySchema = z.strictObject({
  host: z.string().trim().min(1).max(300),
  private: z.boolean().optional(),
});

export const auditEntrySchema = z.object({
  seq: z.int(),
  at: timeSchema,
  /** `connection.created`, `hook.installed`, `run.stopped`… */
  action: z.string(),
  by: personRefSchema.optional(),
  /** Device or personal token that acted for the person. */
  through: z.string().optional(),
  target: z.string().optional(),
  detail: z.string().optional(),
});

export const auditPageSchema = z.object({
  entries: z.array(auditEntrySchema),
  next: z.string().optional(),
  /** False when an entry was changed, removed or swapped; `brokenAt` is the first that does not fit. */
  intact: z.boolean(),
  brokenAt: z.int().optional(),
});
