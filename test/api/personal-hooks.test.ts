import { placeOf } from "@ask-openhands/bot/people/connection-record.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld({ resolve: async () => ["93.184.216.34"] });
});
afterEach(() => world.end());

const typed = "a-secret-that-a-member-typed";
const token = { platform: "forge", kind: "token", secrets: { token: "good-token-ada" } };

describe("a member's own connection", () => {
  it("takes no secret of a webhook, neither new nor by a change, and has no webhooks to manage", async () => {
    await (await world.signedIn("owner", "owner")).call("createConnection", {
      params: { workspace: "main" },
      body: token,
    });
    const member = await world.signedIn("mallory", "member");
    const secrets = { token: "good-token-bob", webhookSecret: typed };
    expect(await member.problem("createMyConnection", { body: { ...token, secrets } })).toMatchObject({
      status: 422,
      detail: expect.stringContaining("no webhook"),
      fields: [{ field: "webhookSecret" }],
    });
    const made = await member.call("createMyConnection", {
      body: { ...token, secrets: { token: "good-token-bob" } },
    });
    expect(made).toMatchObject({ hasHooks: false, may: { hooks: false } });
    expect(made.webhook).toBeUndefined();
    const params = { connection: made.id };
    expect(
      await member.problem("changeConnection", { params, body: { secrets: { webhookSecret: typed } } }),
    ).toMatchObject({ status: 422 });
    expect(await member.problem("listHooks", { params })).toMatchObject({ status: 422 });
    const body = { action: "install", resource: "r1" } as const;
    expect(await member.problem("changeHook", { params, body })).toMatchObject({ status: 422 });
    expect(
      world.people.directory.get("connections", made.id)?.value.secrets["webhookSecret"],
    ).toBeUndefined();
  });

  it("loses a secret of a webhook that was stored before, with its next change", async () => {
    const member = await world.signedIn("mallory", "member");
    await world.people.hosts.approve("main", "forge.test", false, "person-owner");
    const { id } = await member.call("createMyConnection", { body: token });
    const { directory, seal } = world.people;
    const stored = directory.get("connections", id)?.value;
    if (stored === undefined) throw new Error("not stored");
    const webhookSecret = seal.seal(typed, placeOf(id, stored.owner, "webhookSecret"));
    const secrets = { ...stored.secrets, webhookSecret };
    await directory.write([{ put: "connections", id, value: { ...stored, secrets } }]);
    const changed = await member.call("changeConnection", {
      params: { connection: id },
      body: { name: "Mine" },
    });
    expect(changed.secrets.map(({ name }) => name)).toEqual(["token"]);
  });
});
