/**
 * Calls a minute that Slack promises an app in a workspace, by method: tiers 1 to 4 are 1, 20, 50 and 100.
 * https://docs.slack.dev/apis/web-api/rate-limits; the tier of a method stands on its own page.
 */
const tier1 = 1;
const tier2 = 20;
const tier3 = 50;
const tier4 = 100;

const perMinute: Readonly<Record<string, number>> = {
  "agents.sessions.setStatus": tier3,
  "apps.connections.open": tier1,
  "apps.manifest.export": tier3,
  "bots.info": tier3,
  "chat.appendStream": tier4,
  "chat.postEphemeral": tier4,
  "chat.startStream": tier2,
  "chat.stopStream": tier2,
  "chat.update": tier3,
  "conversations.replies": tier3,
  "oauth.v2.access": tier4,
  "reactions.add": tier3,
  "users.info": tier4,
  "views.open": tier4,
  "views.publish": tier4,
  // Special ones: "hundreds of requests per minute", a cap of the workspace beside the second of the channel, and what Slack's own clients count with.
  "auth.test": 300,
  "chat.postMessage": 300,
  "assistant.threads.setStatus": 600,
};

/** Methods that a small burst is tolerated of: a socket is opened anew when Slack renews it. */
const bursts: Readonly<Record<string, number>> = { "apps.connections.open": 10 };

/** `undefined` for what is no method of the Web API. */
export const allowanceOf = (method: string): number | undefined =>
  perMinute[method] === undefined ? undefined : perMinute[method] + (bursts[method] ?? 0);
