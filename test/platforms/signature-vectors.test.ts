import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type SigningKey,
  verifyHubSignature,
  verifyPlainToken,
  verifySlackSignature,
  verifyStandardWebhook,
} from "@ask-openhands/bot/platforms/signature.ts";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { sharedPath } from "../fakes/shared-dir.ts";

const vectorSchema = z.object({
  id: z.string(),
  kind: z.string(),
  secret: z.string().optional(),
  body: z.string().optional(),
  body_file: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
});
type Vector = z.infer<typeof vectorSchema>;

const folder = sharedPath("contracts", "vectors");
const read = (name: string) => readFileSync(join(folder ?? "", name));
const vectors = folder ? z.array(vectorSchema).parse(JSON.parse(read("vectors.json").toString())) : [];
/** These tell a rule in words; the test named is the one in `bot/src/platforms/signature.test.ts` that holds it. */
const rules: Readonly<Record<string, string>> = {
  "neg-github-uppercase-hex": '["upper-case digits"',
  "neg-truncated": '["one digit less"',
  "neg-gitlab-multi": "takes one good signature among several and skips unknown versions",
  "neg-reserialised": "refuses a body that was parsed and printed again",
};
const signed = vectors.filter((one) => one.kind !== "negative");

const bytesOf = (one: Vector) => (one.body_file ? read(one.body_file) : Buffer.from(one.body ?? ""));

/** Checks a vector with the scheme that its headers name, at the time that it was signed. */
function isGenuine(one: Vector, bytes: Uint8Array, secret: string, late = 0): boolean {
  const headers = Object.fromEntries(
    Object.entries(one.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const keys: readonly SigningKey[] = [{ secret }];
  const stamp = headers["webhook-timestamp"] ?? headers["x-slack-request-timestamp"];
  const now = (Number(stamp ?? 0) + late) * 1000;
  if (headers["webhook-signature"]) return verifyStandardWebhook(headers, bytes, keys, now).genuine;
  if (headers["x-slack-signature"]) return verifySlackSignature(headers, bytes, keys, now).genuine;
  if (headers["x-gitlab-token"]) return verifyPlainToken(headers["x-gitlab-token"], keys).genuine;
  return verifyHubSignature(headers["x-hub-signature-256"] ?? headers["x-hub-signature"], bytes, keys)
    .genuine;
}

describe.skipIf(folder === undefined)("published and recorded signature vectors", () => {
  it("are there to be checked", () => {
    expect(signed.length).toBeGreaterThanOrEqual(9);
  });

  it("that tell in words what is refused are each held by a test, and those with headers are refused", () => {
    const source = readFileSync(
      new URL("../../bot/src/platforms/signature.test.ts", import.meta.url),
      "utf8",
    );
    const negative = vectors.filter((one) => one.kind === "negative");
    expect(negative.length).toBeGreaterThan(0);
    for (const one of negative)
      if (one.headers)
        expect([one.id, isGenuine(one, bytesOf(one), one.secret ?? "")]).toEqual([one.id, false]);
      else expect(source, one.id).toContain(rules[one.id] ?? "no test is known for this one");
  });

  it.each(signed.map((one) => [one.id, one] as const))(
    "%s is accepted, and refused with another secret, another body, a cut signature or too late",
    (_, one) => {
      const bytes = bytesOf(one);
      const secret = one.secret ?? "";
      expect(isGenuine(one, bytes, secret)).toBe(true);
      expect(isGenuine(one, bytes, `whsec_${Buffer.from(`${secret} not`).toString("base64")}`)).toBe(false);
      const cut = Object.fromEntries(
        Object.entries(one.headers ?? {}).map(([name, value]) => [name, value.slice(0, -1)]),
      );
      expect(isGenuine({ ...one, headers: cut }, bytes, secret)).toBe(false);
      if (one.kind !== "rule")
        expect(isGenuine(one, Buffer.concat([bytes, Buffer.from(" ")]), secret)).toBe(false);
      const isTimed = Object.keys(one.headers ?? {}).some((name) => /timestamp/i.test(name));
      if (isTimed) expect(isGenuine(one, bytes, secret, 301)).toBe(false);
    },
  );
});
