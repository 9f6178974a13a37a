import { describe, expect, it } from "vitest";
import { everySubject } from "../contracts/every-subject.ts";
import type { PlatformSubject, Spot } from "../contracts/platform-subject.ts";
import type { Fault } from "../fakes/faults.ts";
import { besideCode } from "../flows/beside-code.ts";
import { startFlow } from "../flows/flow.ts";

/** The effect happened, and we are not told. */
const ways: readonly Fault[] = [
  { dropAfterEffect: true },
  { statusAfterEffect: 500 },
  { statusAfterEffect: 502 },
  { cut: true },
  { dripMs: 400 },
];
const writing = ["POST", "PUT", "PATCH"] as const;
/** Slack is asked by POST as well; what only asks has no effect to be lost. */
const notAsking = /^(?!\/api\/(?:auth|bots|conversations|team|users)\.)/;
const subjects = await everySubject();
const places = 2;

describe("a forge that answers 500, resets, cuts or drips the answer after having stored the comment", () => {
  const begin = async (subject: PlatformSubject) => {
    const world = await subject.start();
    const code = world.repository === undefined ? await besideCode(world) : undefined;
    const flow = await startFlow({
      subject: { ...subject, start: async () => world },
      ...code?.options,
      times: { request: 4_000, lease: 10_000, pause: 500, unreachable: 60_000 },
      script: () => [
        { do: "think", text: "On it." },
        { do: "wait", milliseconds: 1_000 },
        { do: "finish", message: "All of it is done." },
      ],
    });
    const end = async (): Promise<void> => {
      world.deliverTo(undefined);
      await flow.end();
      await code?.close();
    };
    return { flow, end };
  };

  it.concurrent.each(subjects.map((subject) => [subject.id, subject] as const))(
    "at %s: one report and one closing comment each, and every run ends truly",
    async (_id, subject) => {
      const { flow, end } = await begin(subject);
      const { world } = flow;
      for (const method of writing)
        for (const way of ways) world.fail({ ...way, method, path: notAsking, chance: 0.3 });
      const spots: Spot[] = [];
      for (let at = 0; at < places; at += 1) {
        const spot = await world.open(world.people.writer, subject.kinds.at(-1) ?? "issue", {
          title: `Job ${at}`,
          text: "",
        });
        spots.push(spot);
        await flow.ask(spot, "@openhands do it");
      }
      const texts = (spot: Spot): readonly string[] => flow.ours(spot).map(({ text }) => text);
      await flow
        .until(
          "every report and every closing comment is there",
          () =>
            spots.every(
              (spot) => texts(spot).length >= 2 && texts(spot).every((text) => text.includes("Done")),
            ),
          70,
        )
        .catch((error: unknown) => {
          throw new Error(
            `${spots.map((spot) => texts(spot).join("\n--\n")).join("\n====\n")}\n${String(error)}`,
          );
        });
      for (const spot of spots) expect(texts(spot), texts(spot).join("\n--\n")).toHaveLength(2);
      const runs = await flow.runs();
      expect(runs.map(({ state }) => state)).toEqual(spots.map(() => "done"));
      expect(flow.agent.protocol.conversations.size).toBe(places);
      console.log(`faults injected at ${subject.id}: ${ways.length * writing.length} armed, lost answers`);
      await end();
    },
    90_000,
  );
});
