import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiWorld, createApiWorld } from "./api-world.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.end());

const owners = (): readonly string[] =>
  world.people.directory
    .list("members")
    .flatMap(({ value }) => (value.workspaceId === "main" && value.role === "owner" ? [value.personId] : []));

const twoOwners = async () => {
  const ada = await world.signedIn("ada", "owner");
  const bob = await world.signedIn("bob", "owner");
  return [ada, bob] as const;
};
type Owner = Awaited<ReturnType<typeof twoOwners>>[number];

const paramsOf = (person: Owner) => ({ workspace: "main", person: person.personId });

describe("owners of a workspace", () => {
  it.each<readonly [string, (actor: Owner, other: Owner) => Promise<unknown>]>([
    [
      "unmake each other",
      (actor, other) => actor.call("changeMember", { params: paramsOf(other), body: { role: "member" } }),
    ],
    ["remove each other", (actor, other) => actor.call("removeMember", { params: paramsOf(other) })],
    ["leave", (actor) => actor.call("removeMember", { params: paramsOf(actor) })],
    ["delete their data", (actor) => actor.call("deleteMe", {})],
  ])("are never gone, also when two %s in the same moment", async (_what, act) => {
    const [ada, bob] = await twoOwners();
    const done = await Promise.allSettled([act(ada, bob), act(bob, ada)]);
    expect(owners()).toHaveLength(1);
    expect(done.filter(({ status }) => status === "rejected")).toHaveLength(1);
  });

  it("cannot be unmade when there is one only", async () => {
    const ada = await world.signedIn("ada", "owner");
    const needsOne = { status: 409, detail: expect.stringContaining("owner") };
    expect(await ada.problem("removeMember", { params: paramsOf(ada) })).toMatchObject(needsOne);
    expect(
      await ada.problem("changeMember", { params: paramsOf(ada), body: { role: "member" } }),
    ).toMatchObject(needsOne);
    expect(await ada.problem("deleteMe", {})).toMatchObject(needsOne);
    expect(owners()).toEqual([ada.personId]);
  });
});
