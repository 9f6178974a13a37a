import { randomBytes } from "node:crypto";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { sign } from "../../fakes/github/deliver.ts";
import { type FakeGitHub, startFakeGitHub } from "../../fakes/github/server.ts";
import type { Comment, Issue, User } from "../../fakes/github/state.ts";
import type {
  Account,
  PlatformSubject,
  PlatformWorld,
  Said,
  SeededConnection,
  Spot,
} from "../platform-subject.ts";

const accountOf = ({ id, login }: User): Account => ({ id: String(id), name: login });

const seeded = (
  github: FakeGitHub,
  part: Pick<Connection, "id" | "kind" | "settings">,
  secrets: Readonly<Record<string, string>>,
): SeededConnection => ({
  connection: {
    ...part,
    platform: "github",
    host: new URL(github.http.url).host,
    owner: { kind: "workspace", id: "main" },
    name: part.kind,
    settings: { apiUrl: `${github.http.url}/api/v3`, ...part.settings },
    secretNames: Object.keys(secrets),
    active: true,
    createdAt: "2026-05-01T10:00:00.000Z",
  },
  secrets,
});

/** One organisation with one repository, the App installed on it, and a token for polling. */
function populate(github: FakeGitHub, webhookSecret: string, token: string) {
  const { state } = github;
  const owner = github.addUser("acme");
  const people = {
    writer: github.addUser("mara"),
    reader: github.addUser("ravi"),
    stranger: github.addUser("sam"),
    bot: github.addUser("renovate[bot]", "Bot"),
    self: state.app.user,
  };
  const machine = github.addUser("openhands-machine");
  state.users.push(people.self);
  const repository = github.addRepository(
    owner,
    "shop",
    [
      [owner, "admin"],
      [people.writer, "write"],
      [people.reader, "read"],
      [machine, "admin"],
    ],
    { private: true },
  );
  repository.branches.set("feature", "b".repeat(40));
  state.hook.secret = webhookSecret;
  state.app.permissions = {
    metadata: "read",
    contents: "write",
    issues: "write",
    pull_requests: "write",
    actions: "read",
    checks: "read",
    statuses: "read",
  };
  github.access.tokens.set(token, {
    kind: "token",
    user: machine,
    scopes: "repo, workflow",
    expires: "2027-01-31 12:00:00 UTC",
  });
  return { people, repository };
}

export async function startGitHubWorld(): Promise<PlatformWorld & { readonly github: FakeGitHub }> {
  const github = await startFakeGitHub();
  const { state, changes, deliver, http } = github;
  // Every server has its own, so that a test can see where they go.
  const webhookSecret = randomBytes(24).toString("hex");
  const token = `ghp_${randomBytes(18).toString("hex")}`;
  const { people, repository } = populate(github, webhookSecret, token);

  const userOf = ({ id }: Account): User => {
    const found = state.users.find((one) => String(one.id) === id);
    if (!found) throw new Error(`no account ${id}`);
    return found;
  };
  const issueOf = ({ id }: Spot): Issue => {
    const found = state.issues.find((one) => String(one.id) === id);
    if (!found) throw new Error(`no issue ${id}`);
    return found;
  };
  const commentOf = ({ id }: Said): Comment => {
    const found = state.comments.find((one) => String(one.id) === id);
    if (!found) throw new Error(`no comment ${id}`);
    return found;
  };
  const spotOf = (issue: Issue): Spot => ({
    id: String(issue.id),
    kind: issue.pull ? "pull-request" : "issue",
    url: github.shapes.page(issue),
  });
  const saidOf = (comment: Comment): Said => ({
    id: String(comment.id),
    spot: spotOf(comment.issue),
    ...(comment.inline ? { thread: String(comment.inline.replyTo ?? comment.id) } : {}),
    author: accountOf(comment.user),
    text: comment.body,
  });
  const after = async <T>(result: T): Promise<T> => {
    await deliver.settled();
    return result;
  };

  return {
    github,
    host: new URL(http.url).host,
    repository: "acme/shop",
    connections: [
      seeded(
        github,
        { id: "github-app", kind: "app", settings: { appId: String(state.app.id) } },
        { privateKey: github.privateKey, webhookSecret },
      ),
      seeded(github, { id: "github-token", kind: "token", settings: { account: "bot" } }, { token }),
    ],
    people: {
      writer: accountOf(people.writer),
      reader: accountOf(people.reader),
      stranger: accountOf(people.stranger),
      bot: accountOf(people.bot),
      self: accountOf(people.self),
    },
    open: (by, kind, { title, text, labels }) => {
      const pull = kind === "pull-request" ? { head: "feature", base: "main" } : undefined;
      return after(
        spotOf(
          changes.open(userOf(by), repository, { title, body: text === "" ? null : text, labels, pull }),
        ),
      );
    },
    comment: (by, spot, text) => after(saidOf(changes.comment(userOf(by), issueOf(spot), text))),
    inline: (by, spot, text, at) => after(saidOf(changes.inline(userOf(by), issueOf(spot), text, at))),
    reply: (by, to, text) => after(saidOf(changes.reply(userOf(by), commentOf(to), text))),
    review: (by, spot, body, inline) =>
      after(changes.review(userOf(by), issueOf(spot), body, inline).comments.map(saidOf)),
    setLabels: (by, spot, labels) => after(changes.setLabels(userOf(by), issueOf(spot), labels)),
    assign: (by, spot, to) => after(changes.assign(userOf(by), issueOf(spot), userOf(to))),
    editComment: (by, said, text) => after(changes.editComment(userOf(by), commentOf(said), text)),
    editDescription: (by, spot, text) => after(changes.editIssue(userOf(by), issueOf(spot), { body: text })),
    touch: (by, spot) => after(changes.editIssue(userOf(by), issueOf(spot), { title: "Another title" })),
    removeComment: (by, said) => after(changes.remove(userOf(by), commentOf(said))),
    async move(to) {
      const [login = "", name = ""] = to.split("/");
      state.formerNames.set(`${repository.owner.login}/${repository.name}`.toLowerCase(), repository);
      repository.name = name;
      if (login === repository.owner.login) return;
      // The other owner has an installation of the App of their own; the one before does not reach that far.
      repository.owner = github.addUser(login);
      repository.installation = state.nextId();
    },
    async takeOldName(name) {
      const other = github.addRepository(
        repository.owner,
        name.split("/")[1] ?? "",
        [...repository.roles].map(([id, role]) => [userOf({ id: String(id), name: "" }), role]),
        { private: true },
      );
      for (const _ of [...state.issues])
        changes.open(people.writer, other, { title: "Something else", body: "Nothing to do with us." });
      return () => state.comments.filter(({ issue }) => issue.repository === other).map(({ body }) => body);
    },
    said: (spot) => state.comments.filter((one) => one.issue === issueOf(spot)).map(saidOf),
    reactions: (on) => {
      const target = "spot" in on ? `comment:${on.id}` : `issue:${issueOf(on).number}`;
      return state.reactions
        .filter((one) => one.on === target && one.user === people.self)
        .map(({ content }) => content);
    },
    openedBy: (url) => {
      const found = state.issues.find((one) => one.pull && github.shapes.page(one) === url);
      return found && accountOf(found.user);
    },
    deliverTo: deliver.listen,
    deliveries: deliver.take,
    signedWith: (sent, secret) => ({
      ...sent,
      headers: { ...sent.headers, "x-hub-signature-256": sign(secret, sent.bytes) },
    }),
    loseDeliveries: deliver.lose,
    fail: http.fail,
    recover: http.recover,
    get requests() {
      const { checked, violations, unrouted, unspecified } = http;
      return { checked, violations, unrouted, unspecified };
    },
    requestsWith: (text) =>
      http.calls.filter((call) => JSON.stringify([call.path, call.headers, call.text]).includes(text)).length,
    close: http.close,
  };
}

export const subject: PlatformSubject = {
  id: "github",
  kinds: ["issue", "pull-request"],
  limits: { assignment: "a GitHub App cannot be assigned; the account of a token can" },
  unspecified: [
    // GraphQL has a schema of its own; accounts by number came to the REST API after the document at hand.
    /^POST \/api\/graphql$/,
    /^GET \/api\/v3\/user\/\d+$/,
  ],
  signatureHeaders: ["x-hub-signature-256"],
  signingSecrets: ["webhookSecret", "previousWebhookSecret"],
  agentTokenName: "GITHUB_TOKEN",
  start: startGitHubWorld,
};
