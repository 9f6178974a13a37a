import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBelongings } from "@ask-openhands/bot/people/belongings.ts";
import type { Directory } from "@ask-openhands/bot/people/directory.ts";
import { createLinks } from "@ask-openhands/bot/people/links.ts";
import { createLowdbDirectory } from "@ask-openhands/bot/people/lowdb-directory.ts";
import { memberId } from "@ask-openhands/bot/people/members.ts";
import type { Role } from "@ask-openhands/bot/people/records.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAuthor } from "../support/make-mention.ts";
import { createKeptLog } from "../support/silent-log.ts";

const make = (id: string, part: Partial<Connection> = {}): Connection => ({
  id,
  platform: "forge",
  host: "forge.test",
  owner: { kind: "workspace", id: "main" },
  kind: "token",
  name: id,
  settings: {},
  secretNames: [],
  active: true,
  createdAt: "",
  ...part,
});

const all = [
  make("operators", { fixed: true }),
  make("adas", { tokenBy: "ada" }),
  make("bobs", { tokenBy: "bob" }),
  make("made-by-ada", { createdBy: "ada", tokenBy: "bob", host: "third.test" }),
  make("elsewhere", { tokenBy: "ada", host: "other.test" }),
  make("off", { tokenBy: "ada", active: false }),
  make("other-workspace", { tokenBy: "ada", owner: { kind: "workspace", id: "other" } }),
  make("own", { owner: { kind: "person", id: "ada" } }),
];

describe("what belongs to a person", () => {
  let folder: string;
  let directory: Directory;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "belongings-"));
    directory = await createLowdbDirectory({ folder, log: createKeptLog() });
  });
  afterEach(async () => {
    await directory.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const joinAs = (personId: string, role: Role) =>
    directory.write([
      {
        put: "members",
        id: memberId("main", personId),
        value: { workspaceId: "main", personId, role, joinedAt: "" },
      },
    ]);
  const brought = (personId: string, workspaceId = "main"): readonly string[] =>
    createBelongings(directory, () => all)
      .broughtBy(personId, workspaceId, "forge", "forge.test")
      .map(({ id }) => id);

  it("are the shared connections that a maintainer entered there, and the operator's while nobody else is in the workspace", async () => {
    expect(brought("ada")).toEqual([]);
    await joinAs("ada", "owner");
    expect(brought("ada")).toEqual(["operators", "adas"]);
    await joinAs("bob", "member");
    expect(brought("ada")).toEqual(["adas"]);
    expect(brought("bob")).toEqual([]);
    await joinAs("bob", "maintainer");
    expect(brought("bob")).toEqual(["bobs"]);
    expect(brought("ada", "other")).toEqual([]);
  });

  it("are not tokens that another maintainer put into what they made", async () => {
    await joinAs("ada", "owner");
    await joinAs("bob", "maintainer");
    const { broughtBy } = createBelongings(directory, () => all);
    expect(broughtBy("ada", "main", "forge", "third.test")).toEqual([]);
    expect(broughtBy("bob", "main", "forge", "third.test").map(({ id }) => id)).toEqual(["made-by-ada"]);
  });

  it("are the accounts that were proven on a server, and the connections of one's own", async () => {
    const links = createLinks(directory, Date.now);
    await links.add(makeAuthor({ id: "1", name: "ada" }), "ada", "oauth");
    await links.add(makeAuthor({ id: "2", host: "other.test" }), "ada", "oauth");
    await links.add(makeAuthor({ id: "3" }), "bob", "oauth");
    const { accountsOf, ofPerson, personOf } = createBelongings(directory, () => all);
    expect(accountsOf("ada", "forge", "forge.test", "main")).toEqual([
      { platform: "forge", host: "forge.test", id: "1", name: "ada" },
    ]);
    expect(personOf("forge", "forge.test", "3")).toBe("bob");
    expect(ofPerson("ada", "forge", "forge.test").map(({ id }) => id)).toEqual(["own"]);
  });
});
