/**
 * OpenHands has no sign for "I need an answer": the agent asks by finishing, or by a plain message. The rule here: the answer counts as a
 * question when its last line of text ends with a question mark and the agent delivered nothing (no push, no pull request) since the
 * person's message. With a delivery, "Shall I also add tests?" is a courtesy at the end of finished work.
 */
export const isQuestion = (answer: string, delivered: boolean): boolean => {
  if (delivered) return false;
  const lines = answer
    .replace(/```[\s\S]*?```/g, "")
    .split("\n")
    .map((line) => line.replace(/[\s*_`"'”’)\]]+$/u, ""))
    .filter((line) => line !== "");
  const last = lines.at(-1) ?? "";
  if (/[?\uff1f\u061f]$/u.test(last)) return true;
  // "Which one do you want?" followed by the choices as a list.
  const beforeList = lines.findLast((line) => !/^\s*([-*+•]|\d+[.)]|[a-z][.)])\s/i.test(line)) ?? "";
  return beforeList !== last && /[?\uff1f\u061f]:?$/u.test(beforeList);
};
