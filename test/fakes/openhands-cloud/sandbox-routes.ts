import { pageOf } from "@ask-openhands/bot/cli/demo-agent/protocol.ts";
import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import type { CloudConversation } from "./state.ts";

type Answer = (one: CloudConversation, request: FakeRequest) => FakeReply;

const ok: FakeReply = { json: { success: true } };

/** The agent servers in the machines, as far as an adapter of the app server needs them. Each takes its own key and no other. */
export const createSandboxRoutes = (
  conversations: ReadonlyMap<string, CloudConversation>,
): readonly FakeRoute[] => {
  const guarded =
    (answer: Answer) =>
    (request: FakeRequest): FakeReply => {
      const one = conversations.get((request.params["id"] ?? "").replaceAll("-", ""));
      if (one === undefined || one.sandbox !== "RUNNING") return { status: 502, text: "no machine" };
      if (request.headers["authorization"] !== undefined)
        return { status: 400, json: { detail: "the key of the app server came here" } };
      if (request.headers["x-session-api-key"] !== one.sessionKey)
        return { status: 401, json: { detail: "Unauthorized" } };
      return answer(one, request);
    };

  const at = "/api/conversations/:id";
  return [
    [
      "GET",
      `${at}/agent_final_response`,
      guarded((one) => ({ json: { response: one.scripted.finalResponse() } })),
    ],
    ["GET", `${at}/events/search`, guarded((one, request) => pageOf(one.scripted.events, request.query))],
    [
      "POST",
      `${at}/interrupt`,
      guarded((one) => {
        one.scripted.interrupt();
        return ok;
      }),
    ],
    [
      "POST",
      `${at}/secrets`,
      guarded((one, request) => {
        const secrets = Object.entries((request.body["secrets"] ?? {}) as Record<string, { value: string }>);
        one.scripted.setSecrets(Object.fromEntries(secrets.map(([name, { value }]) => [name, value])));
        return ok;
      }),
    ],
    [
      "POST",
      `${at}/events/respond_to_confirmation`,
      guarded((one, request) => {
        one.scripted.respond(request.body["accept"] === true);
        return ok;
      }),
    ],
  ];
};
