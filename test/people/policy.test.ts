import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { afterEach, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "../api/api-world.ts";

let world: ApiWorld | undefined;
afterEach(() => world?.end());

const button = (person: string): Mention => ({
  key: `forge:forge.test:button:${person}.1`,
  place: {
    platform: "forge",
    host: "forge.test",
    key: "forge:forge.test:issue:1",
    kind: "issue",
    url: "https://forge.test/acme/site/issues/1",
    label: "#1",
    repository: "acme/site",
    address: {},
  },
  author: { platform: "forge", host: "forge.test", id: "7", name: "ada", kind: "person" },
  way: "button",
  text: "fix it repo=acme/secret",
  at: "2026-03-01T12:00:00.000Z",
  change: "new",
  reply: {},
  person,
});

describe("an ask from the page", () => {
  it("may name only repositories that the workspace allows, also in its text", async () => {
    world = await createApiWorld({ environment: { ALLOWED_REPOSITORIES: "acme/site" } });
    const { personId } = await world.signedIn("ada", "member");
    const { policy } = world.people;
    expect(policy.judge(button(personId), { host: "forge.test", name: "acme/site" })).toMatchObject({
      allowed: true,
      personId,
    });
    expect(policy.judge(button(personId), { host: "forge.test", name: "acme/secret" })).toMatchObject({
      allowed: false,
    });
  });
});
