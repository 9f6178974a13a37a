import { createHmac } from "node:crypto";
import type { Sent } from "../contracts/platform-subject.ts";
import { type RawRequest, toBytes } from "./sender.ts";

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names of the address templates that GitHub puts into every repository and account of a delivery. */
const repositoryAddresses =
  "archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees".split(
    " ",
  );
const accountAddresses =
  "events followers following gists html organizations received_events repos starred subscriptions".split(
    " ",
  );

const addresses = (names: readonly string[], base: string): Fields =>
  Object.fromEntries(names.map((name) => [`${name}_url`, `${base}/${name}{/id}{/other}`]));

const fattenAccount = (account: unknown): unknown =>
  isFields(account)
    ? {
        ...addresses(accountAddresses, `https://forge.test/api/v3/users/${String(account["login"])}`),
        node_id: "MDQ6VXNlcjEwMDAwMDAwMDE=",
        gravatar_id: "",
        site_admin: false,
        ...account,
      }
    : account;

/** A delivery of the fake with everything around it that GitHub sends and we do not read: about 13 kB. */
export const fatten = (body: Fields): Fields => {
  const repository = isFields(body["repository"]) ? body["repository"] : {};
  const issue = isFields(body["issue"]) ? body["issue"] : {};
  const comment = isFields(body["comment"]) ? body["comment"] : {};
  const base = "https://forge.test/api/v3/repos/acme/shop";
  const permissions = { admin: 1, checks: 2, contents: 3, deployments: 4, issues: 5, metadata: 6 };
  return {
    ...body,
    issue: {
      ...addresses(["repository", "labels", "comments", "events", "timeline"], base),
      assignees: Array.from({ length: 2 }, (_, id) => fattenAccount({ login: `person-${id}`, id })),
      milestone: { ...addresses(["labels", "html"], base), title: "Next", open_issues: 4 },
      reactions: addresses(["total", "laugh", "heart", "rocket", "eyes"], base),
      active_lock_reason: null,
      ...issue,
      labels: Array.from({ length: 4 }, (_, id) => ({
        id,
        node_id: "MDU6TGFiZWw=",
        url: `${base}/labels/area-${id}`,
        name: `area-${id}`,
        color: "ededed",
        description: "Something about one part of the product",
      })),
      user: fattenAccount(issue["user"]),
      body: `The page of the basket shows the wrong sum when a voucher is used twice. ${"More words of the report. ".repeat(40)}`,
    },
    comment: {
      ...addresses(["issue", "reactions"], base),
      performed_via_github_app: null,
      ...comment,
      user: fattenAccount(comment["user"]),
    },
    repository: {
      ...addresses(repositoryAddresses, base),
      ...permissions,
      topics: ["shop", "basket", "voucher"],
      license: { key: "mit", name: "MIT License", url: "https://forge.test/licenses/mit" },
      ...repository,
      owner: fattenAccount(repository["owner"]),
    },
    organization: fattenAccount({ login: "acme", id: 77 }),
    sender: fattenAccount(body["sender"]),
  };
};

export const hmac = (secret: string, data: string | Buffer): string =>
  createHmac("sha256", secret).update(data).digest("hex");

/** Bytes of `count` deliveries, each with numbers of its own, over the issues `from` to `from + spread - 1`. */
export type MakeRequests = (path: string, count: number, spread?: number, from?: number) => readonly Buffer[];

let lastNumber = 10_000_000;
const mark = { number: 987_654_321, issue: 876_543_210 } as const;

/** Deliveries like `sent` with another comment each, over `spread` issues; `text` is the comment. */
export const gitHubRequests = (sent: Sent, secret: string, text: string): MakeRequests => {
  const body = fatten(JSON.parse(Buffer.from(sent.bytes).toString()) as Fields);
  const issue = { ...(body["issue"] as Fields), number: mark.issue, id: mark.issue };
  const comment = { ...(body["comment"] as Fields), id: mark.number, body: text };
  const whole = JSON.stringify({ ...body, issue, comment });
  return (path, count, spread = 500, from = 1) =>
    Array.from({ length: count }, (_, at) => {
      lastNumber += 1;
      const bytes = Buffer.from(
        whole
          .replaceAll(String(mark.number), String(lastNumber))
          .replaceAll(String(mark.issue), String(from + (at % spread))),
      );
      const request: RawRequest = {
        path,
        headers: {
          ...sent.headers,
          "x-github-delivery": `00000000-0000-4000-8000-${String(lastNumber).padStart(12, "0")}`,
          "x-hub-signature-256": `sha256=${hmac(secret, bytes)}`,
        },
        body: bytes,
      };
      return toBytes(request);
    });
};

/** Slack events like `sent`, each a message of its own, signed now. */
export const slackRequests = (sent: Sent, secret: string): MakeRequests => {
  const body = JSON.parse(Buffer.from(sent.bytes).toString()) as Fields;
  return (path, count) =>
    Array.from({ length: count }, () => {
      lastNumber += 1;
      const now = Math.floor(Date.now() / 1_000);
      const ts = `${now}.${String(lastNumber % 1_000_000).padStart(6, "0")}`;
      const event = { ...(body["event"] as Fields), ts, event_ts: ts, client_msg_id: `m${lastNumber}` };
      const authorizations = [{ team_id: body["team_id"], user_id: "U0OPENHANDS", is_bot: true }];
      const whole = {
        ...body,
        event,
        authorizations,
        event_id: `Ev${lastNumber}`,
        event_time: now,
        blocks: "x".repeat(400),
      };
      const bytes = Buffer.from(JSON.stringify(whole));
      return toBytes({
        path,
        headers: {
          ...sent.headers,
          "x-slack-request-timestamp": String(now),
          "x-slack-signature": `v0=${hmac(secret, Buffer.concat([Buffer.from(`v0:${now}:`), bytes]))}`,
        },
        body: bytes,
      });
    });
};
