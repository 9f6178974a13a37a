import * as z from "zod";
import { idSchema, shortTextSchema, timeSchema } from "./common.ts";

/** RFC 8628 names; sent as JSON or as a form. */
export const deviceAuthorizeBodySchema = z.object({
  client_id: z.string().min(1).max(200),
  /** What the person sees when approving: "Chrome on Linux". */
  device_name: shortTextSchema.optional(),
  scope: z.string().max(200).optional(),
});

export const deviceAuthorizationSchema = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.url(),
  verification_uri_complete: z.url(),
  /** Seconds. */
  expires_in: z.int(),
  /** Seconds to wait between two requests. */
  interval: z.int(),
});

export const deviceTokenBodySchema = z.object({
  grant_type: z.literal("urn:ietf:params:oauth:grant-type:device_code"),
  device_code: z.string().min(20).max(200),
  client_id: z.string().min(1).max(200),
});

export const deviceTokenSchema = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  device_id: idSchema,
});

/** RFC 6749 section 5.2 with the codes of RFC 8628 section 3.5. */
export const deviceErrorSchema = z.object({
  error: z.enum([
    "authorization_pending",
    "slow_down",
    "access_denied",
    "expired_token",
    "invalid_request",
    "invalid_grant",
    "unsupported_grant_type",
  ]),
  error_description: z.string(),
});

/** What asks to be paired, shown before approval. */
export const pairingSchema = z.object({
  name: z.string(),
  clientId: z.string(),
  expiresAt: timeSchema,
  from: z.string().optional(),
});
export const pairingBodySchema = z.strictObject({ approve: z.boolean() });

export const deviceSchema = z.object({
  id: idSchema,
  name: z.string(),
  clientId: z.string(),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.optional(),
  /** True for the device that asks. */
  current: z.boolean(),
});

export const personalTokenSchema = z.object({
  id: idSchema,
  name: z.string(),
  access: z.enum(["read", "write"]),
  createdAt: timeSchema,
  expiresAt: timeSchema.optional(),
  lastUsedAt: timeSchema.optional(),
  /** The last four characters. */
  ending: z.string(),
});

export const newPersonalTokenSchema = z.strictObject({
  name: shortTextSchema,
  access: z.enum(["read", "write"]),
  days: z.int().min(1).max(366).optional(),
});

/** The value is shown this once. */
export const createdTokenSchema = z.object({ token: personalTokenSchema, value: z.string() });
