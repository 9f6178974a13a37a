import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "./redact.ts";

const none = createRedactor({ secrets: () => [] });

const canary = "kR7wQ2zVnB4xM9tLcH3yJ6sDfG8pA1uE";
const awkward = 'p@ss/w0rd+with=odd&<chars>"42';
const pem = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC".repeat(2)}\n${"zX9bT2mK7qL4vN1cR8wY5hJ3gF6dS0pA".repeat(2)}\n-----END PRIVATE KEY-----`;
const redact = createRedactor({ secrets: () => [canary, awkward, pem, "short", "", "hunter2!"] });

const bytesOf = (text: string): readonly number[] => [...new TextEncoder().encode(text)];
const hexOf = (text: string): string =>
  bytesOf(text)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
const base64Of = (text: string): string => btoa(String.fromCharCode(...bytesOf(text)));

/** Every way a value may leave: what may not be seen afterwards is the value once all separators are gone. */
const disguises: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  "in a sentence": (secret) => `the token is ${secret}, keep it`,
  "glued to words": (secret) => `TOKEN_${secret}_END`,
  base64: (secret) => base64Of(secret),
  base64url: (secret) => base64Of(secret).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, ""),
  "base64 of a line with a user before it": (secret) => base64Of(`x-access-token:${secret}`),
  "base64 of a line, shifted by one": (secret) => base64Of(`a${secret}b`),
  "base64 of a line, shifted by two": (secret) => base64Of(`ab${secret}bc`),
  "base64 over lines": (secret) => base64Of(secret).replace(/(.{10})/g, "$1\n"),
  hex: hexOf,
  "upper-case hex": (secret) => hexOf(secret).toUpperCase(),
  "hex with spaces": (secret) => hexOf(secret).replace(/(..)/g, "$1 "),
  "hex with colons": (secret) => hexOf(secret).replace(/(..)/g, "$1:"),
  "escaped bytes": (secret) => hexOf(secret).replace(/(..)/g, "\\x$1"),
  "C bytes": (secret) => hexOf(secret).replace(/(..)/g, "0x$1, "),
  "percent-encoded": (secret) => encodeURIComponent(secret),
  "percent-encoded in full": (secret) => hexOf(secret).replace(/(..)/g, "%$1"),
  reversed: (secret) => [...secret].reverse().join(""),
  "split by spaces": (secret) => [...secret].join(" "),
  "split by line breaks": (secret) => secret.replace(/(.{5})/g, "$1\n"),
  "split by zero width spaces": (secret) => [...secret].join("\u200b"),
  "split as a sum of strings": (secret) => secret.replace(/(.{8})/g, '$1" + "'),
  "in two halves": (secret) =>
    `first ${secret.slice(0, secret.length / 2)} and then ${secret.slice(secret.length / 2)}`,
  "in JSON": (secret) => JSON.stringify({ token: secret }),
};

const squeezed = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");

describe("createRedactor with live secrets", () => {
  it.each(Object.entries(disguises))("lets no canary through %s", (_, disguise) => {
    for (const secret of [canary, awkward, pem]) {
      const disguised = disguise(secret);
      const left = redact(`before ${disguised} after`);
      expect(left).toContain("[redacted]");
      for (let at = 0; at + 12 <= secret.length; at += 4) {
        const piece = secret.slice(at, at + 12);
        if (squeezed(piece).length < 9) continue;
        expect(squeezed(left), piece).not.toContain(squeezed(disguise(piece)).slice(2, -2));
      }
    }
  });

  it("keeps the text around", () => {
    expect(redact(`a ${canary} b ${canary} c`)).toBe("a [redacted] b [redacted] c");
    expect(redact("the password is hunter2!")).toBe("the password is [redacted]");
  });

  it("asks for the secrets at every call", () => {
    const live: string[] = [];
    const follow = createRedactor({ secrets: () => live });
    expect(follow(canary)).toBe(canary);
    live.push(canary);
    expect(follow(canary)).toBe("[redacted]");
  });

  it("takes words for no secrets", () => {
    expect(redact("short words stay")).toBe("short words stay");
  });

  it("lets no random secret through, whatever stands around it", () => {
    const secret = fc.string({
      unit: fc.constantFrom(..."ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789-_/+="),
      minLength: 20,
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(...Object.keys(disguises)),
        fc.string(),
        fc.string(),
        (value, how, before, after) => {
          const trimmed = value.trim();
          fc.pre(squeezed(trimmed).length >= 16 && !["in two halves"].includes(how));
          const disguised = (disguises[how] ?? String)(trimmed);
          const left = createRedactor({ secrets: () => [trimmed] })(`${before} ${disguised} ${after}`);
          expect(left).toContain("[redacted]");
          expect(left).not.toContain(disguised);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const letters = "aB3dE5fG7hJ9kL2mN4pQ6rS8tU0vW1xY3zA5bC7dE9fG2hJ4kL6mN8pQ0rS2tU4vW6xY8z";
const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".slice(0, 16);

/** Built from parts, so that no scanner of repositories takes this file for a leak. */
const families: readonly (readonly [string, string])[] = [
  ...["ghp", "gho", "ghu", "ghs", "ghr"].map((name) => [name, `${name}_${letters.slice(0, 36)}`] as const),
  ["github_pat", `github_${"pat"}_${letters.slice(0, 22)}_${letters.slice(0, 59)}`],
  ...["glpat", "gldt", "glrt", "glcbt", "glptt", "glft", "glagent", "gloas", "glsoat"].map(
    (name) => [name, `${name}-${letters.slice(0, 20)}`] as const,
  ),
  ["glpat with a routable part", `glpat-${letters.slice(0, 27)}.01.${letters.slice(0, 9)}`],
  ...["ATATT", "ATCTT", "ATBB"].map((name) => [name, `${name}3x${letters}=A1B2C3D4`] as const),
  ["BBDC", `BBDC-${letters.slice(0, 44)}`],
  ...["xoxb", "xoxp", "xoxa", "xoxr", "xoxs", "xoxe.xoxp"].map(
    (name) => [name, `${name}-123456789012-${letters.slice(0, 24)}`] as const,
  ),
  ["xapp", `xapp-1-A012345-6789-${letters.slice(0, 40)}`],
  ["xwfp", `xwfp-123456789012-${letters.slice(0, 24)}`],
  ["Slack webhook", `https://hooks.slack.com/services/T000/B000/${letters.slice(0, 24)}`],
  ["OpenAI", `sk-${letters.slice(0, 48)}`],
  ["OpenAI project", `sk-proj-${letters.slice(0, 48)}`],
  ["Anthropic", `sk-ant-api03-${letters}-AA`],
  ["Stripe", `sk_${"live"}_${letters.slice(0, 24)}`],
  ["AWS", `AKIA${upper}`],
  ["AWS session", `ASIA${upper}`],
  ["Google", `AIza${letters.slice(0, 35)}`],
  ["npm", `npm_${letters.slice(0, 36)}`],
  ["PyPI", `pypi-${letters}`],
  ["webhook", `whsec_${letters.slice(0, 32)}`],
  ["Hugging Face", `hf_${letters.slice(0, 34)}`],
  ["JWT", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${letters.slice(0, 43)}`],
];

describe("createRedactor with well-known shapes", () => {
  it.each(families)("knows %s", (_, token) => {
    expect(none(token)).toBe("[redacted]");
    expect(none(`a ${token} b`)).toBe("a [redacted] b");
    expect(none(`"TOKEN_${token}"`)).not.toContain(token.slice(8));
    expect(none(`(${token})`)).toBe("([redacted])");
    expect(none(`key=${token}`)).toBe("key=[redacted]");
  });

  it.each([
    ["Authorization: Bearer abc123def456", "Authorization: Bearer [redacted]"],
    ['"authorization": "Basic dXNlcjpwYXNzd29yZDEyMw=="', '"authorization": "Basic [redacted]"'],
    ["authorization=token 0123456789abcdef", "authorization=token [redacted]"],
    ["curl -H 'PRIVATE-TOKEN: abcdef123456'", "curl -H 'PRIVATE-TOKEN: [redacted]'"],
    ["X-Session-API-Key: 1234abcd5678", "X-Session-API-Key: [redacted]"],
    ["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_SECRET_ACCESS_KEY=[redacted]"],
    [
      "git clone https://bot:hunter2@git.example.com/a/b",
      "git clone https://bot:[redacted]@git.example.com/a/b",
    ],
    ["postgres://user:p%40ss@db:5432/x", "postgres://user:[redacted]@db:5432/x"],
    ["https://abcdef0123456789abcdef@git.example.com/a", "https://[redacted]@git.example.com/a"],
    [`x\n${pem}\ny`, "x\n[redacted]\ny"],
    ["-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nMIIE", "[redacted]"],
  ])("knows %j by what stands around it", (text, expected) => {
    expect(none(text)).toBe(expected);
  });

  it.each([
    "Authorization: required for members",
    "The bearer of this letter",
    "basic authentication is off",
    "risk-management-and-mitigation-plans",
    "see https://example.com/path?x=1#y and mailto:me@example.com",
    "git@github.com:owner/name.git and ssh://git@github.com/owner/name",
    "3f786850e387550fdab836ed7e6dc881de23001b",
    "openhands/12-fix-the-flaky-login-test-of-the-api",
    "npm_config_cache and pypi-server and sk-learn",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "",
  ])("leaves %j as it is", (text) => {
    expect(none(text)).toBe(text);
    expect(redact(text)).toBe(text);
  });

  it("leaves prose as it is", () => {
    const word = fc.string({
      unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzäé"),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.array(word), fc.constantFrom(" ", "\n", ", "), (words, between) => {
        const text = words.join(between);
        expect(redact(text)).toBe(text);
      }),
    );
  });

  it("changes nothing more when applied twice", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom(
              ...families.map(([, token]) => token),
              canary,
              pem,
              "Authorization: Bearer ",
              "https://a:",
              "@",
            ),
            fc.string(),
          ),
        ),
        (parts) => {
          const once = redact(parts.join(" "));
          expect(redact(once)).toBe(once);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("reads a hostile megabyte in a moment", () => {
    for (const unit of [
      "eyJ-",
      "eyJaaaaaaaa.",
      "-----BEGIN PRIVATE KEY-----",
      "ghp_",
      "authorization:",
      "https://a:",
      "a://",
      "sk-",
      "bearer ",
      "x",
      "0x",
      "AT",
      canary.slice(0, -1),
      "-----BEGIN ",
    ]) {
      const started = performance.now();
      redact(unit.repeat(Math.ceil(1_000_000 / unit.length)));
      expect(performance.now() - started, unit).toBeLessThan(5000);
    }
  });
});
