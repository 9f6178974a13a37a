import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { beforeEach, describe, expect, it } from "vitest";
import type { Log } from "../log.ts";
import type { Connections } from "../people/connections.ts";
import type { Platform } from "../platforms/platform.ts";
import { createCodeHosts } from "./code-hosts.ts";

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => log,
};

const at = (host: string, owner: Connection["owner"], active = true): Connection => ({
  id: `${host} ${owner.id}`,
  platform: "forge",
  host,
  owner,
  kind: "token",
  name: host,
  settings: {},
  secretNames: [],
  active,
  createdAt: "",
});

const workspace = (id: string) => ({ kind: "workspace", id }) as const;
const all = [
  at("one.test", workspace("w1")),
  at("two.test", workspace("w2")),
  at("own.test", { kind: "person", id: "ada" }),
  at("off.test", workspace("w1"), false),
];

describe("the code hosts of an ask", () => {
  const asked: string[] = [];
  beforeEach(() => {
    asked.length = 0;
  });
  const facts = (host: string, name: string) => ({ platform: "forge", host, name, url: "", cloneUrl: "" });
  const forge = {
    id: "forge",
    findRepository: async (host: string, name: string) => {
      asked.push(`${host} ${name}`);
      if (host === "own.test") throw new Failure("unavailable", "It does not answer.");
      return facts(host, name);
    },
    searchRepositories: async (host: string) => [facts(host, "acme/site")],
  } as unknown as Platform;
  const hosts = createCodeHosts({
    connections: { list: () => all } as unknown as Connections,
    platforms: () => [forge],
    log,
  });

  it("are those that its workspace is connected to, never another workspace's", async () => {
    const found = await hosts.findRepositories({ name: "acme/site" }, { workspaceId: "w1" });
    expect(found.map(({ host }) => host)).toEqual(["one.test"]);
    expect(asked).toEqual(["one.test acme/site"]);
    expect(
      await hosts.findRepositories({ name: "acme/site", host: "two.test" }, { workspaceId: "w1" }),
    ).toEqual([]);
    const shown = await hosts.searchRepositories("", { workspaceId: "w2" });
    expect(shown.map(({ host }) => host)).toEqual(["two.test"]);
  });

  it("are the asker's own too, and one that does not answer hides nothing of the others", async () => {
    const found = await hosts.findRepositories({ name: "acme/site" }, { workspaceId: "w1", personId: "ada" });
    expect(asked.toSorted()).toEqual(["one.test acme/site", "own.test acme/site"]);
    expect(found.map(({ host }) => host)).toEqual(["one.test"]);
  });

  it("may be named in front of a repository; a group with a dot is no host", async () => {
    await hosts.findRepositories({ name: "one.test/acme/site" }, { workspaceId: "w1" });
    await hosts.findRepositories({ name: "my.group/acme/site" }, { workspaceId: "w1" });
    await hosts.findRepositories({ name: "two.test/acme/site" }, { workspaceId: "w1" });
    expect(asked).toEqual([
      "one.test acme/site",
      "one.test my.group/acme/site",
      "one.test two.test/acme/site",
    ]);
  });
});
