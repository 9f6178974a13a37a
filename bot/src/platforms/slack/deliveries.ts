import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { Delivery } from "../../intake.ts";
import { isForm, readForm, readJsonOrForm } from "../read-form.ts";
import { hearSlack, type SlackEar } from "./hear.ts";
import { hearCommand, hearInteraction } from "./hear-interaction.ts";

type Fields = Readonly<Record<string, unknown>>;

const utf8 = new TextDecoder();

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Events are JSON; commands are forms, and interactions are JSON in the field of a form. */
export const readDelivery = {
  body: readJsonOrForm,
  isCheck: (delivery: Delivery): boolean =>
    isForm(delivery) &&
    delivery.bytes.length < 2_000 &&
    /(?:^|&)ssl_check=1(?:&|$)/.test(utf8.decode(delivery.bytes)),
};

const eventTypes: ReadonlySet<unknown> = new Set(["event_callback", "url_verification", "app_rate_limited"]);

const isCommand = (body: Fields): boolean =>
  typeof body["command"] === "string" && body["command"].startsWith("/");

/** True for what Bolt dispatches: commands, shortcuts, buttons, forms, lists. */
export const isInteractive = (body: unknown): body is Fields =>
  isFields(body) &&
  (isCommand(body) ||
    (typeof body["type"] === "string" &&
      !eventTypes.has(body["type"]) &&
      body["event"] === undefined &&
      isKnownInteraction(body["type"])));

/** True for an interaction that names nobody who did it; Bolt would stumble over it. */
export const isNobodys = (body: Fields): boolean =>
  !isCommand(body) && !(isFields(body["user"]) && typeof body["user"]["id"] === "string");

const interactions: ReadonlySet<string> = new Set([
  "block_actions",
  "block_suggestion",
  "view_submission",
  "view_closed",
  "message_action",
  "shortcut",
  "interactive_message",
  "dialog_submission",
  "dialog_cancellation",
  "dialog_suggestion",
  "workflow_step_edit",
]);
const isKnownInteraction = (type: string): boolean => interactions.has(type);

/** What any delivery of Slack's says; a form that was saved as text counts too. */
export const explainSlack = (body: unknown, ear: SlackEar): Heard => {
  const read = typeof body === "string" && body.includes("=") ? readForm(body.trim()) : body;
  if (!isFields(read)) return hearSlack(read, ear);
  if (isCommand(read)) return hearCommand(read, ear);
  return isInteractive(read) ? hearInteraction(read, ear) : hearSlack(read, ear);
};
