import type { CredentialKind, Field, NeededScope } from "../catalog.ts";

/** Deliveries we want. GitHub sends `labeled` for a label at creation too, so there is no need for more. */
export const githubEvents = [
  "issues",
  "issue_comment",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
] as const;

/** Rights of the GitHub App, by GitHub's own names. */
export const githubAppPermissions = {
  metadata: "read",
  contents: "write",
  issues: "write",
  pull_requests: "write",
  actions: "read",
  checks: "read",
  statuses: "read",
} as const;

const appScopes: readonly NeededScope[] = [
  { name: "metadata: read", for: "finding repositories and checking who may write" },
  { name: "contents: write", for: "cloning, and pushing the agent's branch" },
  { name: "issues: write", for: "reading issues, posting the report, reactions" },
  { name: "pull_requests: write", for: "opening pull requests and answering in review threads" },
  { name: "actions: read", for: "reading failed workflow runs", optional: true },
  { name: "checks: read", for: "reading failed checks", optional: true },
  { name: "statuses: read", for: "reading commit statuses", optional: true },
];

const apiUrl = (env: string): Field => ({
  key: "apiUrl",
  env,
  secret: false,
  required: false,
  label: "API address",
  help: "Only where the API is not at its usual address (https://api.github.com, https://HOST/api/v3), for instance behind a proxy.",
  format: "url",
  example: "https://github-proxy.example.com/api/v3",
});

const previousSecret = (env: string): Field => ({
  key: "previousWebhookSecret",
  env,
  secret: true,
  required: false,
  label: "Previous webhook secret",
  help: "Accepted beside the current one while you change it. Remove it when GitHub signs with the new one.",
  format: "text",
  least: 24,
});

const host = { usual: "github.com", env: "GITHUB_HOST" } as const;

const appFields: readonly Field[] = [
  {
    key: "appId",
    env: "GITHUB_APP_ID",
    secret: false,
    required: true,
    label: "App ID",
    help: "The number under **App ID** on the App's page.",
    format: "whole-number",
    example: "123456",
  },
  {
    key: "privateKey",
    env: "GITHUB_APP_PRIVATE_KEY",
    secret: true,
    required: true,
    label: "Private key",
    help: "Contents of the .pem file from **Generate a private key** on the App's page.",
    format: "pem",
  },
  {
    key: "webhookSecret",
    env: "GITHUB_WEBHOOK_SECRET",
    secret: true,
    required: true,
    label: "Webhook secret",
    help: "GitHub signs its deliveries with it. Make one with `openssl rand -hex 32` and type the same into the App's page.",
    format: "text",
    least: 24,
  },
  previousSecret("GITHUB_PREVIOUS_WEBHOOK_SECRET"),
  {
    key: "clientId",
    env: "GITHUB_APP_CLIENT_ID",
    secret: false,
    required: false,
    label: "Client ID",
    help: "Needed when people should sign in with GitHub.",
    format: "text",
  },
  {
    key: "clientSecret",
    env: "GITHUB_APP_CLIENT_SECRET",
    secret: true,
    required: false,
    label: "Client secret",
    help: "From **Generate a new client secret** on the App's page; needed when people should sign in with GitHub.",
    format: "text",
    least: 20,
  },
  apiUrl("GITHUB_API_URL"),
];

const tokenFields: readonly Field[] = [
  {
    key: "token",
    env: "GITHUB_TOKEN",
    secret: true,
    required: true,
    label: "Personal access token",
    help: "Classic (`ghp_…`) with the scope `repo`, or fine-grained (`github_pat_…`) with metadata read and contents, issues and pull requests write. We post as its owner, so use an account made for this.",
    format: "text",
    least: 20,
  },
  {
    key: "repositories",
    env: "GITHUB_REPOSITORIES",
    secret: false,
    required: false,
    label: "Repositories",
    help: "Which repositories are looked at when no webhook reaches us, as `owner/name`, separated by commas. Without it: those the token sees that were pushed to last.",
    format: "list",
    example: "example/shop,example/docs",
  },
  {
    key: "account",
    env: "GITHUB_TOKEN_ACCOUNT",
    secret: false,
    required: false,
    label: "Whose account",
    help: "`bot`: an account made for this; assigning it and mentioning its name ask too. `person`: somebody uses it for their own work as well.",
    format: "choice",
    choices: ["person", "bot"],
    fallback: "person",
  },
  {
    key: "webhookSecret",
    env: "GITHUB_TOKEN_WEBHOOK_SECRET",
    secret: true,
    required: false,
    label: "Webhook secret",
    help: "For repository webhooks. Without it there are none, and we look for new asks by ourselves; installing a webhook makes one. For a webhook made by hand either content type will do.",
    format: "text",
    least: 24,
  },
  previousSecret("GITHUB_TOKEN_PREVIOUS_WEBHOOK_SECRET"),
  apiUrl("GITHUB_TOKEN_API_URL"),
];

/** GitHub App (bot identity, webhooks) and personal access token (polling, for machines that nothing can reach). github.com and Enterprise Server. */
export const githubKinds: readonly CredentialKind[] = [
  {
    platform: "github",
    kind: "app",
    name: "GitHub App",
    owner: "workspace",
    host,
    fields: appFields,
    scopes: appScopes,
    ways: ["manifest"],
    webhookEvents: githubEvents,
    how: "Create the App from its manifest on this page, or by hand under **Settings → Developer settings → GitHub Apps → New GitHub App** with the webhook address below, the permissions listed and the events listed. Then install it on the repositories it should work in.",
  },
  {
    platform: "github",
    kind: "token",
    name: "Personal access token",
    owner: "either",
    host,
    fields: tokenFields,
    scopes: [
      { name: "repo", for: "reading and writing issues, pull requests and code (classic token)" },
      { name: "workflow", for: "pushing changes of workflow files (classic token)", optional: true },
      { name: "metadata: read", for: "finding repositories and checking who may write (fine-grained token)" },
      { name: "contents: write", for: "cloning, and pushing the agent's branch (fine-grained token)" },
      { name: "issues: write", for: "reading issues and posting the report (fine-grained token)" },
      { name: "pull_requests: write", for: "opening and answering pull requests (fine-grained token)" },
    ],
    webhookEvents: githubEvents,
    how: "Under **Settings → Developer settings → Personal access tokens**. An organisation may have to approve the token, and with single sign-on a classic token must be authorised for it (**Configure SSO**).",
  },
  {
    platform: "github",
    kind: "user",
    name: "Your GitHub account, signed in",
    owner: "person",
    host,
    fields: [],
    scopes: [],
    ways: ["oauth"],
    how: "Sign in with GitHub. It may do what the GitHub App may do and you may do, lasts eight hours and renews itself.",
  },
];

/** What GitHub needs to create the App in one step: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
export const githubAppManifest = (facts: {
  readonly name: string;
  /** Address of the bot, without a slash at the end. */
  readonly publicUrl: string;
  /** Where GitHub sends the person back with the one-time code. */
  readonly redirectUrl: string;
  readonly callbackUrls: readonly string[];
}) => ({
  name: facts.name,
  url: facts.publicUrl,
  hook_attributes: { url: `${facts.publicUrl}/webhooks/github`, active: true },
  redirect_url: facts.redirectUrl,
  callback_urls: facts.callbackUrls,
  public: false,
  default_permissions: githubAppPermissions,
  default_events: githubEvents,
});
