import { hashToken } from "@ask-openhands/bot/people/tokens.ts";
import type { RouteFacts } from "@ask-openhands/core/api/route.ts";
import { type RouteName, routes } from "@ask-openhands/core/api/routes.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";
import type { Browser } from "./browser.ts";
import { seed, seededParams, seedRun } from "./seed.ts";

const who = [
  "owner",
  "maintainer",
  "member",
  "outsider",
  "owner of another workspace",
  "signed out",
  "device",
  "read token",
  "wrong CSRF token",
  "other site",
] as const;
type Who = (typeof who)[number];

/** What each rule means, written down a second time. `body`: passes the guard and then fails on its empty body, or works. */
const expected = (facts: RouteFacts, actor: Who): "passes" | 401 | 403 | 404 => {
  if (facts.special === "form") return "passes";
  if (actor === "wrong CSRF token" || actor === "other site") return facts.method === "GET" ? "passes" : 403;
  if (facts.may === "anyone") return "passes";
  if (actor === "signed out") return 401;
  if (facts.session === true && (actor === "device" || actor === "read token")) return 403;
  if (actor === "read token" && facts.method !== "GET") return 403;
  if (facts.may === "person") return "passes";
  if (actor === "outsider" || actor === "owner of another workspace") return 404;
  const rank = { owner: 3, maintainer: 2, member: 1, device: 2, "read token": 2 }[actor];
  const least = {
    owner: 3,
    maintainer: 2,
    "change-connection": 2,
    "change-secret": 2,
    "change-member": 2,
    member: 1,
    "see-connection": 1,
    "use-connection": 1,
    "see-run": 1,
    "steer-run": 1,
  }[facts.may];
  return rank >= least ? "passes" : 403;
};

let world: ApiWorld;
const actors = new Map<Who, (name: RouteName) => ReturnType<Browser["request"]>>();

const pathOf = (facts: RouteFacts): string =>
  `/api/v1${facts.path.replaceAll(/:([a-z]+)/g, (_all, name: keyof typeof seededParams) => seededParams[name])}`;

const send = (browser: Browser, name: RouteName, headers: Readonly<Record<string, string>> = {}) => {
  const facts: RouteFacts = routes[name];
  return browser.request(
    facts.method,
    pathOf(facts),
    facts.method === "GET" || facts.method === "DELETE" ? undefined : {},
    headers,
  );
};

const bearer = (token: string) => ({ authorization: `Bearer ${token}`, origin: "", "sec-fetch-site": "" });
const at = "2026-03-01T00:00:00.000Z";

/** People, accounts and tokens as they were, whatever the test before deleted. */
const seedPeople = async (): Promise<void> => {
  const { directory, links } = world.people;
  for (const person of ["owner", "maintainer", "member", "stranger", "outsider"])
    await links.add(
      { platform: "forge", host: "forge.test", id: `id-${person}`, name: person },
      `person-${person}`,
      "token",
    );
  const personId = "person-maintainer";
  await directory.write([
    { put: "people", id: personId, value: { name: "maintainer", createdAt: at } },
    {
      put: "members",
      id: `main.${personId}`,
      value: { workspaceId: "main", personId, role: "maintainer", joinedAt: at },
    },
    {
      put: "devices",
      id: "d1",
      value: {
        personId,
        name: "d",
        clientId: "c",
        tokenHash: hashToken("device-token-here-ok"),
        createdAt: at,
      },
    },
    {
      put: "tokens",
      id: "t1",
      value: {
        personId,
        name: "t",
        access: "read",
        tokenHash: hashToken("read-token-here-ok-ok"),
        ending: "e-ok",
        createdAt: at,
      },
    },
  ]);
};

beforeAll(async () => {
  world = await createApiWorld();
  await seed(world);
  await seedRun(world);
  await world.people.directory.write([
    { put: "workspaces", id: "other", value: { name: "Other", createdAt: at } },
  ]);
  const owner = (): Promise<Browser> => world.signedIn("owner", "owner");
  actors.set("owner", async (route) => send(await owner(), route));
  actors.set("maintainer", async (route) => send(await world.signedIn("maintainer", "maintainer"), route));
  actors.set("member", async (route) => send(await world.signedIn("member", "member"), route));
  actors.set("outsider", async (route) => send(await world.signedIn("outsider"), route));
  actors.set("owner of another workspace", async (route) =>
    send(await world.signedIn("stranger", "owner", "other"), route),
  );
  actors.set("signed out", (route) => send(world.browser(), route));
  actors.set("device", (route) => send(world.browser(), route, bearer("device-token-here-ok")));
  actors.set("read token", (route) => send(world.browser(), route, bearer("read-token-here-ok-ok")));
  actors.set("wrong CSRF token", async (route) =>
    send(await owner(), route, { "x-csrf-token": "A".repeat(43) }),
  );
  actors.set("other site", async (route) =>
    send(await owner(), route, { origin: "https://evil.test", "sec-fetch-site": "cross-site" }),
  );
});
afterAll(() => world.end());

const names = (Object.keys(routes) as RouteName[]).filter(
  (name) => (routes[name] as RouteFacts).special !== "events",
);

describe.each(who)("%s", (actor) => {
  it.each(names)("%s", async (name) => {
    await seed(world);
    await seedPeople();
    const facts: RouteFacts = routes[name];
    const answered = await actors.get(actor)?.(name);
    const status = answered?.status ?? 0;
    const wanted = expected(facts, actor);
    if (typeof wanted === "number") {
      expect(status, answered?.text).toBe(wanted);
      expect(answered?.headers.get("content-type")).toBe("application/problem+json");
      expect(answered?.json).toMatchObject({ status: wanted, detail: expect.stringMatching(/^\S.*[.!]$/) });
      expect(answered?.text).not.toContain("a-secret-of-main");
      return;
    }
    const isRefusal =
      status === 401 ||
      status === 403 ||
      (facts.path.includes(":workspace") && status === 404 && !facts.path.includes("invitation"));
    expect(isRefusal, `${status} ${answered?.text}`).toBe(false);
    expect(status).toBeLessThan(500);
  });
});
