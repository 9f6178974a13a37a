import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openPeople } from "@ask-openhands/bot/people/open-people.ts";
import { createSqliteStore } from "@ask-openhands/bot/store/sqlite.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "../flows/flow.ts";
import { createKeptLog } from "../support/silent-log.ts";

/** `COPIES=100` is the whole of it. */
const copies = Number(process.env["COPIES"] ?? 8);
const crowd = 4;
/** Milliseconds between two asks of one of them. */
const pause = 50;

let flow: Flow;
beforeEach(async () => {
  flow = await startFlow({
    subject: github,
    script: () => [
      { do: "think", text: "On it." },
      { do: "finish", message: "All good." },
    ],
    settings: { workspace: { runsPerPerson: "1000", runsPerWorkspace: "1000" } },
    times: { request: 12_000, lease: 20_000 },
  });
});
afterEach(() => flow.end());

/** As docs/operations.md says: SQLite's own copy of its file, which reads one moment of it, and plain ones of the others. */
const copyFolder = async (to: string): Promise<void> => {
  const db = new DatabaseSync(join(flow.folder, "work.sqlite"), { readOnly: true });
  try {
    db.prepare("VACUUM INTO ?").run(join(to, "work.sqlite"));
  } finally {
    db.close();
  }
  // The lock says which process has the folder; it is none of the copy's.
  for (const name of await readdir(flow.folder))
    if (!/^work\.sqlite|lock|\.tmp$/.test(name)) await cp(join(flow.folder, name), join(to, name));
};

/** Opens the copy as the next start would, and gives the keys of the mentions that are in it. */
const openCopy = async (folder: string, asked: readonly string[]): Promise<readonly string[]> => {
  const people = await openPeople({
    settings: { ...flow.settings, dataDir: folder },
    catalog,
    log: createKeptLog(),
    now: Date.now,
    traits: () => undefined,
  });
  expect(people.audit.brokenAt).toBeUndefined();
  expect(people.directory.list("workspaces")).toHaveLength(1);
  await people.close();
  const store = await createSqliteStore({ folder });
  const found = await Promise.all(asked.map(async (key) => ((await store.mention(key)) ? [key] : [])));
  await store.close();
  const db = new DatabaseSync(join(folder, "work.sqlite"), { readOnly: true });
  expect(db.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  db.close();
  return found.flat();
};

it(`${copies} copies of the data folder, made while the bot works: every one opens, whole, with all that was accepted before it was made`, async () => {
  let working = true;
  const asked: string[] = [];
  const people = async (): Promise<void> => {
    while (working) {
      const said = await flow.ask(await flow.open(), "@openhands do it");
      asked.push(`github:${flow.world.host}:comment:${said.id}`);
      await new Promise((next) => setTimeout(next, pause));
    }
  };
  const load = Promise.all(Array.from({ length: crowd }, people));
  try {
    for (let made = 0; made < copies; made += 1) {
      const before = asked.length;
      await flow.until("more was asked", () => asked.length >= before + crowd, 30);
      const known = [...asked];
      const copy = await mkdtemp(join(tmpdir(), "ask-openhands-copy-"));
      await copyFolder(copy);
      expect(await openCopy(copy, known)).toEqual(known);
      await rm(copy, { recursive: true });
    }
  } finally {
    working = false;
    await load;
  }
}, 600_000);
