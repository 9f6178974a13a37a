import type { CredentialKind, Field, NeededScope } from "../catalog.ts";

/** Filled in by us when a webhook is installed; typed only where somebody makes the webhook by hand. */
const hookSecrets = (prefix: string): readonly Field[] => [
  {
    key: "webhookSecret",
    env: `${prefix}_WEBHOOK_SECRET`,
    secret: true,
    required: false,
    label: "Webhook secret",
    help: "Bitbucket signs its deliveries with it. We make one when we install the webhook; type your own only for a webhook that you make by hand.",
    format: "text",
    least: 16,
  },
  {
    key: "previousWebhookSecret",
    env: `${prefix}_PREVIOUS_WEBHOOK_SECRET`,
    secret: true,
    required: false,
    label: "Previous webhook secret",
    help: "Still believed while you change the secret.",
    format: "text",
    least: 16,
  },
];

const narrower = (prefix: string, variable: string): Field => ({
  key: "agentToken",
  env: `${prefix}_AGENT_TOKEN`,
  secret: true,
  required: false,
  label: "Narrower token for the agent",
  help: `What the agent gets as \`${variable}\` instead of the token above: repository write, and pull requests write if it shall open them.`,
  format: "text",
  least: 16,
});

const account = (prefix: string, fallback: "bot" | "person"): Field => ({
  key: "account",
  env: `${prefix}_ACCOUNT`,
  secret: false,
  required: false,
  label: "Whose account the token is",
  help: "`bot`: nobody else uses it, so nothing that it writes is an ask and mentioning it calls us. `person`: its owner asks with it too.",
  format: "choice",
  choices: ["bot", "person"],
  fallback,
});

const apiUrl = (prefix: string): Field => ({
  key: "apiUrl",
  env: `${prefix}_API_URL`,
  secret: false,
  required: false,
  label: "API address",
  help: "Only to be changed behind a proxy. A person's own connection may name what the workspace's connection names.",
  format: "url",
  fallback: "https://api.bitbucket.org/2.0",
});

const workspace = (prefix: string, required: boolean): Field => ({
  key: "workspace",
  env: `${prefix}_WORKSPACE`,
  secret: false,
  required,
  label: "Workspace",
  help: required
    ? "Short name of the workspace that the token belongs to, as in bitbucket.org/workspace. An access token cannot ask for it."
    : "Short name of the only workspace to look at, as in bitbucket.org/workspace. Empty: all that the account is in.",
  format: "text",
  example: "your-company",
});

const repositories = (prefix: string): Field => ({
  key: "repositories",
  env: `${prefix}_REPOSITORIES`,
  secret: false,
  required: false,
  label: "Only these repositories",
  help: "Looked at for polling and webhooks, as `workspace/name`, separated by commas. Name the one that a repository's access token is for. Empty: all that the token may see.",
  format: "list",
  example: "your-company/shop",
});

const token = (env: string, help: string): Field => ({
  key: "token",
  env,
  secret: true,
  required: true,
  label: "Token",
  help,
  format: "text",
  least: 16,
});

const cloudScopes: readonly NeededScope[] = [
  { name: "account (read)", for: "knowing which account we are" },
  { name: "repository (write)", for: "cloning and pushing" },
  { name: "pull requests (write)", for: "posting the report, opening pull requests" },
  {
    name: "webhooks (read and write)",
    for: "installing webhooks, so that asks are heard at once",
    optional: true,
  },
];

const cloudEvents = [
  "Pull request: Created",
  "Pull request: Updated",
  "Pull request: Comment created",
  "Pull request: Comment updated",
  "Pull request: Comment deleted",
] as const;

/** Bitbucket Cloud. App passwords ended in June 2026; they are recognised and refused with a word on that. */
export const bitbucketCloudKinds: readonly CredentialKind[] = [
  {
    platform: "bitbucket-cloud",
    kind: "token",
    name: "Bitbucket Cloud API token",
    owner: "either",
    host: { only: "bitbucket.org" },
    fields: [
      {
        key: "email",
        env: "BITBUCKET_EMAIL",
        secret: false,
        required: true,
        label: "E-mail",
        help: "E-mail address of the Atlassian account that the token belongs to.",
        format: "text",
        example: "openhands@example.com",
      },
      token(
        "BITBUCKET_TOKEN",
        "API token with scopes for Bitbucket: `read:user:bitbucket`, `read:workspace:bitbucket`, `read:` and `write:repository:bitbucket`, `read:` and `write:pullrequest:bitbucket`, `read:`, `write:` and `delete:webhook:bitbucket`.",
      ),
      account("BITBUCKET", "person"),
      workspace("BITBUCKET", false),
      repositories("BITBUCKET"),
      narrower("BITBUCKET", "BITBUCKET_TOKEN"),
      ...hookSecrets("BITBUCKET"),
      apiUrl("BITBUCKET"),
    ],
    scopes: cloudScopes,
    how: "Best is an Atlassian account of its own that is an administrator of the repositories: only administrators see who may write. Signed in with it: **id.atlassian.com → Security → Create and manage API tokens → Create API token with scopes → Bitbucket**. Writing does not include reading: tick both. App passwords ended in June 2026.",
    webhookEvents: cloudEvents,
  },
  {
    platform: "bitbucket-cloud",
    kind: "access-token",
    name: "Bitbucket Cloud access token",
    owner: "workspace",
    host: { only: "bitbucket.org" },
    fields: [
      workspace("BITBUCKET_ACCESS", true),
      repositories("BITBUCKET_ACCESS"),
      token(
        "BITBUCKET_ACCESS_TOKEN",
        "Access token of a repository, project or workspace, with the rights repository (administrator, else write), pull requests (write), webhooks (read and write) and, where there is one, account (read).",
      ),
      narrower("BITBUCKET_ACCESS", "BITBUCKET_TOKEN"),
      ...hookSecrets("BITBUCKET_ACCESS"),
      apiUrl("BITBUCKET_ACCESS"),
    ],
    scopes: cloudScopes,
    how: "**Repository (or workspace) settings → Security → Access tokens → Create**. What it writes appears under the token's own name. Tokens of projects and workspaces need the Premium plan.",
    webhookEvents: cloudEvents,
  },
];

const dcEvents = [
  "Pull request: Opened",
  "Pull request: Modified",
  "Pull request: Comment added",
  "Pull request: Comment edited",
  "Pull request: Comment deleted",
] as const;

/** Typed with or without `https://`. */
const dcHost = { typed: true, env: "BITBUCKET_DATA_CENTER_HOST" } as const;

const address = (env: string): Field => ({
  key: "baseUrl",
  env,
  secret: false,
  required: false,
  label: "Address to reach it",
  help: "Only for a server without https: its host with `http://` before it.",
  format: "url",
  example: "http://bitbucket.example.com:7990/bitbucket",
});

const dcScopes: readonly NeededScope[] = [
  { name: "REPO_READ", for: "reading pull requests and their comments" },
  { name: "REPO_WRITE", for: "the agent pushes its branches and opens pull requests" },
  { name: "REPO_ADMIN", for: "installing webhooks", optional: true },
];

/** Bitbucket Data Center: with a bot's token we post as the bot, without one as the person who asks. */
export const bitbucketDcKinds: readonly CredentialKind[] = [
  {
    platform: "bitbucket-dc",
    kind: "bot-token",
    name: "Bitbucket Data Center access token",
    owner: "either",
    host: dcHost,
    fields: [
      address("BITBUCKET_DATA_CENTER_URL"),
      token(
        "BITBUCKET_DATA_CENTER_TOKEN",
        "HTTP access token of a bot's account with the right Repository write, or Repository admin if we shall install webhooks with it.",
      ),
      account("BITBUCKET_DATA_CENTER", "bot"),
      narrower("BITBUCKET_DATA_CENTER", "BITBUCKET_DATA_CENTER_TOKEN"),
      ...hookSecrets("BITBUCKET_DATA_CENTER"),
    ],
    scopes: dcScopes,
    how: "Signed in as the bot's user: **Manage account → HTTP access tokens → Create token** with *Repository write* (*Repository admin* to install webhooks). The bot's user needs that right in the repositories.",
    webhookEvents: dcEvents,
  },
  {
    platform: "bitbucket-dc",
    kind: "oauth",
    name: "Bitbucket Data Center Application Link",
    owner: "either",
    host: dcHost,
    fields: [
      address("BITBUCKET_DATA_CENTER_OAUTH_URL"),
      {
        key: "clientId",
        env: "BITBUCKET_DATA_CENTER_OAUTH_CLIENT_ID",
        secret: false,
        required: true,
        label: "Client id",
        help: "Of the incoming Application Link.",
        format: "text",
      },
      {
        key: "clientSecret",
        env: "BITBUCKET_DATA_CENTER_OAUTH_CLIENT_SECRET",
        secret: true,
        required: true,
        label: "Client secret",
        help: "Of the incoming Application Link.",
        format: "text",
        least: 16,
      },
      ...hookSecrets("BITBUCKET_DATA_CENTER_OAUTH"),
    ],
    scopes: [{ name: "REPO_ADMIN", for: "working in repositories and installing webhooks" }],
    how: "**Administration → Application links → Create link → External application → Incoming**, with the redirect address shown here and the permission *Repositories: Admin* (`REPO_ADMIN`). People then sign in and connect with one click; without a bot's token we post as the person who asks.",
    ways: ["oauth"],
    webhookEvents: dcEvents,
  },
];
