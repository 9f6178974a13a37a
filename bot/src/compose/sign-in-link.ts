import type { People } from "../people/open-people.ts";

const lifetime = 24 * 3_600_000;

/** As long as nobody owns the first workspace: a link that makes its opener the owner. Each start makes a new one; the ones before are void. */
export const firstSignInLink = async (people: People, publicUrl: string): Promise<string | undefined> => {
  await people.oneTime.removeAll("first-sign-in");
  if (people.directory.list("members").some(({ value }) => value.role === "owner")) return undefined;
  // Behind `#`, so that it stands in no server's log; and it is printed, not logged, for the same reason.
  return `${publicUrl}/sign-in#${await people.oneTime.make("first-sign-in", {}, lifetime)}`;
};
