import { memberId } from "@ask-openhands/bot/people/members.ts";
import { openPeople } from "@ask-openhands/bot/people/open-people.ts";
import type { Settings } from "@ask-openhands/bot/settings.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import type { Author } from "@ask-openhands/core/work/mention.ts";
import { createKeptLog } from "../support/silent-log.ts";

type Account = Pick<Author, "platform" | "host" | "id" | "name">;

/** Somebody of the workspace, and the accounts that are proven to be theirs. */
export interface Colleague {
  readonly accounts: readonly Account[];
}

/** What a team has after its first day: everybody is a member, the first one the owner, with the accounts of chat and code host linked. Written before the bot starts. */
export const foundTeam = async (settings: Settings, team: readonly Colleague[]): Promise<void> => {
  const people = await openPeople({
    settings,
    catalog,
    log: createKeptLog(),
    now: Date.now,
    traits: () => undefined,
  });
  const at = new Date().toISOString();
  for (const [index, { accounts }] of team.entries()) {
    const personId = `colleague-${index + 1}`;
    const role = index === 0 ? "owner" : "member";
    await people.directory.write([
      { put: "people", id: personId, value: { name: accounts[0]?.name ?? personId, createdAt: at } },
      {
        put: "members",
        id: memberId("main", personId),
        value: { workspaceId: "main", personId, role, joinedAt: at },
      },
    ]);
    for (const account of accounts) await people.links.add(account, personId, "oauth");
  }
  await people.close();
};
