import { Failure } from "@ask-openhands/core/failure.ts";
import * as z from "zod";

export interface Payload {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const wrapped = z.strictObject({
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
  event: z.string().optional(),
});

/** Event names stand in a header of another name on each platform; a platform looks at its own only. */
const eventHeaders = ["x-github-event", "x-gitlab-event", "x-event-key"] as const;

const isForm = (text: string): boolean =>
  /^[\w.%~+-]+=[^\s]*$/.test(text.trim()) && !text.trim().startsWith("{");

const parse = (text: string, name: string): Payload => {
  const body = text.replace(/^\ufeff/, "");
  if (body.trim() === "") throw new Failure("bad-input", `${name} is empty.`);
  if (isForm(body)) {
    return {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: Object.fromEntries(new URLSearchParams(body.trim())),
    };
  }
  try {
    return { headers: { "content-type": "application/json" }, body: JSON.parse(body) as unknown };
  } catch (cause) {
    throw new Failure("bad-input", `${name} is not valid JSON.`, { cause });
  }
};

/** A saved delivery: its body alone (JSON, or a form as Slack sends it), or `{ "headers": …, "body": … }`. */
export const readPayload = (text: string, name: string, event: string | undefined): Payload => {
  const plain = parse(text, name);
  const whole = wrapped.safeParse(plain.body);
  const inner =
    whole.success && typeof whole.data.body === "string" ? parse(whole.data.body, name) : undefined;
  const given = whole.success ? whole.data : undefined;
  const named = event ?? given?.event;
  return {
    headers: {
      ...(inner?.headers ?? plain.headers),
      ...lowerCased(given?.headers ?? {}),
      ...(named === undefined ? {} : Object.fromEntries(eventHeaders.map((header) => [header, named]))),
    },
    body: given ? (inner?.body ?? given.body) : plain.body,
  };
};

const lowerCased = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
