import { randomUUID } from "node:crypto";
import { createConversation } from "@ask-openhands/bot/cli/demo-agent/conversation.ts";
import type { Script } from "@ask-openhands/bot/cli/demo-agent/script.ts";
import { type FakeServer, startFake } from "../http.ts";
import { openApi } from "../openapi.ts";
import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import { createSandboxRoutes } from "./sandbox-routes.ts";
import {
  type CloudConversation,
  conversationJson,
  type Fields,
  fields,
  hex,
  list,
  phases,
  sleep,
  type Task,
  taskJson,
  words,
} from "./state.ts";

export interface CloudSettings {
  readonly pace?: number | undefined;
  /** Milliseconds by which the history lags behind the machine. */
  readonly lag?: number | undefined;
  /** Milliseconds of each preparation phase. */
  readonly phase?: number | undefined;
  /** Milliseconds that a machine takes to wake up. */
  readonly waking?: number | undefined;
  /** Off: machines keep to themselves, as behind a firewall. */
  readonly exposed?: boolean | undefined;
  /** Servers that OpenHands has tokens for, by its names for their kinds. */
  readonly providerHosts?: Readonly<Record<string, string | null>> | undefined;
  /** 10 requests a second, 100 a minute. */
  readonly limited?: boolean | undefined;
}

export interface FakeCloud {
  readonly fake: FakeServer;
  /** The machines' own address. */
  readonly sandboxes: FakeServer;
  readonly key: string;
  play(script: Script): void;
  /** By id with or without dashes. */
  conversation(id: string): CloudConversation;
  /** The next start breaks off with this. */
  failNextStart(detail: string): void;
  /** Start tasks so far. */
  readonly starts: number;
  close(): Promise<void>;
}

/** OpenHands' app server (V1) with machines that sleep, wake, break and vanish, a history that lags, and rate limits. */
export const startFakeCloud = async (settings: CloudSettings = {}): Promise<FakeCloud> => {
  const key = "fake-cloud-api-key";
  const conversations = new Map<string, CloudConversation>();
  const tasks = new Map<string, Task>();
  const limiter = createRateLimiter(settings.limited === true);
  let script: Script = () => [{ do: "finish", message: "Done." }];
  let failure: string | undefined;

  const sandboxes = await startFake({ routes: createSandboxRoutes(conversations) });

  const json = (one: CloudConversation): Fields =>
    conversationJson(one, settings.exposed === false ? undefined : sandboxes.url);

  const makeConversation = (task: Task, sandboxId: string): CloudConversation => {
    const { request } = task;
    const conversation: CloudConversation = {
      id: hex(task.conversationId),
      sandboxId,
      repository: words(request["selected_repository"]),
      sandbox: "RUNNING",
      sessionKey: randomUUID(),
      prNumbers: [],
      scripted: createConversation({
        id: task.conversationId,
        workingDir: "/workspace/project/name",
        background: words(request["system_message_suffix"]) ?? "",
        secrets: Object.fromEntries(
          Object.entries(fields(request["secrets"])).map(([name, value]) => [name, String(value)]),
        ),
        script: (message, work) => script(message, work),
        pace: settings.pace ?? 1,
        now: Date.now,
        onDeath: () => {
          conversation.sandbox = "ERROR";
        },
      }),
    };
    return conversation;
  };

  const prepare = async (task: Task): Promise<void> => {
    for (const phase of phases) {
      task.status = phase;
      if (phase === "WAITING_FOR_SANDBOX") task.sandboxId = `sandbox-${task.id.slice(0, 8)}`;
      await sleep(settings.phase ?? 1);
      if (failure !== undefined && phase === "PREPARING_REPOSITORY") {
        task.status = "ERROR";
        task.detail = failure;
        failure = undefined;
        return;
      }
    }
    const conversation = makeConversation(task, task.sandboxId ?? "");
    conversations.set(conversation.id, conversation);
    conversation.scripted.say(list(fields(task.request["initial_message"])["content"]), true);
    for (const content of task.queued) conversation.scripted.say(content, true);
    task.status = "READY";
  };

  const start = (request: FakeRequest): FakeReply => {
    const conversationId = words(request.body["conversation_id"]) ?? randomUUID();
    const task: Task = {
      id: hex(randomUUID()),
      conversationId,
      request: request.body,
      queued: [],
      status: "WORKING",
      detail: null,
      sandboxId: null,
    };
    tasks.set(task.id, task);
    void prepare(task);
    return { json: taskJson(task) };
  };

  const found = (request: FakeRequest): CloudConversation | undefined =>
    conversations.get(hex(request.params["id"] ?? ""));

  const send = (request: FakeRequest): FakeReply => {
    const one = found(request);
    if (one === undefined) return { status: 404, json: { detail: "conversation_not_found" } };
    if (one.sandbox === "MISSING") return { status: 410, json: { detail: "archived" } };
    if (one.sandbox === "ERROR") return { status: 503, json: { detail: "sandbox error" } };
    if (one.sandbox !== "RUNNING")
      return { status: 409, json: { detail: `resume with POST /api/v1/sandboxes/${one.sandboxId}/resume` } };
    one.scripted.say(list(request.body["content"]), request.body["run"] !== false);
    return { json: { success: true, sandbox_status: one.sandbox, message: null } };
  };

  const ofSandbox = (id: string): readonly CloudConversation[] =>
    [...conversations.values()].filter((one) => one.sandboxId === id);

  const resume = (request: FakeRequest): FakeReply => {
    const ones = ofSandbox(request.params["id"] ?? "").filter((one) => one.sandbox !== "MISSING");
    if (ones.length === 0) return { status: 404, json: { detail: "not found" } };
    for (const one of ones.filter((paused) => paused.sandbox === "PAUSED")) {
      one.sandbox = "STARTING";
      one.sessionKey = randomUUID();
      setTimeout(() => {
        one.sandbox = "RUNNING";
      }, settings.waking ?? 1);
    }
    return { json: { success: true } };
  };

  const pause = (request: FakeRequest): FakeReply => {
    for (const one of ofSandbox(request.params["id"] ?? "")) {
      one.scripted.interrupt();
      one.sandbox = "PAUSED";
    }
    return { json: { success: true } };
  };

  const sandboxJson = (id: string): Fields | null => {
    const one = ofSandbox(id)[0];
    if (one === undefined) return null;
    return {
      id,
      status: one.sandbox,
      session_api_key: null,
      exposed_urls: null,
      status_detail: one.sandbox === "ERROR" ? "out of memory" : null,
    };
  };

  const events = (request: FakeRequest): FakeReply => {
    const one = found(request);
    if (one === undefined) return { json: { items: [], next_page_id: null } };
    const visible = new Date(Date.now() - (settings.lag ?? 0)).toISOString();
    const since = request.query.get("timestamp__gte");
    const inRange = one.scripted.events.filter(
      (event) =>
        String(event["timestamp"]) <= visible && (since === null || String(event["timestamp"]) >= since),
    );
    const ordered = request.query.get("sort_order") === "TIMESTAMP_DESC" ? inRange.toReversed() : inRange;
    const from = Number(request.query.get("page_id") ?? 0);
    const limit = Number(request.query.get("limit") ?? 100);
    const next = from + limit < ordered.length ? String(from + limit) : null;
    return { json: { items: ordered.slice(from, from + limit), next_page_id: next } };
  };

  const queue = (request: FakeRequest): FakeReply => {
    const task = tasks.get(hex(request.params["id"] ?? ""));
    task?.queued.push(list(request.body["content"]));
    return { status: 201, json: { id: randomUUID(), queued: true, position: task?.queued.length ?? 1 } };
  };

  const batch = (request: FakeRequest): FakeReply => {
    const ids = request.query.getAll("ids");
    if (ids.length >= 100) return { status: 400, json: { detail: "Too many ids" } };
    return {
      json: ids.map((id) => conversations.get(hex(id))).map((one) => (one === undefined ? null : json(one))),
    };
  };

  const v1 = "/api/v1";
  const routes: readonly FakeRoute[] = [
    [
      "GET",
      "/api/keys/current",
      () => ({
        json: { id: 1, name: "bot", org_id: null, bound_org_id: null, user_id: "u", auth_type: "api_key" },
      }),
    ],
    ["GET", `${v1}/settings`, () => ({ json: { provider_tokens_set: settings.providerHosts ?? {} } })],
    ["GET", `${v1}/app-conversations`, batch],
    ["POST", `${v1}/app-conversations`, start],
    [
      "GET",
      `${v1}/app-conversations/search`,
      () => ({
        json: { items: [...conversations.values()].slice(0, 1).map(json), next_page_id: null },
      }),
    ],
    [
      "GET",
      `${v1}/app-conversations/start-tasks`,
      (request) => ({
        json: request.query
          .getAll("ids")
          .map((id) => tasks.get(hex(id)))
          .map((task) => (task === undefined ? null : taskJson(task))),
      }),
    ],
    [
      "GET",
      `${v1}/app-conversations/start-tasks/search`,
      () => ({ json: { items: [...tasks.values()].toReversed().map(taskJson), next_page_id: null } }),
    ],
    ["POST", `${v1}/app-conversations/:id/send-message`, send],
    ["POST", `${v1}/conversations/:id/pending-messages`, queue],
    ["GET", `${v1}/conversation/:id/events/search`, events],
    ["GET", `${v1}/sandboxes`, (request) => ({ json: request.query.getAll("id").map(sandboxJson) })],
    ["POST", `${v1}/sandboxes/:id/resume`, resume],
    ["POST", `${v1}/sandboxes/:id/pause`, pause],
  ];

  const fake = await startFake({
    routes,
    openApi: [openApi("openhands/openhands-cloud.json")],
    before: (request) => {
      if (request.headers["authorization"] !== `Bearer ${key}`)
        return { status: 401, json: { error: "Invalid API key" } };
      return limiter.refuse();
    },
    // The web page of the app, for every address that it does not know.
    otherwise: () => ({ html: "<!doctype html><html><body>OpenHands</body></html>" }),
  });

  return {
    fake,
    sandboxes,
    key,
    play(next) {
      script = next;
    },
    conversation(id) {
      const one = conversations.get(hex(id));
      if (one === undefined) throw new Error(`no conversation ${id}`);
      return one;
    },
    failNextStart(detail) {
      failure = detail;
    },
    get starts() {
      return tasks.size;
    },
    async close() {
      await Promise.all([fake.close(), sandboxes.close()]);
    },
  };
};
