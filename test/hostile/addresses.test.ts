import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createGuardedFetch } from "@ask-openhands/bot/guarded-fetch.ts";
import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPlatformBench } from "../contracts/platform-bench.ts";

/** Names that lie: private, first public then private, metadata. */
const names: Readonly<Record<string, readonly string[]>> = {
  "private.test": ["127.0.0.1"],
  "mixed.test": ["93.184.216.34", "127.0.0.1"],
  "metadata.test": ["169.254.169.254"],
  "ula.test": ["fd00::1"],
};

let hits = 0;
let tried = 0;
let port = 0;
const canary = createServer((_request, response) => {
  hits += 1;
  response.end("{}");
});
beforeAll(
  () =>
    new Promise<void>((resolve) => {
      canary.listen(0, "127.0.0.1", () => {
        port = (canary.address() as AddressInfo).port;
        resolve();
      });
    }),
);
afterAll(() => {
  canary.close();
  console.log(`hostile addresses tried: ${tried}`);
});

const guarded = createGuardedFetch({
  isPrivateAllowed: () => false,
  caOf: () => undefined,
  connectTimeout: 2_000,
  requestTimeout: 2_000,
  resolve: (host, done) => {
    const found = names[host];
    if (found === undefined) done(Object.assign(new Error("unknown"), { code: "ENOTFOUND" }), []);
    else
      done(
        null,
        found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      );
  },
});
afterAll(() => guarded.close());

const forbidden = (): readonly string[] => [
  ...[
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[fe80::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "224.0.0.1",
    "255.255.255.255",
    "１２７.０.０.１",
    "127。0。0。1",
    "private.test",
    "mixed.test",
    "metadata.test",
    "ula.test",
    "user:pass@127.0.0.1",
    "github.com@127.0.0.1",
  ].flatMap((host) => [`http://${host}:${port}`, `https://${host}:${port}`]),
  `file:///etc/passwd`,
  `ftp://127.0.0.1:${port}`,
  `gopher://127.0.0.1:${port}`,
  `data:text/plain,x`,
  `unix:///var/run/docker.sock`,
];

describe("forbidden addresses", () => {
  it("are not called by the guarded fetch, whatever their spelling", async () => {
    for (const address of forbidden()) {
      tried += 1;
      await expect(
        (async () => guarded.fetch(`${address}/x`, { redirect: "follow" }))(),
        address,
      ).rejects.toThrow();
    }
    expect(hits).toBe(0);
  }, 60_000);

  it("are not called by sockets either", async () => {
    for (const address of forbidden().filter((one) => one.startsWith("http"))) {
      tried += 1;
      await new Promise<void>((resolve) => {
        try {
          const socket = guarded.openSocket(`${address.replace(/^http/, "ws")}/x`);
          socket.addEventListener("open", () => resolve());
          socket.addEventListener("error", () => resolve());
          socket.addEventListener("close", () => resolve());
        } catch {
          // Refused before anything was opened, which is as good.
          resolve();
        }
      });
    }
    expect(hits).toBe(0);
  }, 60_000);

  const kinds = catalog.filter(
    ({ platform, fields }) =>
      platforms.some(({ id }) => id === platform) &&
      fields.some(({ format }) => format === "url" || format === "host"),
  );
  it.each(kinds.map((kind) => [`${kind.platform}: ${kind.name}`, kind] as const))(
    "are not called through the address fields of %s",
    async (_name, kind) => {
      const entry = platforms.find(({ id }) => id === kind.platform);
      const fields = kind.fields.filter(({ format }) => format === "url" || format === "host");
      for (const address of forbidden()) {
        const connection: Connection = {
          id: "hostile",
          platform: kind.platform,
          host: URL.canParse(address) ? new URL(address).host || "x" : "x",
          owner: { kind: "workspace", id: "main" },
          kind: kind.kind,
          name: kind.name,
          settings: Object.fromEntries(
            fields.filter(({ secret }) => !secret).map(({ key }) => [key, address]),
          ),
          secretNames: kind.fields.filter(({ secret }) => secret).map(({ key }) => key),
          active: true,
          createdAt: "2026-05-01T10:00:00.000Z",
        };
        const secrets = Object.fromEntries(
          kind.fields
            .filter(({ secret }) => secret)
            .map(({ key }) => [key, "a-secret-0123456789-0123456789"]),
        );
        const bench = createPlatformBench(
          (deps) => {
            if (entry === undefined) throw new Error(`no platform ${kind.platform}`);
            return entry.create({ ...deps, fetch: guarded.fetch });
          },
          [{ connection, secrets }],
        );
        tried += 1;
        // Refused at once, or told as a problem of the connection: both are fine, a request is not.
        await (async () => bench.platform.inspect(connection.id))().catch(() => undefined);
      }
      expect(hits).toBe(0);
    },
    60_000,
  );
});
