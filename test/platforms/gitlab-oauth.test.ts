import { describe, expect, it } from "vitest";
import { createScenes } from "./gitlab-bench.ts";

const start = createScenes();

describe("signing in with GitLab", () => {
  it("goes to the server of the application, below its path, and asks for what is needed only", async () => {
    const { bench, world } = await start({ prefix: "/gitlab" });
    const way = bench.platform.oauth;
    const client = world.connections[0]?.connection;
    if (way === undefined || client === undefined) throw new Error("no way to sign in");
    expect(way.server(client)).toEqual({
      authorize: `${world.fake.url}/oauth/authorize`,
      token: `${world.fake.url}/oauth/token`,
    });
    expect(way.scopes(client, "identity")).toEqual(["read_user"]);
    expect(way.scopes(client, "work")).toContain("api");
  });

  it("tells whose token it is by the id that mentions have", async () => {
    const { bench, world } = await start();
    const client = world.connections[0]?.connection;
    const writer = world.fake.addUser("olga");
    const token = world.fake.addToken(writer, ["read_user"]);
    expect(await bench.platform.oauth?.account(client ?? expect.fail(), token)).toEqual({
      id: String(writer.id),
      name: "olga",
    });
    await expect(bench.platform.oauth?.account(client ?? expect.fail(), "wrong-token")).rejects.toMatchObject(
      { kind: "bad-credentials" },
    );
  });
});
