import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBelongings } from "@ask-openhands/bot/people/belongings.ts";
import type { Directory } from "@ask-openhands/bot/people/directory.ts";
import { createLinks } from "@ask-openhands/bot/people/links.ts";
import { createLowdbDirectory } from "@ask-openhands/bot/people/lowdb-directory.ts";
import { memberId } from "@ask-openhands/bot/people/members.ts";
import { createRoomSettings } from "@ask-openhands/bot/people/room-settings.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAuthor } from "../support/make-mention.ts";
import { makeSettings } from "../support/make-settings.ts";
import { createKeptLog } from "../support/silent-log.ts";

describe("what a room's settings are changed by", () => {
  let folder: string;
  let directory: Directory;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "room-settings-"));
    directory = await createLowdbDirectory({ folder, log: createKeptLog() });
    const value = { workspaceId: "main", personId: "ada", role: "maintainer", joinedAt: "" } as const;
    await directory.write([{ put: "members", id: memberId("main", "ada"), value }]);
  });
  afterEach(async () => {
    await directory.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const author = makeAuthor({ id: "41" });
  const rooms = () =>
    createRoomSettings({
      directory,
      connections: createBelongings(directory, () => []),
      policy: { workspaceOf: () => "main", settings: () => makeSettings() },
      audit: { append: async () => undefined },
    });
  const stored = () => directory.get("settings", "main")?.value.values["defaultRepositories"];

  it("is an account that this workspace knows to be a maintainer's", async () => {
    await createLinks(directory, () => 0).add(author, "ada", "message", "main");
    expect(rooms().mayChange(author, "c1")).toBe(true);
    expect(await rooms().setRepository(author, "c1", "C01", "acme/site")).toBe(true);
    expect(stored()).toBe("C01=acme/site");
  });

  it("is no account that only another workspace says is a maintainer's", async () => {
    await createLinks(directory, () => 0).add(author, "ada", "message", "elsewhere");
    expect(rooms().mayChange(author, "c1")).toBe(false);
    expect(await rooms().setRepository(author, "c1", "C01", "acme/site")).toBe(false);
    expect(stored()).toBeUndefined();
  });
});
