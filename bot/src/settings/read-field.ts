import type { Field } from "@ask-openhands/core/connection/catalog.ts";
import ipaddr from "ipaddr.js";

/** A value as it is kept (trimmed, one spelling), or what is wrong with it as the end of a sentence that begins with its name. */
export type FieldReading = { readonly value: string } | { readonly problem: string };

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `30s`, `15m`, `2h` or `7d`. */
export const readDuration = (text: string): number | undefined => {
  const match = /^(\d{1,6})\s*([smhd])$/.exec(text.trim());
  const unit = units[match?.[2] ?? ""];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
};

export const readList = (text: string): readonly string[] =>
  text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");

export const readSwitch = (text: string): boolean | undefined => {
  if (/^(true|yes|on|1)$/i.test(text.trim())) return true;
  return /^(false|no|off|0)$/i.test(text.trim()) ? false : undefined;
};

/** An address or a network in CIDR notation. */
export const isNetwork = (text: string): boolean => ipaddr.isValidCIDR(text) || ipaddr.isValid(text);

/** `host`, `host:port` or `host/context` of what people type: with or without scheme and slash at the end. */
export const readHost = (text: string): string | undefined => {
  const typed = text.trim();
  const address = /^https?:\/\//i.test(typed) ? typed : `https://${typed}`;
  if (/\s|@|\?|#|\\/.test(typed) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.hostname === "" || /%/.test(url.pathname)
    ? undefined
    : `${url.host}${url.pathname.replace(/\/+$/, "")}`.toLowerCase();
};

/** People leave the scheme away; a host with a dot, or this machine, is meant with https. */
const withScheme = (text: string): string =>
  /^(localhost|[\w-]+(\.[\w-]+)+)(:\d+)?(\/[^\s]*)?$/i.test(text) ? `https://${text}` : text;

const readUrl = (typed: string): FieldReading => {
  const text = withScheme(typed);
  if (!URL.canParse(text)) return { problem: "is not an address; write it with `https://`" };
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return { problem: "must begin with `https://` or `http://`" };
  if (url.username !== "" || url.password !== "") return { problem: "must not hold a user name or password" };
  return { value: text.replace(/\/+$/, "") };
};

/** Environment variables cannot hold line ends everywhere, so `\n` and base64 of the whole file are understood too. */
const readPem = (text: string): FieldReading => {
  const plain = text.includes("-----BEGIN") ? text : Buffer.from(text, "base64").toString("utf8");
  const pem = `${plain.replaceAll("\\n", "\n").trim()}\n`;
  return /^-----BEGIN [A-Z ]+-----\n[\s\S]+\n-----END [A-Z ]+-----\n$/.test(pem)
    ? { value: pem }
    : { problem: "is not a PEM file; it begins with `-----BEGIN` and ends with `-----`" };
};

const readNumber = (text: string, least: number, most: number, what: string): FieldReading => {
  const number = Number(text);
  return /^\d+(\.\d{1,2})?$/.test(text) && number >= least && number <= most
    ? { value: String(number) }
    : { problem: `must be ${what}` };
};

const readChoice = (field: Field, text: string): FieldReading =>
  (field.choices ?? []).includes(text)
    ? { value: text }
    : { problem: `must be one of ${(field.choices ?? []).map((choice) => `\`${choice}\``).join(", ")}` };

const readRepositories = (text: string): FieldReading => {
  const entries = readList(text).map((entry) => entry.replace(/\s*=\s*/, "="));
  return entries.every((entry) => /^[^\s=]+=[^\s=/]+(\/[^\s=/]+)+$/.test(entry))
    ? { value: entries.join(",") }
    : { problem: "must hold entries like `ABC=owner/name`" };
};

const readFormat = (field: Field, text: string): FieldReading => {
  switch (field.format) {
    case "url":
      return readUrl(text);
    case "host": {
      const host = readHost(text);
      return host === undefined
        ? { problem: "is not a host; write it like `git.example.com` or `example.com/context`" }
        : { value: host };
    }
    case "port":
      return /^\d+$/.test(text) && Number(text) <= 65_535
        ? { value: text }
        : { problem: "must be a port between 0 and 65535" };
    case "whole-number":
      return /^\d+$/.test(text)
        ? readNumber(text, 0, 1_000_000_000, "a whole number")
        : { problem: "must be a whole number" };
    case "money":
      return readNumber(text, 0, 1_000_000, "an amount like `5` or `2.50`");
    case "switch": {
      const on = readSwitch(text);
      return on === undefined ? { problem: "must be `true` or `false`" } : { value: String(on) };
    }
    case "duration":
      return readDuration(text) === undefined
        ? { problem: "must be a duration like `30s`, `15m`, `2h` or `7d`" }
        : { value: text.replaceAll(" ", "") };
    case "list":
      return { value: readList(text).join(",") };
    case "repositories":
      return readRepositories(text);
    case "pem":
      return readPem(text);
    case "choice":
      return readChoice(field, text);
    default:
      return { value: text };
  }
};

/** Words that documentation and frameworks put where a secret belongs. */
const placeholders = /^(development|changeme|change-me|secret|password|your[-_ ].*|<.*>|\.\.\.|x{3,})$/i;

/** Least bytes of a secret: what signs or seals something must not be guessable; tokens of other systems are as long as those make them. */
const leastBytes = (field: Field): number => field.least ?? (/secret$/i.test(field.key) ? 24 : 8);

/** Reads what a person set. The sentence never repeats a secret. */
export const readField = (field: Field, given: string): FieldReading => {
  const text = given.trim();
  if (text === "") return field.required ? { problem: "is empty" } : { value: "" };
  if (!field.secret) return readFormat(field, text);
  if (placeholders.test(text)) return { problem: "holds a placeholder, not a secret" };
  if (Buffer.byteLength(text) < leastBytes(field))
    return { problem: `is shorter than ${leastBytes(field)} bytes` };
  if (field.format !== "pem" && field.format !== "list" && /\s/.test(text))
    return { problem: "must not hold spaces or line ends" };
  return readFormat(field, text);
};
