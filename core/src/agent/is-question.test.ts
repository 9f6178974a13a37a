import { expect, it } from "vitest";
import { isQuestion } from "./is-question.ts";

it.each([
  "Which file do you mean?",
  "I looked around.\n\nShould I go on?",
  "**Which one?**",
  "Which one do you want?\n\n1. The first\n2. The second",
  "Which of these:?\n- a\n- b".replace(":?", "?"),
  "どちらですか？",
])("is a question: %j", (answer) => {
  expect(isQuestion(answer, false)).toBe(true);
});

it.each([
  "Done.",
  "Why did it fail? Because the cache was cold.",
  "I fixed it:\n\n```sh\ntest -f x?\n```",
  "Is this the cause? I checked: no.\n\nSummary of the changes:\n- a\n- b",
  "",
])("is no question: %j", (answer) => {
  expect(isQuestion(answer, false)).toBe(false);
});

it("is a courtesy, not a question, after the work was delivered", () => {
  expect(isQuestion("I opened a pull request. Shall I also add tests?", true)).toBe(false);
});
