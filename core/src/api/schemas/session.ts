import * as z from "zod";
import { idSchema, platformSchema, roleSchema, shortTextSchema, timeSchema } from "./common.ts";

export const workspaceSchema = z.object({
  id: idSchema,
  name: z.string(),
  role: roleSchema,
  createdAt: timeSchema,
});

/** An account on a platform that is proven to be this person. */
export const linkSchema = z.object({
  id: idSchema,
  platform: platformSchema,
  platformName: z.string(),
  host: z.string(),
  accountId: z.string(),
  accountName: z.string(),
  /** How it was proven. */
  proof: z.enum(["oauth", "token", "message", "invitation"]),
  createdAt: timeSchema,
});

/** A server at which people can sign in, because a connection holds an OAuth client for it. */
export const signInWaySchema = z.object({
  id: z.string(),
  platform: platformSchema,
  name: z.string(),
  host: z.string(),
});

export const sessionSchema = z.object({
  signedIn: z.boolean(),
  person: z.object({ id: idSchema, name: z.string() }).optional(),
  /** Send it as `X-CSRF-Token` with every request that changes something. Only with a cookie session. */
  csrfToken: z.string().optional(),
  ways: z.array(signInWaySchema),
  /** False until somebody has signed in with the link that the first start prints. */
  ready: z.boolean(),
  version: z.string(),
});

export const meSchema = z.object({
  id: idSchema,
  name: z.string(),
  createdAt: timeSchema,
  workspaces: z.array(workspaceSchema),
  links: z.array(linkSchema),
});

/** The part after `#` of a printed sign-in link or of an invitation link. */
export const oneTimeTokenSchema = z.string().min(20).max(500);

export const signInBodySchema = z.strictObject({
  token: oneTimeTokenSchema,
  /** Name of the new person; used when the link makes one. */
  name: shortTextSchema.optional(),
});

/** What a one-time link is for, before it is used up. */
export const oneTimeLinkSchema = z.object({
  purpose: z.enum(["first-sign-in", "invitation", "link-account"]),
  expiresAt: timeSchema,
  workspace: z.object({ id: idSchema, name: z.string() }).optional(),
  role: roleSchema.optional(),
  invitedBy: z.string().optional(),
  account: z
    .object({ platform: platformSchema, platformName: z.string(), host: z.string(), name: z.string() })
    .optional(),
});

export const oauthBodySchema = z.strictObject({
  /** `sign-in`: nobody needs to be signed in. `link`: proves an account. `connect`: also keeps the token as the person's own connection. `install`: for the workspace's connection itself. */
  purpose: z.enum(["sign-in", "link", "connect", "install"]),
  /** Id of a sign-in way, or of the connection that holds the OAuth client. */
  way: z.string().min(1).max(200),
  /** Path of the page to come back to. */
  returnTo: z.string().max(500).optional(),
  /** One-time link that waits for this proof. */
  linkToken: oneTimeTokenSchema.optional(),
  /** Invitation that signing in accepts. */
  invitation: oneTimeTokenSchema.optional(),
});

export const goToSchema = z.object({ url: z.url() });

export const linkBodySchema = z.strictObject({ token: oneTimeTokenSchema });

/** `needs-proof`: the link was said in public, so the account must also be proven by OAuth (`ways`) or by a token of one's own. */
export const linkAnswerSchema = z.discriminatedUnion("linked", [
  z.object({ linked: z.literal(true), link: linkSchema }),
  z.object({
    linked: z.literal(false),
    why: z.string(),
    ways: z.array(signInWaySchema),
    /** Kinds of credentials of one's own that would prove it too. */
    kinds: z.array(z.string()),
    /** Text to write as a comment at that server within fifteen minutes; whoever writes it has the account. */
    code: z.string().optional(),
  }),
]);

export const renameBodySchema = z.strictObject({ name: shortTextSchema });
