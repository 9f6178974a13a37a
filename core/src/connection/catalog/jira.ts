import type { CredentialKind, Field } from "../catalog.ts";

const webhookSecret = (env: string): Field => ({
  key: "webhookSecret",
  env,
  secret: true,
  required: true,
  label: "Webhook secret",
  help: "Jira signs its deliveries with it. Make one with `openssl rand -hex 32` and type the same into Jira's webhook form.",
  format: "text",
  least: 24,
});

const repositories = (env: string): Field => ({
  key: "repositories",
  env,
  secret: false,
  required: false,
  label: "Project → repository",
  help: "Which repository a project's tickets mean, as `ABC=github.com/owner/name`, separated by commas. Without it the ticket's text or the asker says.",
  format: "repositories",
  example: "ABC=github.com/example/shop",
});

/** As Jira's own webhook form names them. */
const webhookEvents = [
  "Issue: created",
  "Issue: updated",
  "Comment: created",
  "Comment: updated",
  "Comment: deleted",
] as const;

const cloudFields = (prefix: string): readonly Field[] => [
  {
    key: "site",
    env: `${prefix}_SITE`,
    secret: false,
    required: true,
    label: "Site",
    help: "Address of your Jira site: `yourcompany.atlassian.net`.",
    format: "url",
    example: "https://yourcompany.atlassian.net",
  },
  {
    key: "email",
    env: `${prefix}_EMAIL`,
    secret: false,
    required: true,
    label: "Service account e-mail",
    help: "E-mail address of the account we post with; best a service account of its own.",
    format: "text",
    example: "openhands@serviceaccount.atlassian.com",
  },
];

/** With these, people prove their account by signing in there; without, by a comment. */
const application = (prefix: string, what: string): readonly Field[] => [
  {
    key: "clientId",
    env: `${prefix}_CLIENT_ID`,
    secret: false,
    required: false,
    label: "OAuth client ID",
    help: `Of ${what}. With it people link their account by signing in to Jira; without it by writing a comment.`,
    format: "text",
  },
  {
    key: "clientSecret",
    env: `${prefix}_CLIENT_SECRET`,
    secret: true,
    required: false,
    label: "OAuth client secret",
    help: `Of ${what}.`,
    format: "text",
    least: 16,
  },
];

const cloudApplication = (prefix: string): readonly Field[] => [
  ...application(prefix, "an OAuth 2.0 (3LO) app in developer.atlassian.com"),
  {
    key: "authServer",
    env: `${prefix}_AUTH_SERVER`,
    secret: false,
    required: false,
    label: "Sign-in server",
    help: "Where people sign in to Atlassian. Only to be changed behind a proxy.",
    format: "url",
    fallback: "https://auth.atlassian.com",
  },
];

const cloudScopes = [
  { name: "read:me", for: "knowing which account we are" },
  { name: "read:jira-work", for: "reading tickets, comments and permissions" },
  { name: "write:jira-work", for: "posting and editing the report" },
] as const;

const gateway: Field = {
  key: "gateway",
  env: "JIRA_CLOUD_GATEWAY",
  secret: false,
  required: false,
  label: "API gateway",
  help: "Where scoped tokens are accepted. Only to be changed behind a proxy.",
  format: "url",
  fallback: "https://api.atlassian.com",
};

/** Jira Cloud: scoped tokens work only through the gateway with the site's cloud id, classic ones only on the site itself. */
export const jiraCloudKinds: readonly CredentialKind[] = [
  {
    platform: "jira-cloud",
    kind: "scoped-token",
    name: "Jira Cloud service account",
    owner: "workspace",
    host: { from: "site" },
    creatorOnly: true,
    webhookEvents,
    siteDomain: "atlassian.net",
    fields: [
      ...cloudFields("JIRA_CLOUD"),
      {
        key: "token",
        env: "JIRA_CLOUD_TOKEN",
        secret: true,
        required: true,
        label: "API key",
        help: "Scoped API token of the service account, with `read:me`, `read:jira-work` and `write:jira-work`.",
        format: "text",
        least: 24,
      },
      webhookSecret("JIRA_CLOUD_WEBHOOK_SECRET"),
      repositories("JIRA_CLOUD_REPOSITORIES"),
      ...cloudApplication("JIRA_CLOUD"),
      gateway,
    ],
    scopes: cloudScopes,
    how: "In **admin.atlassian.com → Directory → Service accounts** create an account with access to Jira, then **Create credentials → API token** with the scopes `read:me`, `read:jira-work`, `write:jira-work`. Then add a webhook in **Jira → Settings → System → WebHooks** with our address, the secret, and the events issue created and updated, comment created, updated and deleted.",
  },
  {
    platform: "jira-cloud",
    kind: "token",
    name: "Jira Cloud account with a classic API token",
    owner: "workspace",
    host: { from: "site" },
    creatorOnly: true,
    webhookEvents,
    siteDomain: "atlassian.net",
    fields: [
      ...cloudFields("JIRA_CLOUD_CLASSIC"),
      {
        key: "token",
        env: "JIRA_CLOUD_CLASSIC_TOKEN",
        secret: true,
        required: true,
        label: "API token",
        help: "Classic API token (without scopes) of the account, from id.atlassian.com.",
        format: "text",
        least: 24,
      },
      webhookSecret("JIRA_CLOUD_CLASSIC_WEBHOOK_SECRET"),
      repositories("JIRA_CLOUD_CLASSIC_REPOSITORIES"),
      ...cloudApplication("JIRA_CLOUD_CLASSIC"),
    ],
    scopes: [],
    how: "Sign in as the account, open **id.atlassian.com → Security → API tokens** and create a token. It has all rights of the account and lasts at most a year.",
  },
];

/** Jira Data Center: a personal access token of a service account. It has no scopes: rights are the account's. */
export const jiraDcKinds: readonly CredentialKind[] = [
  {
    platform: "jira-dc",
    kind: "token",
    name: "Jira Data Center service account",
    owner: "workspace",
    host: { from: "baseUrl" },
    creatorOnly: true,
    webhookEvents,
    fields: [
      {
        key: "baseUrl",
        env: "JIRA_DC_URL",
        secret: false,
        required: true,
        label: "Base address",
        help: "Address of Jira with its context path, as in **System → General configuration → Base URL**.",
        format: "url",
        example: "https://jira.example.com/jira",
      },
      {
        key: "token",
        env: "JIRA_DC_TOKEN",
        secret: true,
        required: true,
        label: "Personal access token",
        help: "Of the service account: **Profile → Personal access tokens**. It needs to browse projects and to add comments.",
        format: "text",
        least: 24,
      },
      webhookSecret("JIRA_DC_WEBHOOK_SECRET"),
      repositories("JIRA_DC_REPOSITORIES"),
      ...application("JIRA_DC", "an incoming application link (OAuth 2.0) in Jira's administration"),
    ],
    scopes: [
      { name: "BROWSE_PROJECTS", for: "reading tickets and comments" },
      { name: "ADD_COMMENTS", for: "posting the report" },
      { name: "EDIT_OWN_COMMENTS", for: "keeping the report up to date" },
    ],
    how: "Create a service account that may browse the projects and comment on tickets. Sign in as it and create a token in **Profile → Personal access tokens**. The webhook is installed by us with an administrator's token that is used once and never stored.",
  },
];
