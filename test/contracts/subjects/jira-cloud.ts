import { startFakeJira } from "../../fakes/jira/start.ts";
import type { PlatformSubject } from "../platform-subject.ts";

export const subject: PlatformSubject = {
  id: "jira-cloud",
  kinds: ["ticket"],
  limits: {
    "mention in an inline comment": "tickets have no lines of code",
    "several mentions in one review are one ask": "tickets have no reviews",
    "webhooks installed by us":
      "only an administrator's classic token may: the page shows address and events, or takes such a token once",
    reaction: "Jira Cloud has no interface for reactions",
    "answer in the same thread": "comments on a ticket are flat",
    "diff hunk": "tickets have no lines of code",
    "expiry shown": "Atlassian has no interface that tells when a token ends",
    "token for the agent": "the agent pushes to a code host, not to Jira",
    "repository search": "repositories live on the connected code hosts",
  },
  unspecified: [
    // The site itself, not its API, tells its cloud id.
    /^GET \/_edge\/tenant_info$/,
  ],
  signatureHeaders: ["x-hub-signature"],
  signingSecrets: ["webhookSecret", "previousWebhookSecret"],
  start: () => startFakeJira("cloud"),
};
