import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type SigningKey,
  signingKeys,
  verifyHubSignature,
  verifyPlainToken,
  verifySlackSignature,
  verifyStandardWebhook,
} from "./signature.ts";

const keys = (...secrets: readonly string[]): readonly SigningKey[] =>
  secrets.map((secret, index) => ({ secret, connection: `connection-${index}` }));
const sign = (secret: string, bytes: Uint8Array | string) =>
  `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`;

describe("hub signatures", () => {
  const secret = "It's a Secret to Everybody";
  const body = Buffer.from("Hello, World!");
  const good = sign(secret, body);

  it("says whose secret signed, also with the previous secret of a rotation", () => {
    expect(verifyHubSignature(sign("old", body), body, keys("new", "old"))).toEqual({
      genuine: true,
      connection: "connection-1",
    });
  });

  const malformed: readonly (readonly [string, string | undefined])[] = [
    ["a missing header", undefined],
    ["an empty header", ""],
    ["the prefix alone", "sha256="],
    ["one digit less", good.slice(0, -1)],
    ["one digit more", `${good}0`],
    ["upper-case digits", `sha256=${good.slice(7).toUpperCase()}`],
    ["the sha1 prefix", `sha1=${good.slice(7)}`],
    ["no prefix", good.slice(7)],
    ["letters that are no hex digits", `sha256=${"z".repeat(64)}`],
    ["two values in one header", `${good}, ${good}`],
    ["white space around it", ` ${good} `],
  ];
  it.each(malformed)("refuses %s without throwing", (_, header) => {
    expect(verifyHubSignature(header, body, keys(secret)).genuine).toBe(false);
  });

  it("refuses everything while no secret is set, also a signature made with the empty secret", () => {
    expect(verifyHubSignature(sign("", body), body, [])).toMatchObject({ genuine: false });
    expect(verifyHubSignature(sign("", body), body, keys(""))).toMatchObject({ genuine: false });
  });

  it("refuses a body that was parsed and printed again", () => {
    const raw = '{ "a": 1 }';
    expect(verifyHubSignature(sign(secret, raw), Buffer.from(raw), keys(secret)).genuine).toBe(true);
    expect(
      verifyHubSignature(sign(secret, raw), Buffer.from(JSON.stringify(JSON.parse(raw))), keys(secret))
        .genuine,
    ).toBe(false);
  });

  it("accepts any bytes as they came and refuses them with any one bit turned", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), (bytes, at) => {
        const header = sign(secret, bytes);
        const turned = Uint8Array.from(bytes, (byte, index) =>
          index === at % bytes.length ? byte ^ 1 : byte,
        );
        return (
          verifyHubSignature(header, bytes, keys(secret)).genuine &&
          !verifyHubSignature(header, turned, keys(secret)).genuine
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe("signed times", () => {
  const secret = "8f742231b10e8888abcd99yyyzzz85a5";
  const now = 1_795_251_515_000;
  const slack = (stamp: string) => ({
    "x-slack-request-timestamp": stamp,
    "x-slack-signature": `v0=${createHmac("sha256", secret).update(`v0:${stamp}:{}`).digest("hex")}`,
  });
  const key = Buffer.alloc(32, 7);
  const standard = (stamp: string, prefix = "") => ({
    "webhook-id": "f5e5f430",
    "webhook-timestamp": stamp,
    "webhook-signature": `${prefix}v1,${createHmac("sha256", key).update(`f5e5f430.${stamp}.{}`).digest("base64")}`,
  });
  const bytes = Buffer.from("{}");
  const whsec = keys(`whsec_${key.toString("base64")}`);
  const both = (stamp: string) => [
    verifySlackSignature(slack(stamp), bytes, keys(secret), now).genuine,
    verifyStandardWebhook(standard(stamp), bytes, whsec, now).genuine,
  ];

  it("accepts 299 seconds in both directions and refuses 301", () => {
    const at = (seconds: number) => String(now / 1000 + seconds);
    expect([both(at(-299)), both(at(299))]).toEqual([
      [true, true],
      [true, true],
    ]);
    expect([both(at(-301)), both(at(301))]).toEqual([
      [false, false],
      [false, false],
    ]);
  });

  it.each(["", "1e9", "NaN", "-1795251515", "17952515150000", "1795251515.5", " 1795251515", "0x6b01"])(
    "refuses the time %j though it is signed",
    (stamp) => {
      expect(both(stamp)).toEqual([false, false]);
    },
  );

  it("takes one good signature among several and skips unknown versions", () => {
    const stamp = String(now / 1000);
    const other = `v1,${Buffer.alloc(32).toString("base64")} v1a,${Buffer.alloc(64).toString("base64")} `;
    expect(verifyStandardWebhook(standard(stamp, other), bytes, whsec, now).genuine).toBe(true);
    expect(
      verifyStandardWebhook({ ...standard(stamp), "webhook-signature": other.trim() }, bytes, whsec, now)
        .genuine,
    ).toBe(false);
  });

  it("refuses half a signature and a missing id", () => {
    const whole = standard(String(now / 1000));
    expect(
      verifyStandardWebhook(
        { ...whole, "webhook-signature": whole["webhook-signature"].slice(0, 20) },
        bytes,
        whsec,
        now,
      ).genuine,
    ).toBe(false);
    expect(verifyStandardWebhook({ ...whole, "webhook-id": undefined }, bytes, whsec, now).genuine).toBe(
      false,
    );
  });
});

describe("tokens in clear", () => {
  it("accepts the token itself and nothing near it", () => {
    expect(verifyPlainToken("mysecret", keys("other", "mysecret"))).toEqual({
      genuine: true,
      connection: "connection-1",
    });
    for (const near of ["mysecre", "mysecret ", "MYSECRET", "", undefined])
      expect(verifyPlainToken(near, keys("mysecret")).genuine).toBe(false);
    expect(verifyPlainToken("", keys("")).genuine).toBe(false);
  });
});

describe("signing keys of connections", () => {
  it("gathers current and previous secrets and leaves out those that are not set", () => {
    const connection = {
      id: "c1",
      platform: "x",
      host: "h",
      owner: { kind: "workspace", id: "w" },
      kind: "app",
      name: "n",
      settings: {},
      secretNames: [],
      active: true,
      createdAt: "",
    } as const;
    const secrets: Readonly<Record<string, string>> = { webhookSecret: "new", previousWebhookSecret: "" };
    const source = { secret: (_: unknown, name: string) => secrets[name] };
    expect(signingKeys({ ...unused, ...source }, [connection])).toEqual([
      { secret: "new", connection: "c1" },
    ]);
  });
});

const never = () => {
  throw new Error("not needed here");
};
const unused = {
  list: never,
  get: never,
  renew: never,
  note: never,
  personOf: never,
  accountsOf: never,
  broughtBy: never,
  ofPerson: never,
  override: never,
  watch: never,
};
