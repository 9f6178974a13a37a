import type { LookupAddress } from "node:dns";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGuardedFetch, type GuardedFetch } from "@ask-openhands/bot/guarded-fetch.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let server: Server;
let port: number;
let seen: {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly authorization: string | undefined;
}[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let guarded: GuardedFetch;
let names: Record<string, readonly string[]>;

const readAll = async (request: IncomingMessage): Promise<string> => {
  let body = "";
  for await (const part of request) body += String(part);
  return body;
};

const make = (allowed: readonly string[], requestTimeout = 2_000): GuardedFetch =>
  createGuardedFetch({
    isPrivateAllowed: ({ host, port: wanted }) =>
      allowed.includes(host) || allowed.includes(`${host}:${wanted}`),
    caOf: () => undefined,
    requestTimeout,
    connectTimeout: 500,
    resolve: (host, done) => {
      const addresses = names[host];
      if (addresses === undefined)
        return done(Object.assign(new Error("not found"), { code: "ENOTFOUND" }), []);
      done(
        null,
        addresses.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 })),
      );
    },
  });

beforeEach(async () => {
  seen = [];
  names = { "git.test": ["127.0.0.1"], "other.test": ["127.0.0.1"] };
  answer = (_request, response) => response.end("ok");
  server = createServer((request, response) => {
    void readAll(request).then((body) => {
      seen.push({
        method: request.method ?? "",
        url: request.url ?? "",
        body,
        authorization: request.headers.authorization,
      });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  guarded = make(["git.test"]);
});
afterEach(async () => {
  await guarded.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const at = (path: string, host = "git.test"): string => `http://${host}:${port}${path}`;

describe("an approved private host", () => {
  it("is reached, by Request objects and by addresses", async () => {
    expect(await (await guarded.fetch(at("/a"))).text()).toBe("ok");
    expect(await (await guarded.fetch(new Request(at("/b"), { method: "POST", body: "x" }))).text()).toBe(
      "ok",
    );
    expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ["GET", "/a", ""],
      ["POST", "/b", "x"],
    ]);
  });

  it("may be approved for one port only", async () => {
    const narrow = make([`git.test:${port}`]);
    expect((await narrow.fetch(at("/"))).status).toBe(200);
    await expect(narrow.fetch("http://git.test:1/")).rejects.toMatchObject({ kind: "not-allowed" });
    await narrow.close();
  });

  it.each([
    "169.254.169.254",
    "fe80::1",
    "0.0.0.0",
    "224.0.0.1",
    "100.100.100.200",
    "fd00:ec2::254",
    "168.63.129.16",
    "::ffff:169.254.169.254",
  ])("is refused all the same when its name leads to %s", async (address) => {
    names["git.test"] = [address];
    await expect(guarded.fetch(at("/"))).rejects.toMatchObject({
      kind: "not-allowed",
      hint: expect.stringContaining("never reached"),
    });
  });

  it("is given up when it does not answer in time", async () => {
    const quick = make(["git.test"], 200);
    answer = () => undefined;
    const begun = performance.now();
    await expect(quick.fetch(at("/"))).rejects.toThrow();
    expect(performance.now() - begun).toBeLessThan(3_000);
    await quick.close();
  });

  it("may answer as late as the caller wants to wait, who then bounds the call alone", async () => {
    const quick = make(["git.test"], 200);
    answer = (_request, response) => void setTimeout(() => response.end("late"), 2_500);
    const patient = await quick.fetch(at("/"), { method: "POST", signal: AbortSignal.timeout(20_000) });
    expect(await patient.text()).toBe("late");
    // Every Request object has a signal, which says nothing of time.
    await expect(quick.fetch(new Request(at("/")))).rejects.toThrow();
    await expect(quick.fetch(at("/"))).rejects.toThrow();
    await quick.close();
  });

  it("stops when the caller gives up", async () => {
    answer = () => undefined;
    await expect(guarded.fetch(at("/"), { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });
});

describe("everything else private", () => {
  it.each([
    "http://127.0.0.1",
    "http://localhost",
    "http://2130706433",
    "http://0x7f000001",
    "http://0177.0.0.1",
    "http://127.1",
    "http://[::1]",
    "http://[::ffff:127.0.0.1]",
    "http://0.0.0.0",
    "http://10.0.0.1",
    "http://172.16.0.1",
    "http://192.168.0.1",
    "http://100.64.0.1",
    "http://[fc00::1]",
    "http://169.254.169.254",
    "http://[fe80::1]",
    "http://①②⑦.⓪.⓪.①",
    "http://other.test",
    "http://127.0.0.1.",
    "http://metadata.test",
  ])("%s is not reached, with http or https", async (address) => {
    names["localhost"] = ["127.0.0.1", "::1"];
    names["metadata.test"] = ["169.254.169.254"];
    for (const url of [`${address}:${port}/`, `${address.replace("http:", "https:")}:${port}/`]) {
      await expect(guarded.fetch(url), url).rejects.toMatchObject({
        kind: "not-allowed",
        hint: expect.stringMatching(/\.$/),
      });
    }
    expect(seen).toEqual([]);
  });

  it("is not reached through a name with one good and one private address", async () => {
    names["mixed.test"] = ["93.184.216.34", "127.0.0.1"];
    await expect(guarded.fetch(`https://mixed.test:${port}/`)).rejects.toMatchObject({ kind: "not-allowed" });
    expect(seen).toEqual([]);
  });

  it("is not reached through a name that was public when it was looked up before", async () => {
    names["rebound.test"] = ["93.184.216.34"];
    await expect(guarded.fetch(`https://rebound.test:${port}/`)).rejects.not.toMatchObject({
      kind: "not-allowed",
    });
    names["rebound.test"] = ["127.0.0.1"];
    await expect(guarded.fetch(`https://rebound.test:${port}/`)).rejects.toMatchObject({
      kind: "not-allowed",
    });
    expect(seen).toEqual([]);
  });

  it.each(["file:///etc/passwd", "ftp://git.test/", "data:text/plain,hi", "blob:https://git.test/x"])(
    "%s is no address to ask",
    async (url) => {
      await expect(guarded.fetch(url)).rejects.toMatchObject({ kind: "not-allowed" });
    },
  );
});

describe("redirects", () => {
  const redirect = (status: number, location: string) => {
    answer = (request, response) => {
      if (request.url === "/end") response.end("end");
      else response.writeHead(status, { location }).end();
    };
  };

  it("on the same host are followed, with the token", async () => {
    redirect(302, "/end");
    const response = await guarded.fetch(at("/start"), { headers: { authorization: "Bearer t" } });
    expect(await response.text()).toBe("end");
    expect(seen.map(({ url, authorization }) => [url, authorization])).toEqual([
      ["/start", "Bearer t"],
      ["/end", "Bearer t"],
    ]);
  });

  it.each([
    [303, "GET", ""],
    [302, "GET", ""],
    [307, "POST", "body"],
    [308, "POST", "body"],
  ] as const)("%i after a POST becomes %s", async (status, method, body) => {
    redirect(status, "/end");
    await guarded.fetch(at("/start"), { method: "POST", body: "body" });
    expect(seen[1]).toMatchObject({ method, body, url: "/end" });
  });

  it.each([
    ["another name", () => at("/end", "other.test")],
    ["an address", () => at("/end", "127.0.0.1")],
    ["another port", () => "http://git.test:1/end"],
    ["a name that only begins alike", () => at("/end", "git.test.evil.test")],
    ["user info that looks like the host", () => `http://git.test:${port}@evil.test/end`],
    ["the metadata service", () => "http://169.254.169.254/latest"],
    ["a scheme-relative address", () => `//other.test:${port}/end`],
    ["a file", () => "file:///etc/passwd"],
    ["nonsense", () => "http://["],
  ])("to %s are not followed", async (_what, location) => {
    redirect(302, location());
    await expect(
      guarded.fetch(at("/start"), { headers: { authorization: "Bearer t" } }),
    ).rejects.toMatchObject({ kind: "unexpected-reply" });
    expect(seen.map(({ url }) => url)).toEqual(["/start"]);
  });

  it("that never end are given up", async () => {
    redirect(302, "/again");
    await expect(guarded.fetch(at("/start"))).rejects.toMatchObject({ kind: "unexpected-reply" });
    expect(seen.length).toBeLessThanOrEqual(7);
  });

  it("are handed to callers that want to see them, and fail those that want none", async () => {
    redirect(302, "/end");
    expect((await guarded.fetch(at("/start"), { redirect: "manual" })).headers.get("location")).toBe("/end");
    await expect(guarded.fetch(at("/start"), { redirect: "error" })).rejects.toMatchObject({
      kind: "unexpected-reply",
    });
  });
});
