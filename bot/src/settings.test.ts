import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CredentialKind, Field } from "@ask-openhands/core/connection/catalog.ts";
import { describe, expect, it } from "vitest";
import { readSettings, type Settings } from "./settings.ts";

const field = (key: string, env: string, more: Partial<Field> = {}): Field => ({
  key,
  env,
  secret: false,
  required: false,
  label: key,
  help: `Help of ${key}.`,
  format: "text",
  ...more,
});

const kinds: readonly CredentialKind[] = [
  {
    platform: "forge",
    kind: "app",
    name: "Forge App",
    owner: "workspace",
    host: { usual: "forge.example", env: "FORGE_HOST" },
    fields: [
      field("appId", "FORGE_APP_ID", { required: true }),
      field("webhookSecret", "FORGE_WEBHOOK_SECRET", { required: true, secret: true }),
    ],
    scopes: [],
    how: "",
  },
  {
    platform: "forge",
    kind: "token",
    name: "Forge token",
    owner: "either",
    host: { usual: "forge.example", env: "FORGE_HOST" },
    fields: [
      field("token", "FORGE_TOKEN", { required: true, secret: true, least: 20 }),
      field("webhookSecret", "FORGE_WEBHOOK_SECRET", { secret: true }),
    ],
    scopes: [],
    how: "",
  },
  {
    platform: "tracker",
    kind: "token",
    name: "Tracker token",
    owner: "workspace",
    host: { typed: true, env: "TRACKER_HOST" },
    fields: [field("token", "TRACKER_TOKEN", { required: true, secret: true })],
    scopes: [],
    how: "",
  },
];

const secret = "0123456789abcdef0123456789abcdef";

const good = (variables: Record<string, string>): Settings => {
  const reading = readSettings(variables, kinds, () => 0);
  if ("problems" in reading) throw new Error(JSON.stringify(reading.problems));
  return reading.settings;
};

const problems = (variables: Record<string, string>): Record<string, string> => {
  const reading = readSettings(variables, kinds);
  return "problems" in reading
    ? Object.fromEntries(reading.problems.map(({ name, sentence }) => [name, sentence]))
    : {};
};

describe("readSettings", () => {
  it("has usable values when nothing is set", () => {
    expect(good({})).toMatchObject({
      port: 3000,
      host: "127.0.0.1",
      publicUrl: "http://localhost:3000",
      dataDir: "./data",
      keepRuns: 90 * 86_400_000,
      metrics: true,
      connections: [],
    });
  });

  it("tells all problems at once, each naming its variable and never its secret", () => {
    const found = problems({
      PORT: "70000",
      PUBLIC_URL: "nowhere",
      RUN_TIMEOUT: "soon",
      ALLOWED_BOTS: "*",
      METRICS_TOKEN: "hunter2-hunter2",
      FORGE_APP_ID: "1",
      TRACKER_TOKEN: secret,
    });
    expect(Object.keys(found).sort()).toEqual([
      "ALLOWED_BOTS",
      "FORGE_WEBHOOK_SECRET",
      "METRICS_TOKEN",
      "PORT",
      "PUBLIC_URL",
      "RUN_TIMEOUT",
      "TRACKER_HOST",
    ]);
    for (const [name, sentence] of Object.entries(found))
      expect(sentence).toMatch(new RegExp(`^${name} .+\\.$`));
    expect(JSON.stringify(found)).not.toContain("hunter2");
    expect(found["FORGE_WEBHOOK_SECRET"]).toBe(
      "FORGE_WEBHOOK_SECRET is missing: Forge App needs it. Help of webhookSecret.",
    );
  });

  it.each([
    // A lost post is looked for after this time; below it one could still be on its way, and would be there twice.
    ["REQUEST_TIMEOUT", "29s", "30s", "10m"],
    // Node's timers end at once when they are longer than 24 days: this would ask without a pause.
    ["POLL_EVERY", "30d", "5s", "1d"],
    ["POLL_EVERY", "0s", "5s", "1d"],
    ["STOP_TIMEOUT", "1h", "0s", "10m"],
    ["WORKERS", "0", "1", "1000"],
    ["KEEP_RUNS", "1d", "3d", "36500d"],
  ])("refuses %s=%s, which would do something else than it says", (name, value, least, most) => {
    expect(problems({ [name]: value })[name]).toMatch(
      new RegExp(`^${name} must be from \`${least}\` to \`${most}\`\\. .+\\.$`),
    );
    expect([problems({ [name]: least }), problems({ [name]: most })]).toEqual([{}, {}]);
  });

  it.each(["development", "short", "changeme", "your-webhook-secret-goes-here", "0123456789abcdef0123456"])(
    "refuses %j as a webhook secret",
    (value) => {
      expect(Object.keys(problems({ FORGE_APP_ID: "1", FORGE_WEBHOOK_SECRET: value }))).toEqual([
        "FORGE_WEBHOOK_SECRET",
      ]);
    },
  );

  it("understands networks, hosts and addresses that people write in other ways, and refuses the rest", () => {
    expect(
      good({
        TRUSTED_PROXIES: "10.0.0.0/8, ::1",
        ALLOWED_HOSTS: "https://git.internal/, 10.1.2.3:8443",
        PUBLIC_URL: "ask.example.com/",
      }),
    ).toMatchObject({
      trustedProxies: ["10.0.0.0/8", "::1"],
      allowedHosts: ["git.internal", "10.1.2.3:8443"],
      publicUrl: "https://ask.example.com",
    });
    expect(
      Object.keys(
        problems({
          TRUSTED_PROXIES: "everybody",
          ALLOWED_HOSTS: "a b",
          PUBLIC_URL: "https://user:pass@x.test",
        }),
      ).sort(),
    ).toEqual(["ALLOWED_HOSTS", "PUBLIC_URL", "TRUSTED_PROXIES"]);
  });

  it("counts bytes, not characters, of a secret", () => {
    expect(problems({ FORGE_APP_ID: "1", FORGE_WEBHOOK_SECRET: "ä".repeat(12) })).toEqual({});
  });

  it("makes a fixed connection of each complete kind, and further ones by number", () => {
    const { connections } = good({
      FORGE_APP_ID: "1",
      FORGE_WEBHOOK_SECRET: secret,
      FORGE_TOKEN_2: `${secret}2`,
      FORGE_HOST_2: "https://Forge.Example.com:8443/ctx/",
      TRACKER_TOKEN: secret,
      TRACKER_HOST: "t.example",
    });
    expect(
      connections.map(({ connection }) => [
        connection.id,
        connection.kind,
        connection.host,
        connection.fixed,
      ]),
    ).toEqual([
      ["env-forge-app", "app", "forge.example", true],
      ["env-forge-token-2", "token", "forge.example.com:8443/ctx", true],
      ["env-tracker-token", "token", "t.example", true],
    ]);
    expect(connections[0]?.secrets).toEqual({ webhookSecret: secret });
    expect(connections[0]?.connection.settings).toEqual({ appId: "1" });
    expect(JSON.stringify(connections.map((one) => one.connection))).not.toContain(secret);
  });

  it("makes a connection of a kind of which several values will do, when one of its secrets is set", () => {
    const chat: CredentialKind = {
      platform: "chat",
      kind: "app",
      name: "Chat app",
      owner: "workspace",
      host: { only: "chat.example" },
      fields: [
        field("botToken", "CHAT_BOT_TOKEN", { secret: true }),
        field("appToken", "CHAT_APP_TOKEN", { secret: true }),
        field("apiUrl", "CHAT_API_URL", { format: "url", fallback: "https://chat.example/api" }),
      ],
      scopes: [],
      how: "",
    };
    const connectionsOf = (environment: Readonly<Record<string, string>>) => {
      const reading = readSettings({ DATA_DIR: "/data", ...environment }, [chat]);
      return "settings" in reading
        ? reading.settings.connections.map(({ connection }) => connection)
        : reading;
    };
    expect(connectionsOf({ CHAT_APP_TOKEN: "app-token-0123456789" })).toMatchObject([
      { id: "env-chat-app", secretNames: ["appToken"], settings: { apiUrl: "https://chat.example/api" } },
    ]);
    expect(connectionsOf({ CHAT_API_URL: "https://proxy.example" })).toEqual([]);
  });

  it("does not make two connections of one shared secret", () => {
    expect(
      good({ FORGE_TOKEN: secret, FORGE_WEBHOOK_SECRET: secret }).connections.map(
        (one) => one.connection.kind,
      ),
    ).toEqual(["token"]);
  });

  it("reads NAME_FILE, and says so when the file cannot be read", () => {
    const folder = mkdtempSync(join(tmpdir(), "settings-"));
    writeFileSync(join(folder, "token"), `${secret}\n`);
    expect(good({ FORGE_TOKEN_FILE: join(folder, "token") }).connections[0]?.secrets).toEqual({
      token: secret,
    });
    expect(problems({ FORGE_TOKEN_FILE: join(folder, "none") })["FORGE_TOKEN_FILE"]).toContain("ENOENT");
  });

  it("understands line ends written as \\n and base64 in a PEM value", () => {
    const pemKinds: CredentialKind[] = [
      {
        ...kinds[0]!,
        fields: [field("privateKey", "FORGE_KEY", { required: true, secret: true, format: "pem" })],
      },
    ];
    const pem = `-----BEGIN PRIVATE KEY-----\n${"A".repeat(64)}\n-----END PRIVATE KEY-----`;
    const read = (value: string): unknown => {
      const reading = readSettings({ FORGE_KEY: value }, pemKinds);
      return "settings" in reading
        ? reading.settings.connections[0]?.secrets["privateKey"]
        : reading.problems;
    };
    for (const value of [pem, pem.replaceAll("\n", "\\n"), Buffer.from(pem).toString("base64")])
      expect(read(value)).toBe(`${pem}\n`);
    expect(JSON.stringify(read("not a key at all"))).toContain("is not a PEM file");
  });
});
