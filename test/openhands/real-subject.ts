import type { Script } from "@ask-openhands/bot/cli/demo-agent/script.ts";
import { createServerAgent, type ServerDeps } from "@ask-openhands/core/agent/server.ts";
import type { ServerFacts } from "@ask-openhands/core/agent/server-facts.ts";
import { EventPage, textOf } from "@ask-openhands/core/wire/openhands-event.ts";
import * as z from "zod";
import type { AgentSubject } from "../contracts/agent.ts";
import { type RealServer, startRealServer } from "./real-server.ts";
import { type StubModel, startStubModel } from "./stub-model.ts";

export interface RealSubject extends AgentSubject {
  readonly server: RealServer;
  readonly model: StubModel;
  readonly facts: ServerFacts;
}

const Prompted = z.looseObject({
  system_prompt: z.looseObject({ text: z.string() }),
  dynamic_context: z.looseObject({ text: z.string() }).nullish(),
});

/** The real agent server with our stub model behind it; what the whole-bot flow needs too. */
export const startRealSubject = async (
  python: string,
  deps: Partial<ServerDeps> = {},
): Promise<RealSubject> => {
  const [server, model] = await Promise.all([startRealServer(python), startStubModel()]);
  const facts: ServerFacts = {
    id: "real-1",
    baseUrl: server.url,
    key: server.key,
    // No retries: the server waits 8 to 64 seconds between them.
    model: {
      model: "openai/stub",
      baseUrl: model.url,
      apiKey: "stub-model-key",
      apiMode: "chat",
      retries: 0,
    },
    workspace: `${server.home}/work`,
  };
  const events = async (id: string) => {
    const answer = await fetch(`${server.url}/api/conversations/${id}/events/search?limit=100`, {
      headers: { "x-session-api-key": server.key },
    });
    return EventPage.parse(await answer.json()).items.filter((event) => event !== null);
  };
  return {
    server,
    model,
    facts,
    agent: createServerAgent(facts, { fetch, maxBatchWait: 1, ...deps }),
    stranger: createServerAgent({ ...facts, key: "wrong-key-wrong-key" }, { fetch }),
    play: (script: Script) => model.play(script),
    messages: async (id) =>
      (await events(id))
        .filter((event) => event.kind === "MessageEvent" && event.source === "user")
        .map((event) => textOf(event.llm_message?.content)),
    background: async (id) => {
      const first = Prompted.parse((await events(id)).find((event) => event.kind === "SystemPromptEvent"));
      return `${first.system_prompt.text}\n${first.dynamic_context?.text ?? ""}`;
    },
    async close() {
      await server.close();
      await model.server.close();
    },
  };
};
