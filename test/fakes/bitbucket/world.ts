import type {
  Account,
  PlatformWorld,
  Said,
  SeededConnection,
  Spot,
} from "../../contracts/platform-subject.ts";
import { cloudEvents, pullUrl as cloudPullUrl } from "./cloud-shapes.ts";
import { dcEvents, pullUrl as dcPullUrl } from "./dc-shapes.ts";
import { type BitbucketFlavour, type FakeBitbucket, signedWith, startFakeBitbucket } from "./start.ts";
import {
  type FakeComment,
  type FakePull,
  type FakeRepository,
  type FakeUser,
  moveRepository,
  type Right,
} from "./state.ts";

/** Never used for anything else than the fakes. */
export const webhookSecret = "a-webhook-secret-of-the-fake-bitbucket";
const email = "openhands@example.com";

export const basic = (token: string): string =>
  `Basic ${Buffer.from(`${email}:${token}`).toString("base64")}`;

const names = ["writer", "reader", "stranger", "bot", "self"] as const;

const peopleOf = (flavour: BitbucketFlavour): Readonly<Record<(typeof names)[number], FakeUser>> => {
  const person = (number: number, login: string, displayName: string, bot = false): FakeUser => ({
    id: flavour === "cloud" ? `{bf34a99b-8a11-452c-8fbc-00000000000${number}}` : String(100 + number),
    name: flavour === "cloud" ? `557058:00000000-1111-2222-3333-00000000000${number}` : login,
    displayName,
    bot,
  });
  return {
    writer: person(1, "wanda", "Wanda Writer"),
    reader: person(2, "rolf", "Rolf Reader"),
    stranger: person(3, "sam", "Sam Stranger"),
    bot: person(4, "otherbot", "Other Bot", true),
    self: person(5, "openhands", "OpenHands"),
  };
};

export interface BitbucketWorld extends PlatformWorld {
  readonly fake: FakeBitbucket;
  readonly project: FakeRepository;
  readonly users: Readonly<Record<(typeof names)[number], FakeUser>>;
}

/** Credentials that the fake takes, for this account. */
export const addToken = (fake: FakeBitbucket, user: FakeUser, kind: string, account = true): string => {
  const token = `${fake.flavour}-token-of-${user.displayName.replace(/\W/g, "-")}-${fake.state.next()}-${fake.server.url.split(":").at(-1)}`;
  fake.state.tokens.set(kind === "token" ? basic(token) : `Bearer ${token}`, { user, account });
  return token;
};

export const seed = (
  fake: FakeBitbucket,
  kind: string,
  token: string,
  settings: Readonly<Record<string, string>> = {},
): SeededConnection => {
  const platform = `bitbucket-${fake.flavour}`;
  const own: Readonly<Record<string, string>> =
    fake.flavour === "cloud" ? { apiUrl: `${fake.base}/2.0`, email } : { baseUrl: fake.base };
  return {
    connection: {
      id: `${platform}-${kind}`,
      platform,
      host: fake.host,
      owner: { kind: "workspace", id: "main" },
      kind,
      name: "Bitbucket",
      settings: { ...own, ...settings },
      secretNames: ["token", "webhookSecret"],
      active: true,
      createdAt: new Date(0).toISOString(),
    },
    secrets: { token, webhookSecret },
  };
};

export const startBitbucketWorld = async (
  flavour: BitbucketFlavour,
  options: { readonly context?: string; readonly repository?: string; readonly right?: Right } = {},
): Promise<BitbucketWorld> => {
  const fake = await startFakeBitbucket(flavour, options.context);
  const { state, acts, server, deliveries } = fake;
  const users = peopleOf(flavour);
  for (const user of Object.values(users)) state.users.set(user.id, user);
  const project: FakeRepository = {
    id: state.next(),
    name: options.repository ?? (flavour === "cloud" ? "acme/shop" : "ACME/shop"),
    rights: new Map<string, Right>([
      [users.writer.id, "write"],
      [users.reader.id, "read"],
      [users.bot.id, "write"],
      [users.self.id, options.right ?? "admin"],
    ]),
    pulls: [],
  };
  state.repositories.push(project);

  const kind = flavour === "cloud" ? "token" : "bot-token";
  const seeded = seed(fake, kind, addToken(fake, users.self, kind), { account: "bot" });
  state.hooks.push({
    id: flavour === "cloud" ? "{d53603cc-3f67-45ea-b310-aaa5ef6ec061}" : String(state.next()),
    target: project.name,
    url: `http://bot.example/webhooks/bitbucket-${flavour}/${seeded.connection.id}`,
    active: true,
    events: Object.values(flavour === "cloud" ? cloudEvents : dcEvents),
    secret: webhookSecret,
    sent: [],
  });

  const userOf = ({ id }: Account): FakeUser => {
    const user = state.users.get(id);
    if (user) return user;
    throw new Error(`the fake has no account ${id}`);
  };
  const pullOf = ({ id }: Spot): FakePull => {
    const pull = project.pulls.find((one) => String(one.id) === id);
    if (pull) return pull;
    throw new Error(`the fake has no pull request ${id}`);
  };
  const commentOf = (said: Said): FakeComment => {
    const comment = pullOf(said.spot).comments.find((one) => String(one.id) === said.id);
    if (comment) return comment;
    throw new Error(`the fake has no comment ${said.id}`);
  };
  const urlOf = (pull: FakePull): string =>
    flavour === "cloud" ? cloudPullUrl(state, pull) : dcPullUrl(state, pull);
  const rootOf = (comment: FakeComment): FakeComment => (comment.parent ? rootOf(comment.parent) : comment);
  const saidOf = (spot: Spot, comment: FakeComment): Said => ({
    id: String(comment.id),
    spot,
    ...(comment.parent ? { thread: String(rootOf(comment).id) } : {}),
    author: { id: comment.author.id, name: comment.author.name },
    text: comment.text,
  });
  const told = async <T>(result: T): Promise<T> => {
    await acts.settled();
    return result;
  };

  return {
    fake,
    project,
    users,
    host: fake.host,
    repository: project.name,
    connections: [seeded],
    people: users,

    open(by, kindOfPlace, spot) {
      const pull = acts.open(userOf(by), project, spot.title, spot.text);
      return told({ id: String(pull.id), kind: kindOfPlace, url: urlOf(pull) });
    },
    comment: (by, spot, text) => told(saidOf(spot, acts.say(userOf(by), pullOf(spot), text))),
    inline: (by, spot, text, at) =>
      told(saidOf(spot, acts.say(userOf(by), pullOf(spot), text, { spot: at }))),
    reply: (by, to, text) =>
      told(saidOf(to.spot, acts.say(userOf(by), pullOf(to.spot), text, { parent: commentOf(to) }))),
    editComment: (by, said, text) => told(acts.edit(userOf(by), pullOf(said.spot), commentOf(said), text)),
    editDescription: (by, spot, text) => told(acts.change(userOf(by), pullOf(spot), { text })),
    touch: (by, spot) => told(acts.change(userOf(by), pullOf(spot), { title: "Another title" })),
    removeComment: (by, said) => told(acts.remove(userOf(by), pullOf(said.spot), commentOf(said))),
    async move(to) {
      moveRepository(state, project, to);
    },
    async takeOldName(name) {
      const other: FakeRepository = { ...project, id: state.next(), name, pulls: [] };
      state.formerNames.delete(name.toLowerCase());
      state.repositories.push(other);
      for (const _ of project.pulls)
        acts.open(users.writer, other, "Something else", "Nothing to do with us.");
      return () => other.pulls.flatMap(({ comments }) => comments.map(({ text }) => text));
    },
    said: (spot) =>
      pullOf(spot)
        .comments.filter(({ deleted }) => !deleted)
        .map((comment) => saidOf(spot, comment)),
    reactions: (on) =>
      "spot" in on
        ? commentOf(on)
            .reactions.filter(({ by }) => by === users.self)
            .map(({ name }) => name)
        : [],
    openedBy: (url) => project.pulls.find((pull) => urlOf(pull) === url)?.author,

    deliverTo: deliveries.deliverTo,
    deliveries: deliveries.take,
    signedWith,
    loseDeliveries: deliveries.lose,
    fail: server.fail,
    recover: server.recover,
    get requests() {
      const { checked, violations, unrouted, unspecified } = server;
      return { checked, violations, unrouted, unspecified };
    },
    requestsWith(text) {
      const seen = server.calls.filter(({ path, headers, text: body }) =>
        [path, body, ...Object.values(headers)].some(
          (part) => part.includes(text) || part.includes(Buffer.from(text).toString("base64").slice(0, -4)),
        ),
      );
      return seen.length;
    },
    close: () => server.close(),
  };
};
