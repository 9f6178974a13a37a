import { readJson } from "../intake/webhook.ts";
import type { Delivery } from "../intake.ts";

const utf8 = new TextDecoder();

/** Whether a delivery says that it is a form. */
export const isForm = (delivery: Delivery): boolean =>
  (delivery.headers["content-type"] ?? "").toLowerCase().startsWith("application/x-www-form-urlencoded");

/** A form: its one field `payload` read as JSON, or all of its fields. Throws when `payload` is no JSON. */
export const readForm = (text: string): unknown => {
  const form = new URLSearchParams(text);
  const payload = form.get("payload");
  return payload === null ? Object.fromEntries(form) : (JSON.parse(payload) as unknown);
};

/** For platforms that send either. */
export const readJsonOrForm = (delivery: Delivery): unknown =>
  isForm(delivery) ? readForm(utf8.decode(delivery.bytes)) : readJson(delivery);
