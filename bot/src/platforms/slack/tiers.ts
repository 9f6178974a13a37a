/**
 * Calls a minute that Slack promises an app in a workspace, by method: tiers 1 to 4 are 1, 20, 50 and 100, special ones stand on their own page.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
const perMinute: Readonly<Record<string, number>> = {
  "agents.sessions.setStatus": 50,
  "assistant.threads.setStatus": 100,
  "apps.manifest.export": 50,
  "auth.test": 100,
  "bots.info": 50,
  "chat.appendStream": 100,
  "chat.postEphemeral": 100,
  "chat.postMessage": 100,
  "chat.startStream": 20,
  "chat.stopStream": 20,
  "chat.update": 50,
  "conversations.replies": 50,
  "reactions.add": 50,
  "users.info": 100,
  "views.open": 100,
  "views.publish": 100,
};

const unknown = 20;

export const allowanceOf = (method: string): number => perMinute[method] ?? unknown;
