import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGuardedFetch } from "@ask-openhands/bot/guarded-fetch.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const hasOpenssl = ((): boolean => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch (cause) {
    if (cause instanceof Error) return false;
    throw cause;
  }
})();

describe.skipIf(!hasOpenssl)(
  `a server with a certificate of a private authority${hasOpenssl ? "" : " (needs openssl, which is not here)"}`,
  () => {
    let folder: string;
    let server: Server;
    let certificate: string;
    let url: (host: string) => string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "ca-"));
      const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
      execFileSync(
        "openssl",
        [
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:prime256v1",
          "-nodes",
          "-days",
          "2",
          "-subj",
          "/CN=git.test",
          "-addext",
          "subjectAltName=DNS:git.test,DNS:twin.test",
          "-keyout",
          key,
          "-out",
          cert,
        ],
        { stdio: "ignore" },
      );
      certificate = readFileSync(cert, "utf8");
      server = createServer({ key: readFileSync(key), cert: certificate }, (_request, response) =>
        response.end("ok"),
      );
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      url = (host) => `https://${host}:${port}/`;
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true });
    });

    const make = (caOf: (host: string) => string | undefined) =>
      createGuardedFetch({
        isPrivateAllowed: () => true,
        caOf,
        requestTimeout: 2_000,
        resolve: (_host, done) => done(null, [{ address: "127.0.0.1", family: 4 }]),
      });

    it("is trusted with its connection's authority, and only for that host", async () => {
      const guarded = make((host) => (host.startsWith("git.test:") ? certificate : undefined));
      expect(await (await guarded.fetch(url("git.test"))).text()).toBe("ok");
      await expect(guarded.fetch(url("twin.test"))).rejects.toThrow();
      await guarded.close();
    });

    it("is not trusted without, nor under a name that the certificate does not have", async () => {
      const [without, withIt] = [make(() => undefined), make(() => certificate)];
      await expect(without.fetch(url("git.test"))).rejects.toThrow();
      await expect(withIt.fetch(url("evil.test"))).rejects.toThrow();
      await without.close();
      await withIt.close();
    });
  },
);
