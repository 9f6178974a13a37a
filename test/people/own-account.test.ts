import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBelongings } from "@ask-openhands/bot/people/belongings.ts";
import type { Directory } from "@ask-openhands/bot/people/directory.ts";
import { createLinks } from "@ask-openhands/bot/people/links.ts";
import { createLowdbDirectory } from "@ask-openhands/bot/people/lowdb-directory.ts";
import { memberId } from "@ask-openhands/bot/people/members.ts";
import { createOwnAccounts } from "@ask-openhands/bot/people/own-account.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeAuthor } from "../support/make-mention.ts";
import { createKeptLog } from "../support/silent-log.ts";

let folder: string;
let directory: Directory;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "own-account-"));
  directory = await createLowdbDirectory({ folder, log: createKeptLog() });
});
afterEach(async () => {
  await directory.close();
  rmSync(folder, { recursive: true, force: true });
});

const author = makeAuthor({ id: "41" });

it("a default repository is the person's in the workspace where they chose it, and no other's", async () => {
  await directory.write([
    { put: "people", id: "ada", value: { name: "Ada", createdAt: "" } },
    ...["main", "elsewhere"].map(
      (workspaceId) =>
        ({
          put: "members",
          id: memberId(workspaceId, "ada"),
          value: { workspaceId, personId: "ada", role: "member", joinedAt: "" },
        }) as const,
    ),
  ]);
  const links = createLinks(directory, () => 0);
  await links.add(author, "ada", "oauth");
  const own = createOwnAccounts({
    directory,
    connections: {
      ...createBelongings(directory, () => []),
      list: () => [],
      all: () => [],
    } as unknown as Parameters<typeof createOwnAccounts>[0]["connections"],
    links,
    audit: { append: async () => undefined },
    platforms: () => [],
  });
  const chosen = (workspaceId: string) => own.describe(author, workspaceId)?.defaultRepository;
  // Elsewhere's maintainers could make up what they hear there.
  expect(await own.setDefaultRepository(author, "elsewhere", "forge.test/evil/code")).toBe(true);
  expect([chosen("main"), chosen("elsewhere")]).toEqual([undefined, "forge.test/evil/code"]);
  await own.setDefaultRepository(author, "main", "forge.test/acme/site");
  await own.setDefaultRepository(author, "elsewhere", undefined);
  expect([chosen("main"), chosen("elsewhere")]).toEqual(["forge.test/acme/site", undefined]);
  expect(await own.setDefaultRepository(author, "third", "forge.test/evil/code")).toBe(false);
});
