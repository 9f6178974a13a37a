import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlatformTraits } from "@ask-openhands/bot/people/create-policy.ts";
import { memberId } from "@ask-openhands/bot/people/members.ts";
import { openPeople, type People } from "@ask-openhands/bot/people/open-people.ts";
import type { ConnectionRecord, Owner } from "@ask-openhands/bot/people/records.ts";
import { readSettings } from "@ask-openhands/bot/settings.ts";
import type { Author } from "@ask-openhands/core/work/mention.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAuthor, makeMention, makePlace } from "../support/make-mention.ts";
import { createKeptLog } from "../support/silent-log.ts";

let folder: string;
let people: People;
let traits: PlatformTraits;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "judge-"));
  traits = { name: "Forge" };
  people = await openWith({});
});
afterEach(async () => {
  await people.close();
  rmSync(folder, { recursive: true, force: true });
});

const openWith = async (environment: Record<string, string>): Promise<People> => {
  const reading = readSettings({ DATA_DIR: folder, PUBLIC_URL: "https://bot.test", ...environment }, []);
  if ("problems" in reading) throw new Error(JSON.stringify(reading.problems));
  return openPeople({
    settings: reading.settings,
    catalog: [],
    log: createKeptLog(),
    now: Date.now,
    traits: () => traits,
  });
};

const set = (values: Record<string, string>) =>
  people.directory.write([{ put: "settings", id: "main", value: { values } }]);

const judge = (
  author: Partial<Author> = {},
  name: string | undefined = "acme/site",
  part: Parameters<typeof makeMention>[1] = {},
  host = "forge.test",
) =>
  people.policy.judge(
    makeMention(1, { author: makeAuthor(author), ...part }),
    name === undefined ? undefined : { host, name },
  );

const addMember = async (personId: string, account?: Partial<Author>): Promise<void> => {
  await people.directory.write([
    { put: "people", id: personId, value: { name: personId, createdAt: "" } },
    {
      put: "members",
      id: memberId("main", personId),
      value: { workspaceId: "main", personId, role: "member", joinedAt: "" },
    },
  ]);
  if (account !== undefined) await people.links.add(makeAuthor(account), personId, "oauth");
};

/** A connection of a workspace `other`, or of whom is named. */
const connectOther = async (owner: Owner = { kind: "workspace", id: "other" }): Promise<string> => {
  const value: ConnectionRecord = {
    platform: "forge",
    host: "forge.test",
    owner,
    kind: "token",
    name: "",
    settings: {},
    secrets: {},
    active: true,
    createdBy: "",
    createdAt: "",
  };
  await people.directory.write([
    { put: "workspaces", id: "other", value: { name: "Other", createdAt: "" } },
    { put: "connections", id: "c2", value },
  ]);
  return "c2";
};

describe("judging who may ask", () => {
  it("lets people ask by default where accounts know repositories, and names who they are when linked", async () => {
    expect(judge()).toEqual({ allowed: true, workspaceId: "main", opened: false });
    await addMember("p-ada", {});
    expect(judge()).toEqual({ allowed: true, workspaceId: "main", personId: "p-ada", opened: false });
  });

  it("says nothing to our own account and to bots that nobody listed, and never lists a bot by a star", async () => {
    expect(judge({ kind: "self" })).toMatchObject({ allowed: false, silent: true });
    expect(judge({ kind: "bot", name: "renovate[bot]" })).toMatchObject({ allowed: false, silent: true });
    await set({ allowedBots: "renovate[bot]" });
    expect(judge({ kind: "bot", name: "renovate[bot]" })).toMatchObject({ allowed: true });
    expect(judge({ kind: "bot", name: "other[bot]" })).toMatchObject({ allowed: false });
  });

  it("obeys the lists of people and repositories", async () => {
    await set({ blockedPeople: "eve" });
    expect(judge({ name: "eve" })).toMatchObject({ allowed: false, why: expect.stringContaining("blocked") });
    await set({ allowedPeople: "forge:ada" });
    expect(judge()).toMatchObject({ allowed: true });
    expect(judge({ name: "bob", id: "8" })).toMatchObject({ allowed: false });
    await set({ allowedRepositories: "acme/s*" });
    expect(judge()).toMatchObject({ allowed: true });
    expect(judge({}, "acme/api")).toMatchObject({ allowed: false, why: expect.stringContaining("acme/api") });
    expect(judge({}, "evil/site")).toMatchObject({ allowed: false });
  });

  it("asks for a link where the workspace wants one", async () => {
    await set({ requireLink: "true" });
    const answer = judge();
    expect(answer).toMatchObject({
      allowed: "needs-link",
      workspaceId: "main",
      linkUrl: expect.stringMatching(/^https:\/\/bot\.test\/link#/),
    });
    await addMember("p-ada", {});
    expect(judge()).toMatchObject({ allowed: true, personId: "p-ada" });
  });

  it("asks for an invitation from linked people of no workspace", async () => {
    await set({ requireLink: "true" });
    await people.directory.write([{ put: "people", id: "p-out", value: { name: "out", createdAt: "" } }]);
    await people.links.add(makeAuthor(), "p-out", "oauth");
    expect(judge()).toMatchObject({ allowed: false, why: expect.stringContaining("invitation") });
  });

  it("lets linked people of another workspace ask as strangers: who they are stays there", async () => {
    await addMember("p-vic", {});
    const connection = await connectOther();
    const place = makePlace(1, { connection });
    expect(judge({}, "acme/site", { place })).toEqual({
      allowed: true,
      workspaceId: "other",
      opened: false,
      outsider: expect.stringContaining("invitation"),
    });
    expect(people.connections.personOf("forge", "forge.test", "7", "other")).toBeUndefined();
    expect(people.connections.personOf("forge", "forge.test", "7", "main")).toBe("p-vic");
    expect(people.connections.personOf("forge", "forge.test", "7")).toBe("p-vic");
  });

  it("refuses what a connection heard that is nobody's any more", async () => {
    await addMember("p-mia");
    const connection = await connectOther({ kind: "person", id: "p-mia" });
    const place = makePlace(1, { connection });
    expect(judge({}, "acme/site", { place })).toMatchObject({ allowed: true, workspaceId: "main" });
    await people.directory.write([{ remove: "members", id: memberId("main", "p-mia") }]);
    const refused = { allowed: false, silent: true, why: expect.stringContaining("no workspace") };
    expect(judge({}, "acme/site", { place })).toMatchObject(refused);
    expect(judge({}, "acme/site", { place: makePlace(1, { connection: "gone" }) })).toMatchObject(refused);
    expect(judge()).toMatchObject({ allowed: true, workspaceId: "main" });
  });

  it("asks for a link where accounts say nothing of repositories, unless the room was opened for that repository", async () => {
    traits = { name: "Chat", accountsKnowRepositories: false, roomOf: () => ["C01", "#general"] };
    expect(judge({}, undefined)).toMatchObject({
      allowed: "needs-link",
      why: expect.stringContaining("Chat"),
    });
    await set({ openChannels: "general=acme/site" });
    expect(judge({}, undefined)).toMatchObject({ allowed: true });
    expect(judge({}, "acme/site", {}, "github.com")).toMatchObject({ allowed: true, opened: true });
    expect(judge({}, "acme/secret")).toMatchObject({ allowed: "needs-link" });
    await set({ openChannels: "C02=acme/site" });
    expect(judge()).toMatchObject({ allowed: "needs-link" });
    await addMember("p-ada", {});
    expect(judge({}, "acme/secret")).toMatchObject({ allowed: true, personId: "p-ada", opened: false });
    await set({ openChannels: "general=acme/site" });
    expect(judge()).toMatchObject({ allowed: true, personId: "p-ada", opened: true });
  });

  it("tells of a listed bot whether the room was opened for the repository", async () => {
    traits = { name: "Chat", accountsKnowRepositories: false, roomOf: () => ["general"] };
    await set({ allowedBots: "helper", openChannels: "general=acme/site" });
    const bot = { kind: "bot", name: "helper" } as const;
    expect(judge(bot)).toEqual({ allowed: true, workspaceId: "main", opened: true });
    expect(judge(bot, "acme/secret")).toEqual({ allowed: true, workspaceId: "main", opened: false });
  });

  it("trusts the person of an ask from our own page only as a member", async () => {
    await set({ requireLink: "true" });
    await addMember("p-ada");
    expect(judge({ id: "person:p-ada" }, undefined, { person: "p-ada" })).toEqual({
      allowed: true,
      personId: "p-ada",
      workspaceId: "main",
      opened: false,
    });
    expect(judge({}, undefined, { person: "p-nobody" })).toMatchObject({ allowed: "needs-link" });
  });

  it("says in the link whether it was said to one person alone", () => {
    const claim = () => people.linkTokens.read(people.policy.linkFor(makeMention()).split("#")[1] ?? "");
    expect(claim()).toMatchObject({ id: "7", name: "ada", alone: false });
    traits = { name: "Chat", speaksPrivately: true };
    expect(claim()).toMatchObject({ alone: true });
  });
});

describe("settings of a workspace", () => {
  it("come from the page, else the environment, else the default, and say which", async () => {
    await people.close();
    people = await openWith({ HANDLES: "ask, @other", RUN_TIMEOUT: "30m", REQUIRE_LINK: "yes" });
    await set({ runTimeout: "15m" });
    expect(people.policy.settings()).toMatchObject({
      handles: ["@ask", "@other"],
      runTimeout: 900_000,
      requireLink: true,
      labels: ["openhands"],
      closing: "comment",
    });
    const sources = Object.fromEntries(
      people.policy.explainSettings().map(({ key, source }) => [key, source]),
    );
    expect(sources).toMatchObject({ handles: "environment", runTimeout: "page", labels: "default" });
  });

  it("are those of the workspace that the connection belongs to", async () => {
    await connectOther();
    await people.directory.write([{ put: "settings", id: "other", value: { values: { labels: "theirs" } } }]);
    expect(people.policy.settings("c2").labels).toEqual(["theirs"]);
    expect(people.policy.settings().labels).toEqual(["openhands"]);
    expect(
      people.policy.judge(makeMention(1, { place: makePlace(1, { connection: "c2" }) }), undefined),
    ).toMatchObject({ workspaceId: "other" });
    expect(people.policy.tenantOf("gone")).toBeUndefined();
    expect(people.policy.tenantOf("env-forge-token")).toBe("main");
  });
});

describe("secrets that take a token's place", () => {
  it("are the person's own before the workspace's, and of the right workspace", async () => {
    const { directory, seal, connections } = people;
    const { secretPlace } = await import("@ask-openhands/bot/people/secrets.ts");
    const put = (
      id: string,
      owner: { readonly kind: "workspace" | "person"; readonly id: string },
      value: string,
    ) =>
      directory.write([
        {
          put: "secrets",
          id,
          value: {
            owner,
            name: "GITHUB_TOKEN",
            description: "",
            value: seal.seal(value, secretPlace(id, owner)),
            createdAt: "",
            changedAt: "",
          },
        },
      ]);
    await put("s1", { kind: "workspace", id: "main" }, "shared");
    await put("s2", { kind: "person", id: "p-ada" }, "own");
    await put("s3", { kind: "workspace", id: "other" }, "theirs");
    expect(connections.override("GITHUB_TOKEN", undefined)).toBe("shared");
    expect(connections.override("GITHUB_TOKEN", "p-ada")).toBe("own");
    expect(connections.override("GITHUB_TOKEN", "p-bob")).toBe("shared");
    expect(connections.override("GITHUB_TOKEN", undefined, "other")).toBe("theirs");
    expect(connections.override("GITLAB_TOKEN", "p-ada")).toBeUndefined();
    await directory.write([{ put: "workspaces", id: "other", value: { name: "Other", createdAt: "" } }]);
    expect(connections.override("GITHUB_TOKEN", "p-bob")).toBeUndefined();
    expect(connections.override("GITHUB_TOKEN", "p-bob", "main")).toBe("shared");
    expect([...connections.secretValues()].sort()).toEqual(["own", "shared", "theirs"]);
  });
});
