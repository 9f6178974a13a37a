import { describe, expect, it } from "vitest";
import type { Message } from "../work/message.ts";
import {
  describeAnswer,
  describeConfig,
  describeHelp,
  describeLinkNeeded,
  describeQueue,
  describeRefusal,
  describeRepositoryQuestion,
  describeStatus,
  describeWhy,
} from "./answers.ts";
import { asker, doneRun, issue, now, queuedRun, facts as reportFacts, workingRun } from "./run-example.ts";
import { toGfm } from "./to-gfm.ts";

const facts = { ...reportFacts, to: asker };

const shown = (message: Message): string =>
  toGfm(message, { htmlComments: true, details: true, taskLists: true }).split("\n").slice(1).join("\n");

describe("answers", () => {
  it("a refusal says why and what to do", () => {
    const refusal = {
      why: "Write access to acme/app is needed.",
      cure: "A maintainer can give it at https://git.example.com/acme/app.",
    };
    expect(shown(describeRefusal(refusal, facts))).toBe(`@ana ⏹️ **Not started**

Write access to acme/app is needed.

A maintainer can give it at <https://git.example.com/acme/app>.`);
  });

  it("a needed link is one step with an address", () => {
    const text = shown(
      describeLinkNeeded(
        { why: "I do not know yet who you are here.", url: "https://bot.example.com/link/abc", once: true },
        facts,
      ),
    );
    expect(text).toBe(`@ana ⏳ **One step first: connect your account**

I do not know yet who you are here.

The link is for you alone and works once. Your request goes on by itself afterwards.

[Connect](https://bot.example.com/link/abc)`);
  });

  it("a needed link that anybody may open says nothing of a secret", () => {
    const needed = { why: "Link your account on git.example.com.", url: "https://bot.example.com/x" };
    const text = shown(describeLinkNeeded({ ...needed, once: false }, facts));
    expect(text).toContain("\n\nYour request goes on by itself afterwards.\n\n");
    expect(text).not.toContain("works once");
  });

  it("asks which repository, with the candidates", () => {
    const question = {
      why: "This channel has no repository of its own.",
      candidates: ["acme/app", "acme/`web`"],
    };
    expect(shown(describeRepositoryQuestion(question, facts))).toBe(`@ana 💬 **Which repository?**

This channel has no repository of its own.

- \`acme/app\`
- \`acme/web\`

Ask again and name it, for instance \`@openhands repo=acme/app …\`; \`repo=none\` works without one.`);
  });

  it("help names every command", () => {
    const text = shown(describeHelp(facts));
    for (const word of ["new …", "status", "stop", "retry", "queue", "why", "config"])
      expect(text).toContain(`| \`@openhands ${word}\` |`);
    expect(text).toContain("`repo=owner/name`, `branch=name`, `model=name`");
  });

  it("status says how far the run is", () => {
    expect(
      shown(describeStatus(workingRun, now, facts)),
    ).toBe(`@ana The run here: 🛠️ working, for 4 min, $0.31.

Tasks done: 1 of 3.

Last step: Ran \`npm test\` \\| tail

[Open the conversation](https://app.example.com/conversations/c)`);
    expect(shown(describeStatus(doneRun, now, facts))).toContain(
      "The last run here: ✅ done, worked for 4 min, $0.31.",
    );
    expect(shown(describeStatus(undefined, now, facts))).toBe("@ana Nothing has run here yet.");
  });

  it("the queue shows what works and what waits, and names no confidential place", () => {
    const secret = { ...queuedRun, place: { ...issue, key: "other", label: "#99", confidential: true } };
    const other = { ...queuedRun, place: { ...issue, key: "third", label: "#7" } };
    const text = shown(
      describeQueue([workingRun, secret, other, doneRun], now, { ...facts, here: issue.key, hidden: 0 }),
    );
    expect(text).toBe(`@ana

| Where | Asked by | State |
| --- | --- | --- |
| here | Ana | 🛠️ working, for 4 min, $0.31 |
| a confidential place | Ana | ⏳ waiting for its turn, number 2 in line |
| acme/app #7 | Ana | ⏳ waiting for its turn, number 2 in line |`);
    expect(shown(describeQueue([], now, { ...facts, here: "", hidden: 0 }))).toBe(
      "@ana Nothing works and nothing waits.",
    );
  });

  it("why repeats the stored reason", () => {
    expect(shown(describeWhy({ outcome: "refused", why: "Your access is read only." }, facts))).toContain(
      "Your access is read only.",
    );
    expect(shown(describeWhy(undefined, facts))).toBe("@ana No request of yours was refused here.");
  });

  it("config shows each value with its source", () => {
    const text = shown(
      describeConfig(
        [
          { key: "labels", value: "openhands", source: "environment" },
          { key: "model", value: "", source: "default" },
        ],
        facts,
      ),
    );
    expect(text).toContain("| labels | openhands | environment |\n| model | (empty) | default |");
  });

  it("no answer mentions anybody but the one who asked", () => {
    expect(shown(describeAnswer("Nothing runs here, @org/team.", facts))).toBe(
      "@ana\n\nNothing runs here, @\u200borg/team.",
    );
  });
});
