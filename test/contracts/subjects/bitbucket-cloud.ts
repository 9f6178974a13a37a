import { startBitbucketWorld } from "../../fakes/bitbucket/world.ts";
import type { PlatformSubject } from "../platform-subject.ts";

export const subject: PlatformSubject = {
  id: "bitbucket-cloud",
  kinds: ["pull-request"],
  limits: {
    "several mentions in one review are one ask":
      "Bitbucket Cloud tells of each comment of a review by itself and names no review.",
    label: "Bitbucket Cloud has no labels.",
    "label at creation": "Bitbucket Cloud has no labels.",
    assignment: "Bitbucket Cloud has no assignees on pull requests, and no issues since August 2026.",
    reaction: "Bitbucket Cloud has no interface for reactions; the report is the acknowledgement.",
    "expiry shown": "Bitbucket Cloud tells nobody but its own pages when a token ends.",
    "several hosts": "There is one Bitbucket Cloud.",
  },
  signatureHeaders: ["x-hub-signature"],
  signingSecrets: ["webhookSecret", "previousWebhookSecret"],
  agentTokenName: "BITBUCKET_TOKEN",
  start: () => startBitbucketWorld("cloud"),
};
