import { describe, expect, it } from "vitest";
import { everySubject } from "../contracts/every-subject.ts";
import type { PlatformSubject, PlatformWorld, Said } from "../contracts/platform-subject.ts";
import { besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";

/** Where the work lands: the platform itself, or a code host beside it for tickets and chat. */
interface Stage {
  readonly flow: Flow;
  readonly code: PlatformWorld;
  /** Lets the agent go on. */
  readonly go: () => void;
  readonly close: () => Promise<void>;
}

const seconds = 60;
const changeRequest = /https?:\/\/[^\s)>|\]"]+\/(?:pull|pull-requests|merge_requests)\/\d+/;

const setStage = async (subject: PlatformSubject): Promise<Stage> => {
  const world = await subject.start();
  const beside = world.repository === undefined ? await besideCode(world) : undefined;
  let go: () => void = () => undefined;
  const gate = new Promise<void>((open) => {
    go = open;
  });
  const flow = await startFlow({
    subject: { ...subject, start: async () => world },
    // Seven bots and their fakes share one process here, and fakes read their specifications at the first request.
    times: { request: 12_000, lease: 20_000 },
    ...beside?.options,
  });
  const code = beside?.code ?? flow.world;
  flow.agent.play((message) => {
    if (message.includes("long job"))
      return [{ do: "terminal", command: "sleep 600", summary: "Begin the long job" }, { do: "hang" }];
    if (message.includes("add a test")) return [{ do: "finish", message: "Added a test." }];
    if (message.includes("make it blue")) {
      const run = async () => {
        const pull = await code.open(code.people.writer, "pull-request", {
          title: "Paint it",
          text: "Blue.",
        });
        return { output: pull.url, exitCode: 0 };
      };
      return [
        { do: "terminal", command: "gh pr create --fill", summary: "Open the pull request", run },
        { do: "finish", message: "Painted it blue." },
      ];
    }
    return [
      { do: "tasks", tasks: [{ title: "Choose a colour", status: "in_progress" }] },
      { do: "terminal", command: "npm test", summary: "Run the tests", output: "ok" },
      { do: "until", moment: gate },
      { do: "answer", text: "Which colour do you want?" },
    ];
  });
  const close = async (): Promise<void> => {
    go();
    await flow.end();
    await beside?.close();
  };
  return { flow, code, go, close };
};

/** The same story, told at every platform with the same code; each line is a step of it. */
const tell = async (subject: PlatformSubject): Promise<void> => {
  const stage = await setStage(subject);
  const { flow, code } = stage;
  const { world } = flow;
  const kind = subject.kinds.at(-1) ?? "issue";
  const spot = await world.open(world.people.writer, kind, { title: "Paint the shop", text: "It is grey." });
  const ask = (text: string): Promise<Said> => flow.ask(spot, `@openhands ${text}`);
  const texts = (): readonly string[] => flow.ours(spot).map(({ text }) => text);
  const said = (...words: readonly (string | RegExp)[]): Promise<void> => {
    const fits = (text: string): boolean =>
      words.every((word) => (typeof word === "string" ? text.includes(word) : word.test(text)));
    return flow
      .until(`${subject.id} says ${words.join(", ")}`, () => texts().some(fits), seconds)
      .catch((error: unknown) => {
        throw new Error(`${String(error)}\nIt said:\n${texts().join("\n---\n")}`);
      });
  };
  try {
    // An ask is acknowledged, and its report shows the work.
    const asked = await ask("begin to paint");
    await said("OpenHands is working on it", "Choose a colour", "Run the tests");
    if (subject.limits["reaction"] === undefined)
      await flow.until("the ask has a reaction", () => (world.reactions?.(asked) ?? []).length > 0, 5);
    expect(flow.ours(spot)).toHaveLength(1);
    const seen = JSON.stringify(world.reactions?.(asked));

    // A question of the agent reaches the asker, and the answer reaches the agent.
    stage.go();
    // Wiki markup writes a question mark with a backslash.
    await said(/Which colour do you want\\?\?/);
    await ask("make it blue");
    await said("Painted it blue.");
    if (subject.limits["reaction"] === undefined)
      await flow.until("the ask shows its end", () => JSON.stringify(world.reactions?.(asked)) !== seen, 10);
    expect(flow.told().join("\n")).toContain("make it blue");

    // The end names the pull request, which exists.
    const link = texts().flatMap((text) => changeRequest.exec(text)?.[0] ?? [])[0] ?? "";
    expect(code.openedBy?.(link)).toEqual(code.people.writer);

    // A follow-up goes on in the same conversation.
    await ask("add a test");
    await said("Added a test.");
    expect(flow.agent.protocol.conversations.size).toBe(1);

    // Stop ends the work, and the report says so.
    await ask("long job");
    await said("Begin the long job");
    await ask("stop");
    await said(/[Ss]topped/);

    // Nothing was said twice, and no request broke the specification.
    const ends = texts().filter((text) => text.includes("Added a test."));
    expect(ends).toHaveLength(1);
    const { violations, unrouted } = world.requests;
    expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
  } finally {
    await stage.close();
  }
};

const subjects = await everySubject();

describe("the whole story: ask, acknowledgement, progress, question, answer, change request, follow-up, stop", () => {
  it.concurrent.each(subjects.map((subject) => [subject.id, subject] as const))(
    "at %s",
    (_, subject) => tell(subject),
    150_000,
  );
});
