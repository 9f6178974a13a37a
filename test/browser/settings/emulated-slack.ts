import { randomBytes } from "node:crypto";
import { neededScopes } from "@ask-openhands/bot/platforms/slack/manifest.ts";
import { createEmulator } from "emulate";

/** Slack as `emulate` plays it, with one app that may be installed from these addresses. */
export const startEmulatedSlack = async (redirectUris: readonly string[]) => {
  const clientId = "12345.67890";
  const clientSecret = randomBytes(16).toString("hex");
  const slack = await createEmulator({
    service: "slack",
    port: 0,
    seed: {
      slack: {
        team: { name: "Acme", domain: "acme" },
        users: [{ name: "mira", real_name: "Mira Writer", email: "mira@example.com" }],
        channels: [{ name: "general" }],
        strict_scopes: true,
        oauth_apps: [
          {
            client_id: clientId,
            client_secret: clientSecret,
            app_id: "A000000001",
            name: "OpenHands",
            redirect_uris: [...redirectUris],
            scopes: neededScopes.map(({ name }) => name),
          },
        ],
      },
    },
  });
  const secrets = { clientSecret, signingSecret: randomBytes(16).toString("hex") };
  return {
    secrets: Object.values(secrets),
    /** What an operator sets: only they may name another server than Slack's. */
    environment: {
      SLACK_CLIENT_ID: clientId,
      SLACK_CLIENT_SECRET: secrets.clientSecret,
      SLACK_SIGNING_SECRET: secrets.signingSecret,
      SLACK_API_URL: `${slack.url}/api`,
      ALLOWED_HOSTS: new URL(slack.url).host,
    },
    close: () => slack.close(),
  };
};
