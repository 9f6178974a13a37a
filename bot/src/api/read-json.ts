import type { Shape } from "@ask-openhands/core/api/contract.ts";
import type { RouteFacts } from "@ask-openhands/core/api/route.ts";
import { problem, problemOfIssues } from "./problem.ts";

const limit = 512 * 1_024;

/** Bytes of the body, read no further than the limit. */
const readBytes = async (request: Request): Promise<Uint8Array> => {
  const tooLarge = problem(413, `The request is larger than ${limit / 1_024} KiB.`);
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge;
  if (request.body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body) {
    size += part.byteLength;
    if (size > limit) throw tooLarge;
    parts.push(part);
  }
  return Buffer.concat(parts);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof RangeError)
      throw problem(400, "The body is not JSON.");
    throw cause;
  }
};

/** The body as its schema wants it; throws a problem. Forms only where RFC 8628 has them: another site can send a form, but not JSON. */
export const readBody = async (request: Request, facts: RouteFacts, shape: Shape): Promise<unknown> => {
  if (shape.body === undefined) return undefined;
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  const isForm = type === "application/x-www-form-urlencoded" && facts.special === "form";
  if (type !== "application/json" && !isForm) throw problem(415, "Send the body as application/json.");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await readBytes(request));
  } catch (cause) {
    if (cause instanceof TypeError) throw problem(400, "The body is not UTF-8.");
    throw cause;
  }
  const value = isForm ? Object.fromEntries(new URLSearchParams(text)) : parseJson(text);
  const parsed = shape.body.safeParse(value);
  if (!parsed.success) throw problemOfIssues(parsed.error, "body");
  return parsed.data;
};
