import { startBitbucketWorld } from "../../fakes/bitbucket/world.ts";
import type { PlatformSubject } from "../platform-subject.ts";

export const subject: PlatformSubject = {
  id: "bitbucket-dc",
  kinds: ["pull-request"],
  limits: {
    "several mentions in one review are one ask":
      "Bitbucket Data Center tells of each comment of a review by itself and names no review.",
    label: "Bitbucket Data Center has no labels on pull requests.",
    "label at creation": "Bitbucket Data Center has no labels on pull requests.",
    assignment: "Bitbucket Data Center has no assignees.",
    "expiry shown": "Bitbucket Data Center tells nobody but its own pages when a token ends.",
  },
  signatureHeaders: ["x-hub-signature"],
  signingSecrets: ["webhookSecret", "previousWebhookSecret"],
  agentTokenName: "BITBUCKET_DATA_CENTER_TOKEN",
  start: () => startBitbucketWorld("dc"),
};
