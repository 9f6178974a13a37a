import * as z from "zod";
import {
  idSchema,
  personRefSchema,
  platformSchema,
  secretValueSchema,
  shortTextSchema,
  timeSchema,
} from "./common.ts";

export const fieldSchema = z.object({
  key: z.string(),
  env: z.string().optional(),
  secret: z.boolean(),
  required: z.boolean(),
  label: z.string(),
  help: z.string(),
  format: z.enum([
    "text",
    "url",
    "host",
    "port",
    "whole-number",
    "money",
    "switch",
    "list",
    "repositories",
    "duration",
    "pem",
    "choice",
  ]),
  choices: z.array(z.string()).optional(),
  fallback: z.string().optional(),
  example: z.string().optional(),
  least: z.int().optional(),
});

export const credentialKindSchema = z.object({
  platform: platformSchema,
  kind: z.string(),
  name: z.string(),
  owner: z.enum(["workspace", "person", "either"]),
  host: z.union([
    z.object({ only: z.string() }),
    z.object({ usual: z.string(), env: z.string().optional() }),
    z.object({ typed: z.literal(true), env: z.string().optional() }),
    /** Host of the address in that field; nothing to type for the host itself. */
    z.object({ from: z.string() }),
  ]),
  fields: z.array(fieldSchema),
  scopes: z.array(z.object({ name: z.string(), for: z.string(), optional: z.boolean().optional() })),
  how: z.string(),
  /** Only its creator edits it and switches it on and off; others link themselves to it (Jira). */
  creatorOnly: z.boolean().optional(),
  siteDomain: z.string().optional(),
  /** Redirect address for OAuth applications; `{host}` stands for the host, with `~` for each `/`. */
  callbackUrl: z.string().optional(),
  webhookEvents: z.array(z.string()).optional(),
  /** Ways to make such a connection besides typing the fields. */
  ways: z.array(z.enum(["manifest", "oauth"])).optional(),
});

export const catalogSchema = z.object({
  platforms: z.array(
    z.object({
      id: platformSchema,
      name: z.string(),
      kinds: z.array(credentialKindSchema),
      /** True when connections of this platform can list, install and repair webhooks. */
      hooks: z.boolean(),
      installations: z.boolean(),
      /** `connects`: a person's own connection can be made by OAuth. `installs`: the workspace's connection itself is finished by OAuth. */
      oauth: z.object({ connects: z.boolean(), installs: z.boolean() }).optional(),
    }),
  ),
});

export const scopeSchema = z.object({
  name: z.string(),
  state: z.enum(["present", "missing", "unknown"]),
  for: z.string(),
});

export const statusSchema = z.object({
  ok: z.boolean(),
  account: z.object({ id: z.string(), name: z.string(), url: z.string().optional() }).optional(),
  tokenKind: z.string(),
  scopes: z.array(scopeSchema),
  expiresAt: timeSchema.optional(),
  problem: z.string().optional(),
  cure: z.string().optional(),
  checkedAt: timeSchema,
  notes: z.array(z.string()).optional(),
});

export const connectionSchema = z.object({
  id: idSchema,
  platform: platformSchema,
  platformName: z.string(),
  kind: z.string(),
  kindName: z.string(),
  host: z.string(),
  name: z.string(),
  owner: z.object({ kind: z.enum(["workspace", "person"]), id: idSchema }),
  settings: z.record(z.string(), z.string()),
  /** Names only; values are never shown again. `keyId` names the key that seals it. */
  secrets: z.array(z.object({ name: z.string(), keyId: z.string().optional() })),
  /** PEM bundle that this server's certificate is checked with. Certificates are public. */
  ca: z.string().optional(),
  active: z.boolean(),
  fixed: z.boolean(),
  createdBy: personRefSchema.optional(),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.optional(),
  status: statusSchema.optional(),
  /** Address and events to copy where the webhook is made by hand. */
  webhook: z.object({ url: z.url(), events: z.array(z.string()) }).optional(),
  /** Redirect address to enter where an OAuth application is made for this server. */
  callbackUrl: z.url().optional(),
  /** The asking person's own account on this server, when linked. */
  linkedAs: z.object({ id: idSchema, name: z.string() }).optional(),
  hasHooks: z.boolean(),
  hasInstallations: z.boolean(),
  may: z.object({
    edit: z.boolean(),
    remove: z.boolean(),
    activate: z.boolean(),
    hooks: z.boolean(),
    link: z.boolean(),
  }),
});

const valuesSchema = z.record(z.string().max(60), z.string().max(20_000));
const secretsSchema = z.record(z.string().max(60), secretValueSchema);

export const newConnectionSchema = z.strictObject({
  platform: platformSchema,
  kind: z.string().min(1).max(60),
  /** With or without `https://`, context path and slash at the end. Left out where the platform has only one. */
  host: z.string().trim().max(300).optional(),
  name: shortTextSchema.optional(),
  settings: valuesSchema.optional(),
  secrets: secretsSchema.optional(),
  ca: z.string().max(100_000).optional(),
  active: z.boolean().optional(),
  /** A maintainer says that this host may be reached although its address is private. */
  approveHost: z.boolean().optional(),
  /** Keep it although the check failed; it is saved switched off. */
  keepAnyway: z.boolean().optional(),
});

/** `null` removes a value. A secret that is left out stays as it is. */
export const connectionBodySchema = z.strictObject({
  name: shortTextSchema.optional(),
  settings: z.record(z.string().max(60), z.string().max(20_000).nullable()).optional(),
  secrets: z.record(z.string().max(60), secretValueSchema.nullable()).optional(),
  ca: z.string().max(100_000).nullable().optional(),
  active: z.boolean().optional(),
  approveHost: z.boolean().optional(),
  keepAnyway: z.boolean().optional(),
});

/** The workspace flow of servers that one person sets up and others link to (Jira). */
export const siteSchema = z.object({
  platform: platformSchema,
  /** The host that the typed name, address or URL means. */
  host: z.string(),
  /** `unknown`: show the form. `active`: link oneself. `inactive`: only the creator can switch it on. `linked`: nothing to do. */
  state: z.enum(["unknown", "active", "inactive", "linked"]),
  message: z.string(),
  connection: connectionSchema.optional(),
  /** Where to prove who one is, when linking needs it. */
  ways: z.array(z.object({ id: z.string(), platform: platformSchema, name: z.string(), host: z.string() })),
});

/** A one-time administrator token is used for this request only and never stored. */
export const unlinkBodySchema = z.strictObject({ oneTimeToken: secretValueSchema.optional() });

/** `workspace-off`: the creator unlinked, so it is off for everybody. */
export const unlinkAnswerSchema = z.object({
  unlinked: z.enum(["own-link", "workspace-off"]),
  connection: connectionSchema,
});

export const installationSchema = z.object({
  id: z.string(),
  account: z.string(),
  accountUrl: z.string().optional(),
  /** Where its repositories are chosen. */
  configureUrl: z.string().optional(),
  /** `all`, or how many were selected. */
  repositories: z.union([z.literal("all"), z.int()]),
  missing: z.array(z.string()),
  suspended: z.boolean(),
});

export const installationsSchema = z.object({
  installUrl: z.string().optional(),
  installations: z.array(installationSchema),
});
export const installationBodySchema = z.strictObject({ id: z.string().trim().min(1).max(100) });

export const hookResourceSchema = z.object({
  id: z.string(),
  type: z.enum(["repository", "project", "group", "workspace", "site", "app"]),
  name: z.string(),
  url: z.string().optional(),
  state: z.enum(["installed", "missing", "failed", "disabled"]),
  error: z.string().optional(),
  lastDelivery: z.string().optional(),
  missingRight: z.string().optional(),
});

export const hooksSchema = z.object({
  resources: z.array(hookResourceSchema),
  /** Resource that an operation is running for now; others have to wait. */
  busy: z.string().optional(),
  webhook: z.object({ url: z.url(), events: z.array(z.string()) }).optional(),
});

export const hookBodySchema = z.strictObject({
  action: z.enum(["install", "repair", "remove"]),
  resource: z.string().min(1).max(500),
  oneTimeToken: secretValueSchema.optional(),
});

export const manifestBodySchema = z.strictObject({
  platform: platformSchema,
  host: z.string().trim().max(300).optional(),
  /** Organisation that shall own the app; the person's own account without it. */
  organization: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_.-]{1,100}$/, "is not the name of an organisation")
    .optional(),
  name: shortTextSchema.optional(),
  /** PEM text of the authority that signed the server's certificate. */
  ca: z.string().max(100_000).optional(),
  approveHost: z.boolean().optional(),
});

/** The page sends the fields as a form of its own (POST) to `action`, or shows `copy` for pasting. */
export const manifestAnswerSchema = z.object({
  action: z.url(),
  fields: z.record(z.string(), z.string()),
  copy: z.string().optional(),
});

export const secretSchema = z.object({
  id: idSchema,
  name: z.string(),
  description: z.string(),
  owner: z.object({ kind: z.enum(["workspace", "person"]), id: idSchema }),
  /** What it overrides, in words; absent for one that is only added. */
  overrides: z.string().optional(),
  keyId: z.string().optional(),
  createdAt: timeSchema,
  changedAt: timeSchema,
});

const secretNameSchema = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]{0,99}$/, "must be the name of an environment variable: capitals, digits and _");
export const newSecretSchema = z.strictObject({
  name: secretNameSchema,
  description: z.string().max(500).optional(),
  value: secretValueSchema,
});
export const secretBodySchema = z.strictObject({
  description: z.string().max(500).optional(),
  value: secretValueSchema.optional(),
});
