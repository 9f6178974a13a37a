import { placeOf } from "@ask-openhands/bot/people/connection-record.ts";
import { secretPlace } from "@ask-openhands/bot/people/secrets.ts";
import { hashToken, newToken } from "@ask-openhands/bot/people/tokens.ts";
import { makeMention, makePlace, makeRun } from "../support/make-mention.ts";
import type { ApiWorld } from "./api-world.ts";

export const seededRun = "11111111-1111-4111-8111-111111111111";

/** Ids for the parts of paths that name something of the first workspace. */
export const seededParams = {
  workspace: "main",
  connection: "conn-main",
  secret: "secret-main",
  person: "person-target",
  invitation: "invitation-main",
  host: "git.example.com",
  run: seededRun,
  platform: "tracker",
  code: "BCDFGHJK",
  link: "nothing",
  token: "nothing",
  device: "nothing",
} as const;

const at = "2026-03-01T00:00:00.000Z";

/** One of everything in the first workspace, as it was before any test touched it. */
export const seed = async ({ people }: ApiWorld): Promise<void> => {
  const owner = { kind: "workspace", id: "main" } as const;
  const { seal, directory, hosts } = people;
  await directory.write([
    {
      put: "connections",
      id: seededParams.connection,
      value: {
        platform: "forge",
        host: "forge.test",
        owner,
        kind: "token",
        name: "Forge",
        settings: { color: "red" },
        secrets: { token: seal.seal("good-token-ada", placeOf(seededParams.connection, owner, "token")) },
        active: true,
        createdBy: "person-owner",
        createdAt: at,
      },
    },
    {
      put: "secrets",
      id: seededParams.secret,
      value: {
        owner,
        name: "GITHUB_TOKEN",
        description: "",
        value: seal.seal("a-secret-of-main", secretPlace(seededParams.secret, owner)),
        createdAt: at,
        changedAt: at,
      },
    },
    { put: "people", id: seededParams.person, value: { name: "target", createdAt: at } },
    {
      put: "members",
      id: `main.${seededParams.person}`,
      value: { workspaceId: "main", personId: seededParams.person, role: "member", joinedAt: at },
    },
    {
      put: "invitations",
      id: seededParams.invitation,
      value: {
        workspaceId: "main",
        role: "member",
        tokenHash: hashToken(newToken()),
        invitedBy: "person-owner",
        createdAt: at,
        expiresAt: "2027-01-01T00:00:00.000Z",
      },
    },
  ]);
  await hosts.approve("main", seededParams.host, false, "person-owner");
};

/** A run in the store that the seeded connection heard. */
export const seedRun = async (
  { store, clock }: ApiWorld,
  part: Parameters<typeof makeRun>[1] = {},
): Promise<void> => {
  const place = makePlace(1, { connection: seededParams.connection });
  const run = makeRun(seededRun, { place, state: "working", ...part });
  await store.accept(makeMention(1, { place }));
  const work = await store.claim("test", 60_000, clock.at);
  if (work === undefined) throw new Error("nothing to claim");
  await store.settle(
    work,
    { run, read: work.unread.map(({ seq }) => ({ seq, outcome: "ran", run: run.id })) },
    clock.at,
  );
};
