import { placeOf } from "@ask-openhands/bot/people/connection-record.ts";
import { memberId } from "@ask-openhands/bot/people/members.ts";
import type { Role } from "@ask-openhands/bot/people/records.ts";
import { secretPlace } from "@ask-openhands/bot/people/secrets.ts";
import { hashToken } from "@ask-openhands/bot/people/tokens.ts";
import type { ApiWorld } from "../api/api-world.ts";
import { makeAuthor, makeMention, makePlace, makeRun } from "../support/make-mention.ts";

/** What a tenant is made of, chosen by the property. */
export interface TenantPlan {
  readonly roles: readonly Role[];
  readonly connections: number;
  readonly runs: number;
  readonly runState: "working" | "waiting" | "done";
}

/** Ids of everything that belongs to one workspace, by the names that parts of paths have. */
export interface Tenant {
  /** Stands in every text and id of this tenant, and nowhere else. */
  readonly mark: string;
  readonly ids: Readonly<Record<string, readonly string[]>>;
  readonly people: readonly string[];
}

const at = "2026-03-01T00:00:00.000Z";

const uuidOf = (tenant: number, run: number): string =>
  `${String(tenant + 1).repeat(8)}-0000-4000-8000-00000000000${run}`;

const foundRun = async (
  { store, clock }: ApiWorld,
  mark: string,
  connection: string,
  id: string,
  state: TenantPlan["runState"],
): Promise<void> => {
  const place = makePlace(`${mark}-${id}`, { connection, label: `${mark} label` });
  const author = makeAuthor({ id: `account-${mark}`, name: `name-${mark}` });
  const mention = makeMention(`${mark}-${id}`, { place, author, text: `@openhands ${mark}` });
  const ask = { key: mention.key, author, request: `the request of ${mark}`, at, reply: {} };
  await store.accept(mention);
  const work = await store.claim("test", 60_000, clock.at);
  if (work === undefined) throw new Error("nothing to claim");
  const run = makeRun(id, {
    place,
    asks: [ask],
    state,
    said: `words of ${mark}`,
    ...(state === "done" ? { endedAt: 2_000, outcome: { reason: "finished", summary: mark } } : {}),
  });
  const read = work.unread.map(({ seq }) => ({ seq, outcome: "ran" as const, run: id }));
  await store.settle(work, { run, read }, clock.at);
};

/** A workspace with its people and things, as a team leaves them behind. */
export const foundTenant = async (world: ApiWorld, number: number, plan: TenantPlan): Promise<Tenant> => {
  const mark = `tenant${number}mark`;
  const workspace = number === 0 ? "main" : `workspace-${mark}`;
  const { directory, seal, hosts, links } = world.people;
  const owner = { kind: "workspace", id: workspace } as const;
  const people = plan.roles.map((_, index) => `person-${mark}-${index}`);
  const connections = Array.from({ length: plan.connections }, (_, index) => `connection-${mark}-${index}`);
  const [invitation, secret] = [`invitation-${mark}`, `secret-${mark}`];
  world.forge.accounts.set(`good-token-${mark}`, { id: `account-${mark}`, name: `name-${mark}` });
  await directory.write([
    { put: "workspaces", id: workspace, value: { name: `Team ${mark}`, createdAt: at } },
    { put: "settings", id: workspace, value: { values: { handles: `@${mark}` } } },
    ...plan.roles.flatMap((role, index) => {
      const personId = people[index] ?? "";
      return [
        { put: "people", id: personId, value: { name: `Person ${mark}`, createdAt: at } },
        {
          put: "members",
          id: memberId(workspace, personId),
          value: { workspaceId: workspace, personId, role, joinedAt: at },
        },
        {
          put: "tokens",
          id: `token-${mark}-${index}`,
          value: {
            personId,
            name: `token ${mark}`,
            access: "write",
            tokenHash: hashToken(`personal-${mark}-${index}`),
            ending: "xxxx",
            createdAt: at,
          },
        },
      ] as const;
    }),
    ...connections.map(
      (id) =>
        ({
          put: "connections",
          id,
          value: {
            platform: "forge",
            host: "forge.test",
            owner,
            kind: "token",
            name: `Forge of ${mark}`,
            settings: { color: "red" },
            secrets: { token: seal.seal(`good-token-${mark}`, placeOf(id, owner, "token")) },
            active: true,
            createdBy: people[0] ?? "",
            createdAt: at,
          },
        }) as const,
    ),
    {
      put: "secrets",
      id: secret,
      value: {
        owner,
        name: `SECRET_${mark.toUpperCase()}`,
        description: `for ${mark}`,
        value: seal.seal(`value-${mark}`, secretPlace(secret, owner)),
        createdAt: at,
        changedAt: at,
      },
    },
    {
      put: "invitations",
      id: invitation,
      value: {
        workspaceId: workspace,
        role: "member",
        note: `for ${mark}`,
        tokenHash: hashToken(`invitation-${mark}`),
        invitedBy: people[0] ?? "",
        createdAt: at,
        expiresAt: "2027-01-01T00:00:00.000Z",
      },
    },
  ]);
  await hosts.approve(workspace, `${mark}.example.com`, false, people[0] ?? "");
  await links.add(
    { platform: "forge", host: "forge.test", id: `account-${mark}`, name: `name-${mark}` },
    people[0] ?? "",
    "token",
  );
  const runs = Array.from({ length: plan.runs }, (_, index) => uuidOf(number, index));
  for (const id of runs) await foundRun(world, mark, connections[0] ?? "", id, plan.runState);
  return {
    mark,
    people,
    ids: {
      workspace: [workspace],
      connection: connections,
      secret: [secret],
      person: people,
      invitation: [invitation],
      host: [`${mark}.example.com`],
      run: runs,
      token: people.map((_, index) => `token-${mark}-${index}`),
      link: directory.list("links").flatMap(({ id, value }) => (value.personId === people[0] ? [id] : [])),
    },
  };
};

/** Everything that is stored of a tenant, in one text. Who is signed in, and since when, is not part of it. */
export const snapshotOf = async ({ people, store }: ApiWorld, { mark, ids }: Tenant): Promise<string> => {
  const { directory } = people;
  const [workspace = ""] = ids["workspace"] ?? [];
  const records = (
    [
      "workspaces",
      "members",
      "invitations",
      "connections",
      "settings",
      "secrets",
      "hosts",
      "links",
      "tokens",
    ] as const
  ).flatMap((collection) => directory.list(collection).map(({ id, value }) => ({ collection, id, value })));
  const named = directory
    .list("people")
    .map(({ id, value }) => ({ collection: "people", id, value: value.name }));
  const own = [...records, ...named].filter((record) => {
    const text = JSON.stringify(record);
    return text.includes(mark) || text.includes(`"${workspace}"`);
  });
  const runs = await Promise.all((ids["run"] ?? []).map((id) => store.run(id)));
  return JSON.stringify([own, runs], undefined, 1);
};
