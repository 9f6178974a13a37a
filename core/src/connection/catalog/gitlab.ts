import type { CredentialKind, Field, NeededScope } from "../catalog.ts";

const address: Field = {
  key: "baseUrl",
  env: "GITLAB_URL",
  secret: false,
  required: true,
  label: "Address",
  help: "Address of GitLab, with its path where it lives below one. gitlab.com when nothing else is said.",
  format: "url",
  fallback: "https://gitlab.com",
};

/** Filled in by us when a webhook is installed; typed only where somebody makes the webhook by hand. */
const hookSecrets = (prefix: string): readonly Field[] => [
  {
    key: "webhookSecret",
    env: `${prefix}_WEBHOOK_SECRET`,
    secret: true,
    required: false,
    label: "Webhook secret token",
    help: "GitLab sends it with every delivery. We make one when we install the webhook; type your own only for a webhook that you make by hand.",
    format: "text",
    least: 16,
  },
  {
    key: "signingToken",
    env: `${prefix}_WEBHOOK_SIGNING_TOKEN`,
    secret: true,
    required: false,
    label: "Webhook signing token",
    help: "`whsec_…`, for GitLab releases that sign deliveries. Once it is set, a delivery without a signature is refused.",
    format: "text",
    least: 30,
  },
  {
    key: "previousWebhookSecret",
    env: `${prefix}_PREVIOUS_WEBHOOK_SECRET`,
    secret: true,
    required: false,
    label: "Previous webhook secret token",
    help: "Still believed while you change the secret token.",
    format: "text",
    least: 16,
  },
  {
    key: "previousSigningToken",
    env: `${prefix}_PREVIOUS_WEBHOOK_SIGNING_TOKEN`,
    secret: true,
    required: false,
    label: "Previous webhook signing token",
    help: "Still believed while you change the signing token.",
    format: "text",
    least: 30,
  },
];

const account = (env: string): Field => ({
  key: "account",
  env,
  secret: false,
  required: false,
  label: "Whose account the token is",
  help: "`bot`: nobody else uses it, so assigning it asks us and nothing that it writes is an ask. `person`: its owner asks with it too. `auto`: GitLab's own bot accounts are bots, all others are persons.",
  format: "choice",
  choices: ["auto", "bot", "person"],
  fallback: "auto",
});

const polled = (env: string): Field => ({
  key: "projects",
  env,
  secret: false,
  required: false,
  label: "Projects",
  help: "Which projects are looked at when no webhook reaches us, as `group/project`, separated by commas. Without it: those of the token with the newest activity.",
  format: "list",
  example: "example/tools/shop,example/docs",
});

const narrower = (env: string): Field => ({
  key: "agentToken",
  env,
  secret: true,
  required: false,
  label: "Narrower token for the agent",
  help: "What the agent gets as `GITLAB_TOKEN` instead of the token above: `read_repository` and `write_repository`, and `api` if it shall open merge requests.",
  format: "text",
  least: 16,
});

const scopes: readonly NeededScope[] = [
  { name: "api", for: "commenting, reactions, checking who may ask, webhooks, opening merge requests" },
  { name: "read_user", for: "knowing which account we are" },
  { name: "read_repository", for: "cloning" },
  { name: "write_repository", for: "pushing" },
];

const webhookEvents = [
  "Issues events",
  "Confidential issues events",
  "Comments",
  "Confidential comments",
  "Merge request events",
] as const;

export const gitlabKinds: readonly CredentialKind[] = [
  {
    platform: "gitlab",
    kind: "token",
    name: "GitLab access token",
    owner: "either",
    host: { from: "baseUrl" },
    fields: [
      address,
      {
        key: "token",
        env: "GITLAB_TOKEN",
        secret: true,
        required: true,
        label: "Access token",
        help: "Project, group, service account or personal access token with the scopes `api`, `read_user`, `read_repository` and `write_repository`.",
        format: "text",
        least: 16,
      },
      narrower("GITLAB_AGENT_TOKEN"),
      account("GITLAB_ACCOUNT"),
      polled("GITLAB_PROJECTS"),
      ...hookSecrets("GITLAB"),
    ],
    scopes,
    how: "Best is a bot of its own: **Group (or project) → Settings → Access tokens → Add new token**, role **Maintainer** (Developer is enough when somebody else makes the webhooks), scopes `api`, `read_user`, `read_repository`, `write_repository`. A personal token is made under **Preferences → Access tokens** and speaks in your own name.",
    webhookEvents,
  },
  {
    platform: "gitlab",
    kind: "oauth",
    name: "GitLab OAuth application",
    owner: "either",
    host: { from: "baseUrl" },
    fields: [
      { ...address, env: "GITLAB_OAUTH_URL" },
      {
        key: "clientId",
        env: "GITLAB_OAUTH_CLIENT_ID",
        secret: false,
        required: true,
        label: "Application id",
        help: "Of the application in GitLab.",
        format: "text",
      },
      {
        key: "clientSecret",
        env: "GITLAB_OAUTH_CLIENT_SECRET",
        secret: true,
        required: true,
        label: "Secret",
        help: "Of the application in GitLab.",
        format: "text",
        least: 16,
      },
      narrower("GITLAB_OAUTH_AGENT_TOKEN"),
      account("GITLAB_OAUTH_ACCOUNT"),
      polled("GITLAB_OAUTH_PROJECTS"),
      ...hookSecrets("GITLAB_OAUTH"),
    ],
    scopes,
    how: "**User (or group, or instance) settings → Applications → Add new application**: confidential, with the redirect address shown here and the scopes `api`, `read_user`, `read_repository`, `write_repository`. People then sign in and connect with one click.",
    ways: ["oauth"],
    webhookEvents,
  },
];
