import type { PageKind } from "@ask-openhands/core/connection/page-place/page.ts";

/** What of the page goes with an ask. */
export type Extra = "selection" | "lines" | "job" | "file";

/** An ask that fits a kind of page, ready to send or to change first. */
export interface ReadyAsk {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  /** Shown only when the page offers one of these. */
  readonly needs?: readonly Extra[] | undefined;
}

// CHANGE stands for what this site calls a pull request.
const selectionAsks: readonly ReadyAsk[] = [
  {
    id: "tests-selection",
    label: "Write tests for the selection",
    text: "Write tests for the selected code and open a CHANGE with them.",
    needs: ["selection", "lines"],
  },
  {
    id: "explain-selection",
    label: "Explain the selection",
    text: "Explain the selected text. Change nothing.",
    needs: ["selection", "lines"],
  },
];

const changeAsks: readonly ReadyAsk[] = [
  {
    id: "address-review",
    label: "Address the review",
    text: "Address the open review comments on this CHANGE and push to its branch.",
  },
  {
    id: "fix-checks",
    label: "Fix failing checks",
    text: "Find out why the checks of this CHANGE fail, fix the cause and push to its branch.",
  },
  {
    id: "resolve-conflicts",
    label: "Resolve conflicts",
    text: "Resolve the conflicts of this CHANGE with its target branch and push to its branch.",
  },
  {
    id: "write-tests",
    label: "Write tests for the changes",
    text: "Write the tests that this CHANGE lacks and push them to its branch.",
  },
  {
    id: "explain",
    label: "Explain the changes",
    text: "Explain what this CHANGE does, what it could break and what is worth a close look. Change nothing.",
  },
];

const asks: Readonly<Record<PageKind, readonly ReadyAsk[]>> = {
  issue: [
    { id: "fix", label: "Fix this issue", text: "Fix this issue and open a CHANGE." },
    {
      id: "reproduce",
      label: "Reproduce with a failing test",
      text: "Reproduce this issue with a failing test and open a draft CHANGE with it.",
    },
    {
      id: "explain",
      label: "Explain the cause",
      text: "Find the cause of this issue and explain it with the places in the code. Change nothing.",
    },
    ...selectionAsks,
  ],
  "pull-request": [...changeAsks, ...selectionAsks],
  changes: [...selectionAsks, ...changeAsks],
  ticket: [
    { id: "fix", label: "Work on this ticket", text: "Do what this ticket asks for and open a CHANGE." },
    {
      id: "plan",
      label: "Write a plan",
      text: "Write a plan for this ticket with the places in the code that have to change. Change nothing.",
    },
    {
      id: "explain",
      label: "Explain the code behind it",
      text: "Explain the code that this ticket is about. Change nothing.",
    },
    ...selectionAsks,
  ],
  repository: [
    {
      id: "explain",
      label: "Explain this repository",
      text: "Explain what this repository does and how its code is laid out. Change nothing.",
    },
    {
      id: "tests",
      label: "Add missing tests",
      text: "Find the part of this repository that lacks tests most, write them and open a CHANGE.",
    },
    {
      id: "update",
      label: "Update dependencies",
      text: "Update outdated dependencies that need no change of our code and open a CHANGE.",
    },
    ...selectionAsks,
  ],
  file: [
    ...selectionAsks,
    {
      id: "explain",
      label: "Explain this file",
      text: "Explain this file. Change nothing.",
      needs: ["file"],
    },
    {
      id: "tests",
      label: "Write tests for this file",
      text: "Write tests for this file and open a CHANGE with them.",
      needs: ["file"],
    },
  ],
  pipeline: [
    {
      id: "fix-run",
      label: "Fix what failed",
      text: "Find out why this CI run failed, fix the cause and open a CHANGE, or push to its branch when it has one.",
    },
    {
      id: "explain",
      label: "Explain why it failed",
      text: "Explain why this CI run failed and what to do. Change nothing.",
    },
    ...selectionAsks,
  ],
};

/** The ready-made asks of a page, in the words of its site. */
export const readyAsks = (kind: PageKind, change: string, offered: ReadonlySet<Extra>): readonly ReadyAsk[] =>
  asks[kind]
    .filter((ask) => ask.needs === undefined || ask.needs.some((need) => offered.has(need)))
    .map((ask) => ({ ...ask, text: ask.text.replaceAll("CHANGE", change) }));
