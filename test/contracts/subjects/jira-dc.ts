import { startFakeJira } from "../../fakes/jira/start.ts";
import type { PlatformSubject } from "../platform-subject.ts";

export const subject: PlatformSubject = {
  id: "jira-dc",
  kinds: ["ticket"],
  limits: {
    "mention in an inline comment": "tickets have no lines of code",
    "several mentions in one review are one ask": "tickets have no reviews",
    "other bots recognised": "accounts of Jira Data Center do not say whether a person uses them",
    reaction: "Jira Data Center has no public interface for reactions",
    "answer in the same thread": "comments on a ticket are flat",
    "diff hunk": "tickets have no lines of code",
    "expiry shown": "Jira tells nobody but its own pages when a token ends",
    "token for the agent": "the agent pushes to a code host, not to Jira",
    "repository search": "repositories live on the connected code hosts",
  },
  unspecified: [
    // Webhooks are an extension of Jira's own with a document of its own.
    /^(GET|POST|PUT|DELETE) \/tracker\/rest\/jira-webhook\/1\.0\/webhooks(\/\d+)?$/,
  ],
  signatureHeaders: ["x-hub-signature"],
  signingSecrets: ["webhookSecret", "previousWebhookSecret"],
  start: () => startFakeJira("dc"),
};
