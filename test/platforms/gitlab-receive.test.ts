import { describe, expect, it } from "vitest";
import type { PlatformWorld } from "../contracts/platform-subject.ts";
import { connectionId, signingToken, webhookSecret } from "../contracts/subjects/gitlab.ts";
import { type FakeGitLabSettings, signedWith } from "../fakes/gitlab/start.ts";
import { createBench, createScenes } from "./gitlab-bench.ts";

const scene = createScenes();
const start = async (settings: FakeGitLabSettings = {}) => {
  const begun = await scene(settings);
  const issue = await begun.world.open(begun.writer, "issue", {
    title: "Checkout fails",
    text: "It says no.",
  });
  begun.world.deliveries();
  return { ...begun, issue };
};

const one = (world: PlatformWorld) => {
  const [sent, ...rest] = world.deliveries();
  if (sent === undefined || rest.length > 0) throw new Error("expected exactly one delivery");
  return sent;
};

describe("whom GitLab's deliveries are believed", () => {
  it("believes a signed delivery, and hears who said what", async () => {
    const { world, issue, bench } = await start();
    await world.comment(world.people.writer, issue, "@openhands please fix");
    expect(await bench.receive(one(world))).toMatchObject({ status: 200, body: "stored" });
    expect(bench.heard[0]).toMatchObject({
      text: "@openhands please fix",
      author: { name: "wanda", kind: "person" },
      place: { connection: connectionId, label: "#1" },
    });
  });

  it("refuses the plain token alone once the connection has a signing token", async () => {
    const { world, issue, bench } = await start();
    await world.comment(world.people.writer, issue, "@openhands please fix");
    const sent = one(world);
    const { "webhook-signature": _, "webhook-id": __, "webhook-timestamp": ___, ...headers } = sent.headers;
    expect(headers["x-gitlab-token"]).toBe(webhookSecret);
    expect(await bench.receive({ ...sent, headers })).toMatchObject({ status: 401 });
    expect(bench.heard).toEqual([]);
  });

  it("never falls back to a right token beside a wrong signature, even without a signing token of its own", async () => {
    const { world, issue, bench } = await start();
    await bench.renew(connectionId, { secrets: { signingToken: "" } });
    await world.comment(world.people.writer, issue, "@openhands please fix");
    const sent = one(world);
    expect(sent.headers["x-gitlab-token"]).toBe(webhookSecret);
    expect(await bench.receive(sent)).toMatchObject({ status: 401 });
    expect(
      await bench.receive({ ...sent, headers: { ...sent.headers, "webhook-signature": "" } }),
    ).toMatchObject({ status: 401 });
  });

  it("believes the plain token of a release that cannot sign, and no other", async () => {
    const { world, issue, bench } = await start({ signs: false });
    await world.comment(world.people.writer, issue, "@openhands please fix");
    const sent = one(world);
    expect(await bench.receive(signedWith(sent, "another-secret-that-is-wrong"))).toMatchObject({
      status: 401,
    });
    const { "x-gitlab-token": _, ...unsigned } = sent.headers;
    expect(await bench.receive({ ...sent, headers: unsigned })).toMatchObject({ status: 401 });
    expect(await bench.receive(sent)).toMatchObject({ status: 200, body: "stored" });
  });

  it("takes the previous signing token while it is being changed", async () => {
    const { world, issue, bench } = await start();
    const next = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    await bench.renew(connectionId, { secrets: { signingToken: next, previousSigningToken: signingToken } });
    await world.comment(world.people.writer, issue, "@openhands please fix");
    const sent = one(world);
    expect(await bench.receive(sent)).toMatchObject({ status: 200 });
    expect(await bench.receive(signedWith(sent, next))).toMatchObject({ status: 200, body: "known" });
  });

  it("refuses a delivery that is older than five minutes", async () => {
    const { world, issue } = await start();
    const late = createBench(world.connections, { now: () => Date.now() + 301_000 });
    await world.comment(world.people.writer, issue, "@openhands please fix");
    expect(await late.receive(one(world))).toMatchObject({ status: 401 });
  });

  it("hears one connection's address only with that connection's secret", async () => {
    const { world, issue } = await start();
    const [first] = world.connections;
    if (first === undefined) throw new Error("no connection");
    const other = {
      connection: { ...first.connection, id: "gitlab-2" },
      secrets: { ...first.secrets, signingToken: `whsec_${Buffer.alloc(32, 9).toString("base64")}` },
    };
    const bench = createBench([first, other]);
    await world.comment(world.people.writer, issue, "@openhands please fix");
    const sent = one(world);
    expect(await bench.receive({ ...sent, path: "/webhooks/gitlab/gitlab-2" })).toMatchObject({
      status: 401,
    });
    expect(await bench.receive({ ...sent, path: "/webhooks/gitlab" })).toMatchObject({ status: 200 });
    expect(bench.heard[0]?.place.connection).toBe(connectionId);
  });

  it("answers 200 to events that ask nothing, so that GitLab never switches the webhook off", async () => {
    const { world, issue, bench } = await start();
    await world.touch?.(world.people.writer, issue);
    expect(await bench.receive(one(world))).toMatchObject({ status: 200, body: "ignored" });
  });
});

describe("labels and assignments on GitLab", () => {
  it("ask once per moment: a redelivery and a second hook are known, adding again asks again", async () => {
    const { world, issue, bench } = await start();
    await world.setLabels?.(world.people.writer, issue, ["bug", "openhands", "urgent", "shop"]);
    const added = one(world);
    expect(await bench.receive(added)).toMatchObject({ body: "stored" });
    expect(await bench.receive(added)).toMatchObject({ body: "known" });
    const again = signedWith(
      {
        ...added,
        headers: {
          ...added.headers,
          "idempotency-key": "other",
          "webhook-id": "other",
          "x-gitlab-event-uuid": "other",
        },
      },
      signingToken,
    );
    expect(await bench.receive(again)).toMatchObject({ body: "known" });

    await world.setLabels?.(world.people.writer, issue, ["bug"]);
    expect(await bench.receive(one(world))).toMatchObject({ body: "ignored" });
    await world.setLabels?.(world.people.writer, issue, ["bug", "openhands"]);
    expect(await bench.receive(one(world))).toMatchObject({ body: "stored" });
    expect(bench.heard.map(({ way }) => way)).toEqual(["label", "label", "label", "label"]);
  });

  it("are heard by the name of the delivery while GitLab does not say when they happened", async () => {
    const { world, issue, bench } = await start();
    await world.setLabels?.(world.people.writer, issue, ["openhands"]);
    world.fail({
      method: "GET",
      path: /resource_label_events/,
      status: 403,
      times: Number.POSITIVE_INFINITY,
    });
    const sent = one(world);
    expect(await bench.receive(sent)).toMatchObject({ body: "stored" });
    expect(bench.heard[0]?.key.endsWith(sent.headers["idempotency-key"] ?? "-")).toBe(true);
  });

  it("ask when the bot is assigned, not when it stays assigned or somebody else is", async () => {
    const { world, issue, bench } = await start();
    await world.assign?.(world.people.writer, issue, world.people.reader);
    expect(await bench.receive(one(world))).toMatchObject({ body: "ignored" });
    await world.assign?.(world.people.writer, issue, world.people.self);
    expect(await bench.receive(one(world))).toMatchObject({ body: "stored" });
    await world.touch?.(world.people.writer, issue);
    expect(await bench.receive(one(world))).toMatchObject({ body: "ignored" });
    expect(bench.heard.map(({ way, key }) => [way, /:event-\d+$/.test(key)])).toEqual([["assignment", true]]);
  });

  it("are not for us when the account is a person's own: the person was assigned", async () => {
    const { world, issue, bench } = await start();
    await bench.renew(connectionId, { settings: { account: "person" } });
    await world.assign?.(world.people.writer, issue, world.people.self);
    expect(await bench.receive(one(world))).toMatchObject({ body: "ignored" });
    await world.comment(world.people.self, issue, "@openhands I ask with the account that you post with");
    await bench.receive(one(world));
    expect(bench.heard.map(({ author }) => author.kind)).toEqual(["person"]);
  });
});

describe("explaining a GitLab delivery", () => {
  it("needs no header: the body names its event", async () => {
    const { world, issue, bench } = await start();
    await world.comment(world.people.writer, issue, "@openhands please fix");
    const body: unknown = JSON.parse(new TextDecoder().decode(one(world).bytes));
    expect(bench.platform.explain({}, body)).toMatchObject({
      heard: "mention",
      mention: { way: "comment", place: { host: world.host } },
    });
    expect(bench.platform.explain({}, body, "git.example")).toMatchObject({
      mention: { place: { host: "git.example" } },
    });
    expect(() => bench.platform.explain({}, { object_kind: "note" })).toThrow(/"user" is missing/);
    expect(bench.platform.explain({}, [])).toMatchObject({ heard: "ignored" });
  });
});
