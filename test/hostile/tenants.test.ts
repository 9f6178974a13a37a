import type { RouteFacts } from "@ask-openhands/core/api/route.ts";
import { type RouteName, routes } from "@ask-openhands/core/api/routes.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "../api/api-world.ts";
import type { Answered, Browser } from "../api/browser.ts";
import { foundTenant, snapshotOf, type Tenant, type TenantPlan } from "./tenants.ts";

const tenants = 3;

/** One call: who, what, and of which tenant each thing is that the path names. */
interface Act {
  readonly tenant: number;
  readonly person: number;
  readonly route: RouteName;
  /** Of which tenant the first, second… part of the path is. */
  readonly of: readonly number[];
  readonly which: number;
  readonly sensible: boolean;
}

/** Streams have no end; a sign-out or a new sign-in says nothing of tenants. */
const left = new Set<string>(["signIn", "signOut", "startOAuth", "getDeviceToken", "authorizeDevice"]);
const names = (Object.keys(routes) as RouteName[]).filter(
  (name) => (routes[name] as RouteFacts).special !== "events" && !left.has(name),
);

/** Most calls name things of the caller's own, else little would ever happen. */
const ofTenant = fc.oneof(
  { weight: 3, arbitrary: fc.constant(-1) },
  { weight: 2, arbitrary: fc.nat(tenants - 1) },
);
const act: fc.Arbitrary<Act> = fc.record({
  tenant: fc.nat(tenants - 1),
  person: fc.nat(3),
  route: fc.constantFrom(...names),
  of: fc.array(ofTenant, { minLength: 3, maxLength: 3 }),
  which: fc.nat(3),
  sensible: fc.boolean(),
});
const plan: fc.Arbitrary<TenantPlan> = fc.record({
  roles: fc
    .array(fc.constantFrom("owner" as const, "maintainer" as const, "member" as const), { maxLength: 3 })
    .map((roles) => ["owner" as const, ...roles]),
  connections: fc.integer({ min: 1, max: 2 }),
  runs: fc.nat(2),
  runState: fc.constantFrom("working", "waiting", "done"),
});

/** What a page would send; all of it is the caller's own. */
const bodyOf = (route: RouteName, mark: string, other: string): unknown =>
  (
    ({
      createConnection: { platform: "forge", kind: "token", secrets: { token: `good-token-${mark}` } },
      createMyConnection: { platform: "forge", kind: "token", secrets: { token: `good-token-${mark}` } },
      changeConnection: { name: `Renamed ${mark}` },
      changeHook: { action: "install", resource: "r1" },
      createSecret: { name: "NEW_ONE", value: `new-${mark}` },
      createMySecret: { name: "MY_OWN", value: `mine-${mark}` },
      changeSecret: { value: `changed-${mark}` },
      renameMe: { name: `Me ${mark}` },
      createToken: { name: `token ${mark}`, access: "read" },
      createWorkspace: { name: `Second ${mark}` },
      renameWorkspace: { name: `Again ${mark}` },
      changeMember: { role: "member" },
      createInvitation: { role: "member", note: `note ${mark}` },
      changeSettings: { values: { handles: `@new-${mark}` } },
      approveHost: { host: `new-${mark}.example.com` },
      sayToRun: { text: `words ${mark}` },
      ask: { url: `https://forge.test/acme/site/issues/${other}-x`, text: `do it ${mark}` },
    }) as Partial<Record<RouteName, unknown>>
  )[route] ?? {};

interface Call {
  readonly path: string;
  /** Parts that belong to another tenant than the caller's. */
  readonly foreign: readonly string[];
  readonly values: readonly string[];
}

const callOf = (all: readonly Tenant[], { tenant, route, of, which }: Act): Call => {
  const facts: RouteFacts = routes[route];
  const foreign: string[] = [];
  const values: string[] = [];
  let part = 0;
  const path = facts.path.replaceAll(/:([a-z]+)/g, (_all, name: string) => {
    const chosen = of[part++] ?? -1;
    const owner = chosen === -1 ? tenant : chosen;
    const ids = all[owner]?.ids[name] ?? [];
    const value = ids[which % Math.max(1, ids.length)] ?? "nothing-there";
    if (owner !== tenant && ids.length > 0) foreign.push(name);
    values.push(value);
    return encodeURIComponent(value);
  });
  return { path, foreign, values };
};

/** Marks of others in an answer, apart from what the caller typed. */
const marksIn = (text: string, call: Call, others: readonly Tenant[]): readonly string[] => {
  const rest = call.values.reduce(
    (left, value) => left.replaceAll(value, "").replaceAll(encodeURIComponent(value), ""),
    text,
  );
  return others.flatMap(({ mark, ids }) =>
    [mark, mark.toUpperCase(), ...(ids["run"] ?? [])].filter((word) => rest.includes(word)),
  );
};

const signedIn = async (world: ApiWorld, personId: string): Promise<Browser | undefined> => {
  if (world.people.directory.get("people", personId) === undefined) return undefined;
  const browser = world.browser();
  browser.setCookie("__Host-session", await world.people.sessions.begin(personId));
  await browser.refresh();
  return browser;
};

/** What was reached in all samples, so that the property is not true of nothing. */
const reached = { foreign: 0, own: 0, changed: 0, routes: new Set<string>() };

const perform = async (world: ApiWorld, all: readonly Tenant[], one: Act): Promise<void> => {
  const own = all[one.tenant];
  const personId = own?.people[one.person % own.people.length];
  if (own === undefined || personId === undefined) return;
  const browser = await signedIn(world, personId);
  if (browser === undefined) return;
  const others = all.filter((tenant) => tenant !== own);
  const call = callOf(all, one);
  const facts: RouteFacts = routes[one.route];
  const before = await Promise.all(others.map((tenant) => snapshotOf(world, tenant)));
  const ownBefore = await snapshotOf(world, own);
  const unread = (await world.store.counts()).unread;
  const hasBody = facts.method !== "GET" && facts.method !== "DELETE";
  const body = one.sensible ? bodyOf(one.route, own.mark, others[0]?.mark ?? "") : {};
  const answered: Answered = await browser.request(
    facts.method,
    `/api/v1${call.path}`,
    hasBody ? body : undefined,
  );
  const what = `${facts.method} ${call.path} by ${personId}: ${answered.status} ${answered.text.slice(0, 300)}`;
  const told = `${answered.text} ${JSON.stringify([...answered.headers])}`;
  expect(marksIn(told, call, others), what).toEqual([]);
  expect(await Promise.all(others.map((tenant) => snapshotOf(world, tenant))), what).toEqual(before);
  if (call.foreign.length > 0) {
    reached.foreign += 1;
    expect(answered.status, what).toBeGreaterThanOrEqual(400);
    expect(answered.status, what).toBeLessThan(500);
    expect((await world.store.counts()).unread, what).toBe(unread);
  } else if (answered.status < 300) {
    reached.own += 1;
    reached.routes.add(one.route);
    if ((await snapshotOf(world, own)) !== ownBefore) reached.changed += 1;
  }
};

describe("three workspaces with whatever people, connections and runs", () => {
  it("no call of a member of one returns or changes a thing of another", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(plan, { minLength: tenants, maxLength: tenants }),
        fc.array(act, { minLength: 40, maxLength: 90 }),
        async (plans, acts) => {
          const world = await createApiWorld();
          try {
            const all: Tenant[] = [];
            for (const [number, one] of plans.entries()) all.push(await foundTenant(world, number, one));
            for (const one of acts) await perform(world, all, one);
          } finally {
            await world.end();
          }
        },
      ),
      {
        numRuns: Number(process.env["SAMPLES"] ?? 20),
        endOnFailure: true,
        interruptAfterTimeLimit: 100_000,
      },
    );
    console.log(
      `calls on others' things ${reached.foreign}, own that worked ${reached.own} (${reached.routes.size} routes), changes ${reached.changed}`,
    );
    expect(reached.foreign).toBeGreaterThan(50);
    expect(reached.own).toBeGreaterThan(50);
    expect(reached.changed).toBeGreaterThan(5);
    expect(reached.routes.size).toBeGreaterThan(15);
  }, 180_000);
});
