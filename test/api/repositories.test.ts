import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";
import { seed, seededParams } from "./seed.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  await seed(world);
});
afterEach(() => world.end());

const main = { workspace: "main" };

describe("repositories for pickers", () => {
  it("come from every connected code host, or from one connection's", async () => {
    const member = await world.signedIn("mia", "member");
    const all = await member.call("listRepositories", { params: main, query: { query: "site" } });
    expect(all.repositories.map(({ host, name }) => `${host}/${name}`)).toEqual(["forge.test/acme/site"]);
    const one = await member.call("listRepositories", {
      params: main,
      query: { query: "site", connection: seededParams.connection },
    });
    expect(one).toEqual(all);
  });

  it("are asked for this workspace alone", async () => {
    await world.people.directory.write([
      { put: "workspaces", id: "other", value: { name: "Other", createdAt: "2026-03-01T00:00:00.000Z" } },
    ]);
    const eve = await world.signedIn("eve", "owner", "other");
    const params = { workspace: "other" };
    expect(await eve.call("listRepositories", { params, query: {} })).toEqual({ repositories: [] });
    expect(
      await eve.problem("listRepositories", { params, query: { connection: seededParams.connection } }),
    ).toMatchObject({ status: 404 });
    expect(await eve.problem("listRepositories", { params: main, query: {} })).toMatchObject({ status: 404 });
    expect(world.forge.searchedFor).toEqual([]);
  });
});
