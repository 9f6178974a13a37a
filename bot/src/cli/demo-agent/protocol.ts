import { createConversation, type ScriptedConversation } from "./conversation.ts";
import type { RawEvent } from "./events.ts";
import type { Script } from "./script.ts";
import type { Shell } from "./shell.ts";

/** What a route is given and what it gives back; the test suite's fakes speak the same. */
export interface Ask {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
  readonly text: string;
}
export interface Reply {
  readonly status?: number | undefined;
  readonly json?: unknown;
}
export type ProtocolRoute = readonly [
  method: string,
  path: string,
  answer: (ask: Ask) => Reply | Promise<Reply>,
];

export interface ProtocolSettings {
  readonly script: Script;
  readonly shell: Shell;
  readonly pace: number;
  readonly now: () => number;
  readonly onDeath?: (() => void) | undefined;
  readonly version?: string | undefined;
}

export interface Protocol {
  readonly routes: readonly ProtocolRoute[];
  readonly conversations: ReadonlyMap<string, ScriptedConversation>;
  restart(): void;
}

type Fields = Readonly<Record<string, unknown>>;

const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? { ...value } : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const ok: Reply = { json: { success: true } };
const missing: Reply = { status: 404, json: { detail: "Not Found" } };
const invalid = (where: string): Reply => ({
  status: 422,
  json: { detail: [{ loc: ["body", where], msg: "Field required", type: "missing" }] },
});

const secretValues = (secrets: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields(secrets)).map(([name, source]) => [name, String(fields(source)["value"] ?? "")]),
  );

const info = (conversation: ScriptedConversation): Fields => ({
  id: conversation.id,
  workspace: { working_dir: conversation.workingDir, kind: "LocalWorkspace" },
  execution_status: conversation.status,
  stats: conversation.stats,
  metrics: null,
});

/** A page as the real server cuts it: by position in the list, `page_id` being the id of the event that it begins with. */
export const pageOf = (events: readonly RawEvent[], query: URLSearchParams): Reply => {
  const newestFirst = query.get("sort_order") === "TIMESTAMP_DESC";
  const ordered = newestFirst ? events.toReversed() : events;
  const limit = Number(query.get("limit") ?? 100);
  if (limit > 100 || limit < 1) return { status: 422, json: { detail: "limit" } };
  const from = Math.max(
    0,
    ordered.findIndex((event) => event.id === query.get("page_id")),
  );
  const next = ordered[from + limit];
  return { json: { items: ordered.slice(from, from + limit), next_page_id: next?.id ?? null } };
};

/** The REST protocol of openhands-agent-server, as far as an adapter uses it, with scripted agents behind it. */
export const createProtocol = (settings: ProtocolSettings): Protocol => {
  const conversations = new Map<string, ScriptedConversation>();
  const { shell } = settings;

  const withConversation =
    (answer: (conversation: ScriptedConversation, ask: Ask) => Reply): ProtocolRoute[2] =>
    (ask) => {
      const found = conversations.get(ask.params["id"] ?? "");
      return found === undefined ? missing : answer(found, ask);
    };

  const start = (ask: Ask): Reply => {
    const body = fields(ask.json);
    const id = String(body["conversation_id"] ?? crypto.randomUUID());
    const known = conversations.get(id);
    if (known !== undefined) return { status: 200, json: info(known) };
    const workingDir = fields(body["workspace"])["working_dir"];
    if (typeof workingDir !== "string") return invalid("workspace");
    const sources = ["agent_settings", "agent_profile_id", "agent"].filter(
      (name) => body[name] !== undefined,
    );
    if (sources.length !== 1) return invalid("agent_settings");
    const context = fields(fields(body["agent_settings"])["agent_context"]);
    const additions = fields(body["agent_launch_additions"]);
    const conversation = createConversation({
      id,
      workingDir,
      background: String(context["system_message_suffix"] ?? additions["system_message_suffix_append"] ?? ""),
      secrets: secretValues(body["secrets"]),
      script: settings.script,
      pace: settings.pace,
      now: settings.now,
      onDeath: settings.onDeath,
    });
    conversations.set(id, conversation);
    const message = fields(body["initial_message"]);
    if (body["initial_message"] !== undefined) conversation.say(list(message["content"]), true);
    return { status: 201, json: info(conversation) };
  };

  const batch = (ask: Ask): Reply => {
    const ids = ask.query.getAll("ids");
    if (ids.length > 99) return { status: 422, json: { detail: "at most 99 ids" } };
    return {
      json: ids.map((id) => conversations.get(id)).map((found) => (found === undefined ? null : info(found))),
    };
  };

  const send = (conversation: ScriptedConversation, ask: Ask): Reply => {
    const body = fields(ask.json);
    // `run` is false by default here, unlike on the app server.
    conversation.say(list(body["content"]), body["run"] === true);
    return ok;
  };

  const bash = (ask: Ask): { readonly command: string; readonly seconds: number } => {
    const body = fields(ask.json);
    return { command: String(body["command"] ?? ""), seconds: Number(body["timeout"] ?? 300) };
  };

  const at = "/api/conversations/:id";
  return {
    conversations,
    restart() {
      for (const conversation of conversations.values()) conversation.restart();
    },
    routes: [
      [
        "GET",
        "/server_info",
        () => ({
          json: {
            version: settings.version ?? "1.58.0",
            usable_tools: ["terminal", "file_editor", "task_tracker"],
            conversation_runtime: "local",
          },
        }),
      ],
      ["GET", "/ready", () => ({ json: { status: "ready" } })],
      ["GET", "/api/agent-profiles", () => ({ json: { profiles: [], active_agent_profile_id: null } })],
      ["GET", "/api/conversations/count", () => ({ json: conversations.size })],
      ["GET", "/api/conversations", batch],
      ["POST", "/api/conversations", start],
      ["GET", at, withConversation((conversation) => ({ json: info(conversation) }))],
      ["PATCH", at, withConversation(() => ok)],
      [
        "GET",
        `${at}/events/search`,
        withConversation((conversation, ask) => pageOf(conversation.events, ask.query)),
      ],
      ["POST", `${at}/events`, withConversation(send)],
      [
        "POST",
        `${at}/events/respond_to_confirmation`,
        withConversation((conversation, ask) => {
          conversation.respond(fields(ask.json)["accept"] === true);
          return ok;
        }),
      ],
      [
        "POST",
        `${at}/run`,
        withConversation((conversation) =>
          conversation.run() ? ok : { status: 409, json: { detail: "Conversation already running" } },
        ),
      ],
      [
        "POST",
        `${at}/interrupt`,
        withConversation((conversation) => {
          conversation.interrupt();
          return ok;
        }),
      ],
      [
        "POST",
        `${at}/secrets`,
        withConversation((conversation, ask) => {
          conversation.setSecrets(secretValues(fields(ask.json)["secrets"]));
          return ok;
        }),
      ],
      [
        "GET",
        `${at}/agent_final_response`,
        withConversation((conversation) => ({ json: { response: conversation.finalResponse() } })),
      ],
      [
        "POST",
        "/api/bash/execute_bash_command",
        async (ask) => ({ json: await shell.execute(bash(ask).command, bash(ask).seconds) }),
      ],
      [
        "POST",
        "/api/bash/start_bash_command",
        (ask) => ({ json: { id: shell.start(bash(ask).command, bash(ask).seconds), kind: "BashCommand" } }),
      ],
      [
        "GET",
        "/api/bash/bash_events/search",
        (ask) => ({
          json: { items: shell.outputs(ask.query.get("command_id__eq") ?? ""), next_page_id: null },
        }),
      ],
      [
        "POST",
        "/api/file/upload",
        async (ask) => ({ json: { file_size: await shell.upload(ask.query.get("path") ?? "", ask.text) } }),
      ],
    ],
  };
};
