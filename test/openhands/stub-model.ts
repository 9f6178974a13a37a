import type { Script, ScriptedWork, ScriptStep } from "@ask-openhands/bot/cli/demo-agent/script.ts";
import * as z from "zod";
import { type FakeServer, startFake } from "../fakes/http.ts";
import type { FakeReply, FakeRequest } from "../fakes/routes.ts";

const Part = z.looseObject({ text: z.string().optional() });
const ChatMessage = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(Part), z.null()]).optional(),
});
const ChatRequest = z.looseObject({
  messages: z.array(ChatMessage),
  model: z.string(),
  tools: z.unknown().optional(),
});
type ChatMessage = z.infer<typeof ChatMessage>;

const partsOf = ({ content }: ChatMessage): readonly string[] =>
  typeof content === "string" ? [content] : (content ?? []).map((part) => part.text ?? "");
const textOf = (message: ChatMessage): string => partsOf(message).join("\n");

interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What the model has to call so that the real agent does the step. Every tool takes a `summary` of some words and a risk. */
const toolCallOf = (step: ScriptStep, workingDir: string): ToolCall | undefined => {
  const more = (summary: string | undefined) => ({
    ...(summary === undefined ? {} : { summary }),
    security_risk: "LOW",
  });
  if (step.do === "think") return { name: "think", arguments: { thought: step.text } };
  if (step.do === "terminal")
    return { name: "terminal", arguments: { command: step.command, ...more(step.summary) } };
  if (step.do === "edit") {
    const path = `${workingDir}/${step.path}`;
    return {
      name: "file_editor",
      arguments: { command: "create", path, file_text: step.text, ...more(step.summary) },
    };
  }
  if (step.do === "tasks") {
    const task_list = step.tasks.map(({ title, status }) => ({ title, notes: "", status }));
    return { name: "task_tracker", arguments: { command: "plan", task_list, ...more(undefined) } };
  }
  if (step.do === "finish")
    return { name: "finish", arguments: { message: step.message, ...more(undefined) } };
  return undefined;
};

const statusOfError: Readonly<Record<string, number>> = { auth: 401, rate_limit: 429, config: 400 };

export interface StubModel {
  readonly url: string;
  readonly server: FakeServer;
  /** For conversations that begin after this. */
  play(script: Script): void;
}

/** A chat-completions model that answers by script instead of thinking. */
export const startStubModel = async (): Promise<StubModel> => {
  let script: Script = () => [{ do: "finish", message: "Nothing to do." }];
  let calls = 0;
  /** How often each talk was asked for its next answer since its newest message. */
  const asked = new Map<string, number>();

  const completion = (message: Readonly<Record<string, unknown>>, finish_reason: string): FakeReply => ({
    json: {
      id: `stub-${calls}`,
      object: "chat.completion",
      created: Math.floor(Date.now() / 1_000),
      model: "stub",
      choices: [{ index: 0, finish_reason, message: { role: "assistant", ...message } }],
      usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
    },
  });

  const answer = async (request: FakeRequest): Promise<FakeReply> => {
    calls += 1;
    const { messages, tools } = ChatRequest.parse(request.json);
    const background = messages
      .filter((message) => message.role === "system")
      .map(textOf)
      .join("\n");
    const said = messages.filter((message) => message.role === "user").flatMap(partsOf);
    // A tool's description names the working folder, so no two conversations are alike.
    const toolWords = JSON.stringify(tools ?? []);
    const workingDir = /working directory is:?\s*`?([^\s`\\]+)/i.exec(toolWords)?.[1] ?? ".";
    const work: ScriptedWork = { conversationId: "", workingDir, secrets: {}, messages: said, background };
    const talk = JSON.stringify([background, toolWords, said]);
    const done = asked.get(talk) ?? 0;
    asked.set(talk, done + 1);
    const step = script(said.at(-1) ?? "", work)[done] ?? { do: "finish", message: "That is all." };
    if (step.do === "hang") return new Promise(() => undefined);
    if (step.do === "until") await step.moment;
    if (step.do === "wait") await new Promise((next) => setTimeout(next, step.milliseconds));
    if (step.do === "error") {
      return {
        status: statusOfError[step.kind ?? ""] ?? 500,
        json: { error: { message: step.detail, type: step.code, code: step.code } },
      };
    }
    if (step.do === "answer") return completion({ content: step.text }, "stop");
    const call = toolCallOf(step, workingDir) ?? { name: "think", arguments: { thought: "…" } };
    const tool_calls = [
      {
        id: `call_${calls}`,
        type: "function",
        function: { name: call.name, arguments: JSON.stringify(call.arguments) },
      },
    ];
    return completion({ content: "", tool_calls }, "tool_calls");
  };

  const server = await startFake({ routes: [["POST", "/v1/chat/completions", answer]] });
  return {
    url: `${server.url}/v1`,
    server,
    play(next) {
      script = next;
    },
  };
};
