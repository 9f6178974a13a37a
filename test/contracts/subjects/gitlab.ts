import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { PlaceKind } from "@ask-openhands/core/work/place.ts";
import {
  type FakeGitLab,
  type FakeGitLabSettings,
  signedWith,
  startFakeGitLab,
} from "../../fakes/gitlab/start.ts";
import { type FakeIssuable, type FakeNote, type FakeUser, webUrl } from "../../fakes/gitlab/state.ts";
import type { Account, PlatformSubject, PlatformWorld, Said, Spot } from "../platform-subject.ts";

/** Never used for anything else than the fake. */
export const signingToken = `whsec_${Buffer.alloc(32, "fake-gitlab-signing-").toString("base64")}`;
export const webhookSecret = "fake-gitlab-webhook-secret";
export const connectionId = "gitlab-1";

export const gitlabConnection = (
  fake: FakeGitLab,
  id: string,
  settings: Readonly<Record<string, string>> = {},
): Connection => ({
  id,
  platform: "gitlab",
  host: fake.host,
  owner: { kind: "workspace", id: "main" },
  kind: "token",
  name: "GitLab",
  settings: { baseUrl: fake.url, ...settings },
  secretNames: ["token", "webhookSecret", "signingToken"],
  active: true,
  createdAt: "2026-01-01T00:00:00.000Z",
});

/** What a hook of ours asks for. */
export const allEvents = {
  issues_events: true,
  confidential_issues_events: true,
  merge_requests_events: true,
  note_events: true,
  confidential_note_events: true,
};

export const startGitLabWorld = async (
  settings: FakeGitLabSettings = {},
): Promise<PlatformWorld & { readonly fake: FakeGitLab }> => {
  const fake = await startFakeGitLab(settings);
  const { acts, state } = fake;
  const project = fake.addProject("acme/tools/shop", { visibility: "public" });
  const people = {
    writer: fake.addUser("wanda", { name: "Wanda" }),
    reader: fake.addUser("rita", { name: "Rita" }),
    stranger: fake.addUser("sven", { name: "Sven" }),
    bot: fake.addUser(`project_${project.id}_bot_00ff`, { bot: true }),
    self: fake.addUser(`project_${project.id}_bot_ab12`, { bot: true, name: "OpenHands" }),
  };
  for (const [user, level] of [
    [people.writer, 30],
    [people.reader, 20],
    [people.bot, 30],
    [people.self, 40],
  ] as const)
    project.members.set(user.id, level);
  const token = fake.addToken(people.self);
  const facts = state.tokens.get(token);
  // GitLab gives every new token an end, at most a year away.
  if (facts) facts.expiresAt = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10);
  state.hooks.push({
    id: state.next(),
    owner: { type: "project", id: project.id },
    url: `http://bot.example/webhooks/gitlab/${connectionId}`,
    settings: { ...allEvents, token: webhookSecret, ...(state.signs ? { signing_token: signingToken } : {}) },
    alertStatus: "executable",
    deliveries: [],
  });

  const accountOf = (user: FakeUser): Account => ({ id: String(user.id), name: user.username });
  const userOf = ({ id }: Account): FakeUser => {
    const user = state.users.find((one) => String(one.id) === id);
    if (user === undefined) throw new Error(`the fake has no account ${id}`);
    return user;
  };
  const issuableOf = ({ id }: Spot): FakeIssuable => {
    const one = state.issuables.find((found) => String(found.id) === id);
    if (one === undefined) throw new Error(`the fake has no issue or merge request ${id}`);
    return one;
  };
  const noteOf = (said: Said): FakeNote => {
    const note = issuableOf(said.spot).notes.find(({ id }) => String(id) === said.id);
    if (note === undefined) throw new Error(`the fake has no comment ${said.id}`);
    return note;
  };
  const spotOf = (one: FakeIssuable): Spot => ({
    id: String(one.id),
    kind: one.kind,
    url: webUrl(state, one),
  });
  const saidOf = (spot: Spot, note: FakeNote): Said => ({
    id: String(note.id),
    spot,
    ...(note.thread ? { thread: note.discussion } : {}),
    author: accountOf(note.author),
    text: note.body,
  });
  const told = async <T>(result: T): Promise<T> => {
    await acts.settled();
    return result;
  };

  return {
    fake,
    host: fake.host,
    repository: project.path,
    connections: [
      {
        connection: gitlabConnection(fake, connectionId),
        secrets: { token, webhookSecret, ...(state.signs ? { signingToken } : {}) },
      },
    ],
    people: {
      writer: accountOf(people.writer),
      reader: accountOf(people.reader),
      stranger: accountOf(people.stranger),
      bot: accountOf(people.bot),
      self: accountOf(people.self),
    },

    open: (by, kind: PlaceKind, spot) =>
      told(
        spotOf(
          acts.open(userOf(by), {
            kind: kind === "issue" ? "issue" : "pull-request",
            project,
            title: spot.title,
            description: spot.text,
            labels: spot.labels,
            confidential: spot.confidential,
          }),
        ),
      ),
    comment: (by, spot, text) => told(saidOf(spot, acts.addNote(issuableOf(spot), userOf(by), text))),
    inline: (by, spot, text, position) =>
      told(saidOf(spot, acts.addNote(issuableOf(spot), userOf(by), text, { position }))),
    reply: (by, to, text) =>
      told(saidOf(to.spot, acts.reply(issuableOf(to.spot), noteOf(to), userOf(by), text))),
    async review(by, spot, body, inline) {
      const one = issuableOf(spot);
      const notes = [
        acts.addNote(one, userOf(by), body),
        ...inline.map((text, index) =>
          acts.addNote(one, userOf(by), text, { position: { path: "src/shop.ts", line: index + 1 } }),
        ),
      ];
      return told(notes.map((note) => saidOf(spot, note)));
    },
    setLabels: (by, spot, labels) => told(acts.setLabels(issuableOf(spot), userOf(by), labels)),
    assign: (by, spot, to) => told(acts.assign(issuableOf(spot), userOf(by), [userOf(to)])),
    editComment: (by, said, text) =>
      told(acts.editNote(issuableOf(said.spot), noteOf(said), userOf(by), text)),
    editDescription: (by, spot, text) =>
      told(acts.change(issuableOf(spot), userOf(by), { description: text })),
    touch: (by, spot) => told(acts.change(issuableOf(spot), userOf(by), { title: "Another title" })),
    removeComment: (_, said) => told(acts.removeNote(issuableOf(said.spot), noteOf(said))),
    async move(to) {
      project.formerPaths.push(project.path);
      project.path = to;
      project.namespace = { ...project.namespace, path: to.slice(0, to.lastIndexOf("/")) };
    },
    async takeOldName(path) {
      const other = fake.addProject(path, { visibility: "public" });
      for (const [id, level] of project.members) other.members.set(id, level);
      for (const { kind } of [...state.issuables])
        acts.open(people.writer, { kind, project: other, title: "Something else", description: "" });
      return () =>
        state.issuables
          .filter((one) => one.project === other)
          .flatMap(({ notes }) => notes.map(({ body }) => body));
    },
    said: (spot) =>
      issuableOf(spot)
        .notes.filter(({ system }) => !system)
        .map((note) => saidOf(spot, note)),
    reactions(on) {
      const emoji = "spot" in on ? noteOf(on).emoji : issuableOf(on).emoji;
      return emoji.filter(({ user }) => user === people.self).map(({ name }) => name);
    },
    openedBy(url) {
      const found = state.issuables.find((one) => one.kind === "pull-request" && webUrl(state, one) === url);
      return found && accountOf(found.author);
    },

    deliverTo: fake.deliveries.deliverTo,
    deliveries: fake.deliveries.take,
    signedWith,
    loseDeliveries: fake.deliveries.lose,
    fail: fake.server.fail,
    recover: fake.server.recover,
    get requests() {
      const { checked, violations, unrouted, unspecified } = fake.server;
      return { checked, violations, unrouted, unspecified };
    },
    requestsWith: (text) =>
      fake.server.calls.filter((call) => JSON.stringify([call.path, call.headers, call.text]).includes(text))
        .length,
    close: fake.close,
  };
};

export const subject: PlatformSubject = {
  id: "gitlab",
  kinds: ["issue", "pull-request"],
  limits: {
    "several mentions in one review are one ask":
      "GitLab tells of each comment of a review by itself and names no review; asks of the same moment share one conversation.",
    "deleted ask": "GitLab sends nothing when a comment is deleted.",
  },
  unspecified: [
    // The document at hand was cut down: both lists, and the label events of merge requests, are GitLab's public REST API.
    /^GET \/api\/v4\/(projects|groups)$/,
    /^GET \/api\/v4\/projects\/[^/]+\/merge_requests\/\d+\/resource_label_events$/,
  ],
  signatureHeaders: ["webhook-signature"],
  signingSecrets: ["signingToken", "previousSigningToken"],
  agentTokenName: "GITLAB_TOKEN",
  start: startGitLabWorld,
};
