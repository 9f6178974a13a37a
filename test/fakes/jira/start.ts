import { createHmac, randomBytes } from "node:crypto";
import type {
  Account,
  PlatformWorld,
  Said,
  SeededConnection,
  Sent,
  Spot,
} from "../../contracts/platform-subject.ts";
import { createDeliveries } from "../deliveries.ts";
import { startFake } from "../http.ts";
import { worldLink } from "../world-link.ts";
import { createEvents, type JiraEvent } from "./events.ts";
import { jiraHookRoutes } from "./hook-routes.ts";
import { accountsOf } from "./people.ts";
import { jiraRoutes } from "./routes.ts";
import { plainText } from "./shapes.ts";
import { jiraSpecification } from "./specification.ts";
import {
  createJiraState,
  type FakeComment,
  type FakeHook,
  type FakeTicket,
  type FakeUser,
  type JiraFlavour,
  ticketOf,
} from "./state.ts";

const cloudId = "11111111-2222-3333-4444-555555555555";
const email = "openhands@example.com";

export interface FakeJira extends PlatformWorld {
  /** Address of the site with its context path. */
  readonly base: string;
  links(spot: Spot, urls: readonly string[]): void;
  ticket(spot: Spot): FakeTicket;
  /** Of an administrator, for calls that need one. */
  readonly adminToken: string;
  /** The site's webhooks. */
  readonly hooks: ReadonlyMap<string, FakeHook>;
}

export interface FakeJiraOptions {
  /** Cloud's gateway, where the site itself refuses the token. */
  readonly scoped?: boolean | undefined;
  /** The address at which people see it, when that is not the fake's own. */
  readonly site?: string | undefined;
  /** Data Center 9, which has only the older interface of webhooks, and an account of ours that is no administrator. */
  readonly old?: boolean | undefined;
  /** A project of service management, with customers. */
  readonly serviceDesk?: boolean | undefined;
}

const basic = (user: string, token: string): string =>
  `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`;

/** A Jira of one flavour on loopback with one project `SHOP`. */
export const startFakeJira = async (
  flavour: JiraFlavour,
  options: FakeJiraOptions = {},
): Promise<FakeJira> => {
  const state = createJiraState(flavour, options.serviceDesk === true ? "service_desk" : "software");
  const secretOf = (use: string): string => `${use}-${randomBytes(12).toString("hex")}`;
  const jiraSecret = secretOf("webhook-secret");
  const jiraToken = secretOf("service-account");
  const jiraAdminToken = secretOf("administrator");
  const cloud = flavour === "cloud";
  const prefix = cloud ? "" : "/tracker";
  const gateway = `/gateway/ex/jira/${cloudId}`;
  const scoped = cloud && options.scoped !== false;
  const apiPrefix = scoped ? gateway : prefix;

  const accounts = accountsOf(cloud);
  for (const user of Object.values(accounts)) state.users.set(user.id, user);
  for (const account of ["writer", "self", "admin"] as const) state.commenters.add(accounts[account].id);
  state.admins.add(accounts.admin.id);
  if (!cloud && options.old !== true) state.admins.add(accounts.self.id);
  state.tokens.set(cloud ? basic(email, jiraToken) : `Bearer ${jiraToken}`, accounts.self.id);
  state.tokens.set(
    cloud ? basic("admin@example.com", jiraAdminToken) : `Bearer ${jiraAdminToken}`,
    accounts.admin.id,
  );

  const specification = cloud
    ? "jira-cloud/openapi/swagger-v3.v3.json"
    : "jira-dc/openapi/jira-software-dc-10.3.24.openapi.json";
  const fake = await startFake({
    routes: [
      ["GET", "/_edge/tenant_info", () => ({ json: { cloudId } })],
      // The gateway of scoped tokens knows no webhooks.
      ["*", `${gateway}/rest/webhooks/1.0/webhook`, () => ({ status: 404, json: { code: 404 } })],
      ...jiraRoutes(state, apiPrefix, cloud ? "3" : "2"),
      ...jiraHookRoutes(
        state,
        prefix,
        cloud || options.old === true ? "/rest/webhooks/1.0/webhook" : "/rest/jira-webhook/1.0/webhooks",
      ),
    ],
    openApi: [jiraSpecification(specification, cloud ? apiPrefix : `${prefix}/rest`)],
  });
  state.base = options.site ?? `${fake.url}${prefix}`;
  const host = state.base.replace(/^https?:\/\//, "");
  const events = createEvents(state);
  const platform = cloud ? "jira-cloud" : "jira-dc";
  const connectionId = `${platform}-1`;
  const sign = (bytes: Uint8Array, secret: string): string =>
    `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`;
  const deliveries = createDeliveries((event: JiraEvent): Sent => {
    const bytes = Buffer.from(JSON.stringify(event));
    return {
      method: "POST",
      path: `/webhooks/${platform}/${connectionId}`,
      headers: {
        "content-type": "application/json",
        "x-hub-signature": sign(bytes, jiraSecret),
        ...(cloud ? { "x-atlassian-webhook-identifier": state.next() } : {}),
      },
      bytes,
    };
  });

  const user = (account: Account): FakeUser =>
    state.users.get(account.id) ?? { ...account, displayName: account.name };
  const spotOf = (ticket: FakeTicket): Spot => ({
    id: ticket.id,
    kind: "ticket",
    url: `${state.base}/browse/${ticket.key}`,
  });
  const ticket = (spot: Spot): FakeTicket => {
    const found = ticketOf(state, spot.id);
    if (!found) throw new Error(`no ticket ${spot.id}`);
    return found;
  };
  const saidOf = (spot: Spot, comment: FakeComment): Said => ({
    id: comment.id,
    spot,
    author: comment.author,
    text: `${plainText(comment.body)}${JSON.stringify([...comment.properties])}`,
  });
  const commentOf = (said: Said): FakeComment => {
    const found = ticket(said.spot).comments.find((comment) => comment.id === said.id);
    if (!found) throw new Error(`no comment ${said.id}`);
    return found;
  };

  const connection: SeededConnection = {
    connection: {
      id: connectionId,
      platform,
      host,
      owner: { kind: "workspace", id: "main" },
      kind: scoped ? "scoped-token" : "token",
      name: "Jira",
      settings: cloud ? { site: fake.url, email, gateway: `${fake.url}/gateway` } : { baseUrl: state.base },
      secretNames: ["token", "webhookSecret"],
      active: true,
      createdAt: new Date(0).toISOString(),
    },
    secrets: { token: jiraToken, webhookSecret: jiraSecret },
  };

  return {
    base: state.base,
    adminToken: cloud ? `admin@example.com:${jiraAdminToken}` : jiraAdminToken,
    hooks: state.hooks,
    host,
    room: "SHOP",
    connections: [connection],
    people: {
      writer: accounts.writer,
      reader: accounts.reader,
      stranger: accounts.stranger,
      bot: accounts.bot,
      self: accounts.self,
    },
    ticket,
    links: (spot, urls) => void ticket(spot).links.push(...urls),
    async open(by, _kind, spot) {
      const id = state.next();
      const time = state.now();
      const made: FakeTicket = {
        id,
        key: `SHOP-${state.tickets.size + 1}`,
        formerKeys: [],
        creator: user(by),
        created: time,
        updated: time,
        summary: spot.title,
        description: spot.text === "" ? undefined : spot.text,
        labels: [...(spot.labels ?? [])],
        assignee: undefined,
        links: [],
        comments: [],
        history: [],
      };
      state.tickets.set(id, made);
      await deliveries.send(events.opened(made));
      return spotOf(made);
    },
    async comment(by, spot, text) {
      const time = state.now();
      const made: FakeComment = {
        id: state.next(),
        author: user(by),
        body: text,
        created: time,
        updated: time,
        properties: new Map(),
        internal: false,
      };
      ticket(spot).comments.push(made);
      ticket(spot).updated = time;
      await deliveries.send(events.commented(ticket(spot), made));
      return saidOf(spot, made);
    },
    async setLabels(by, spot, labels) {
      const item = {
        field: "labels",
        from: null,
        to: null,
        fromString: ticket(spot).labels.join(" "),
        toString: labels.join(" "),
      };
      ticket(spot).labels = [...labels];
      ticket(spot).updated = state.now();
      await deliveries.send(events.changed(ticket(spot), user(by), [item]));
    },
    async assign(by, spot, to) {
      const before = ticket(spot).assignee;
      ticket(spot).assignee = user(to);
      const item = {
        field: "assignee",
        from: before?.id ?? null,
        to: to.id,
        fromString: before?.displayName ?? null,
        toString: user(to).displayName,
      };
      await deliveries.send(events.changed(ticket(spot), user(by), [item]));
    },
    async editComment(by, said, text) {
      const comment = commentOf(said);
      comment.body = text;
      comment.updated = state.now();
      await deliveries.send(events.edited(ticket(said.spot), comment, user(by)));
    },
    async editDescription(by, spot, text) {
      const before = ticket(spot).description ?? "";
      const at = state.now();
      ticket(spot).description = text;
      ticket(spot).updated = at;
      ticket(spot).history.push({ at, field: "description" });
      await deliveries.send(
        events.changed(ticket(spot), user(by), [
          { field: "description", fromString: before, toString: text },
        ]),
      );
    },
    async touch(by, spot) {
      const before = ticket(spot).summary;
      ticket(spot).summary = `${before}!`;
      await deliveries.send(
        events.changed(ticket(spot), user(by), [
          { field: "summary", fromString: before, toString: `${before}!` },
        ]),
      );
    },
    async removeComment(_by, said) {
      const comment = commentOf(said);
      ticket(said.spot).comments.splice(ticket(said.spot).comments.indexOf(comment), 1);
      await deliveries.send(events.removed(ticket(said.spot), comment));
    },
    async move(project, spot) {
      const moved = ticket(spot);
      const from = moved.key;
      moved.formerKeys.push(from);
      moved.key = `${project}-${state.tickets.size + 70}`;
      moved.updated = state.now();
      await deliveries.send(events.moved(moved, user(accounts.writer), from));
    },
    said: (spot) => ticket(spot).comments.map((comment) => saidOf(spot, comment)),
    ...worldLink(fake, deliveries),
    signedWith: (sent, secret) => ({
      ...sent,
      headers: { ...sent.headers, "x-hub-signature": sign(sent.bytes, secret) },
    }),
  };
};
