import { generateKeyPairSync, randomBytes } from "node:crypto";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";

/** Characters of a secret in a row that must not get out, also where something was clipped. */
const telling = 12;

const windows = (text: string): readonly string[] =>
  Array.from({ length: Math.max(1, text.length - telling + 1) }, (_, at) => text.slice(at, at + telling));

/** What of a secret stands in a text: as it is, in base64 or without punctuation, whole or in part. */
export const partsOf = (secret: string, text: string): readonly string[] => {
  const plain = secret.replace(/[^A-Za-z0-9]/g, "");
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from(" ".repeat(shift) + secret)
      .toString("base64")
      .slice(4, -4),
  );
  const forms = [secret, plain, plain.toLowerCase(), encodeURIComponent(secret), ...base64];
  return forms.flatMap(windows).filter((part) => text.includes(part));
};

/** A made-up secret without the shape of any well-known token, so that only knowing it protects it. */
export const newCanary = (): string => `c-${randomBytes(24).toString("base64url")}`;

const privateKey = (): string =>
  generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs1", format: "pem" })
    .toString();

/** Variables for one connection of every kind there is, all at `url`, with a canary for every secret. */
export const everyConnection = (
  url: string,
): { readonly variables: Record<string, string>; readonly canaries: readonly string[] } => {
  const variables: Record<string, string> = {};
  const canaries: string[] = [];
  const secret = (isKey: boolean): string => {
    const value = isKey ? privateKey() : newCanary();
    canaries.push(...(isKey ? value.split("\n").filter((line) => line.length > 40) : [value]));
    return value;
  };
  for (const { fields, host, owner } of catalog) {
    if (owner === "person") continue;
    if ("env" in host) variables[host.env] = new URL(url).host;
    for (const field of fields) {
      if (field.env === undefined || field.format === "choice") continue;
      if (field.secret) variables[field.env] = secret(field.format === "pem");
      else if (field.format === "url") variables[field.env] = url;
      else if (field.example !== undefined) variables[field.env] = field.example;
      else if (field.required) variables[field.env] = "1";
    }
  }
  return { variables, canaries };
};
