import { startFakeSlack } from "../../fakes/slack/start.ts";
import type { PlatformSubject } from "../platform-subject.ts";

export const subject: PlatformSubject = {
  id: "slack",
  kinds: ["thread"],
  limits: {
    "mention in the description": "a thread has no description: its first message is one like the others",
    "mention in an inline comment": "threads have no lines of code",
    "several mentions in one review are one ask": "threads have no reviews",
    label: "messages have no labels",
    "label at creation": "messages have no labels",
    assignment: "messages are assigned to nobody",
    "answer in the same thread": "the thread is the place itself",
    "diff hunk": "threads have no lines of code",
    polling: "Slack repeats what it could not deliver, and Socket Mode needs no address",
    "webhooks installed by us": "what Slack sends is set by the app's manifest, which we print",
    "expiry shown": "bot tokens do not end by themselves",
    "token for the agent": "the agent pushes to a code host, not to Slack",
    "repository search": "repositories live on the connected code hosts",
  },
  unspecified: [
    // Streams, assistants and agents are newer than the document that Slack published.
    /^POST \/api\/(chat\.(start|append|stop)Stream|assistant\.threads\.set\w+|agents\.sessions\.set\w+)$/,
  ],
  signatureHeaders: ["x-slack-signature"],
  signingSecrets: ["signingSecret", "previousSigningSecret"],
  start: () => startFakeSlack(),
};
