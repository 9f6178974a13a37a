import * as z from "zod";

/** Ids that the bot makes itself. */
export const idSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "is not an id");

/** ISO 8601 with a zone. */
export const timeSchema = z.iso.datetime({ offset: true });

export const roleSchema = z.enum(["owner", "maintainer", "member"]);

export const platformSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "is not the name of a platform");

/** A secret on its way in; it never comes back. */
export const secretValueSchema = z.string().min(1).max(20_000);

export const shortTextSchema = z.string().trim().min(1).max(200);

export const personRefSchema = z.object({ id: idSchema, name: z.string() });

/** RFC 9457. `detail` is one sentence for a person, `cure` says what to do when that is not the same sentence. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  cure: z.string().optional(),
  /** What is wrong with which value of the request. */
  fields: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
  /** A host that a maintainer could approve, with `type` `…/host-not-approved`. */
  host: z.string().optional(),
});

export const nothingSchema = z.undefined();

export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
});
