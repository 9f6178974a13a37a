import type { Author } from "../work/mention.ts";
import type { Place } from "../work/place.ts";
import type { Ask, Run } from "../work/run.ts";
import type { RepositoryFacts } from "../work/thread.ts";
import type { ReportFacts } from "./report.ts";

/** A run in the middle of its work, for tests of what people and agents are told. */
export const asker: Author = {
  platform: "forge",
  host: "git.example.com",
  id: "7",
  name: "ana",
  displayName: "Ana",
  kind: "person",
};

export const issue: Place = {
  platform: "forge",
  host: "git.example.com",
  key: "forge:git.example.com:issue:12",
  kind: "issue",
  url: "https://git.example.com/acme/app/issues/12",
  label: "#12",
  repository: "acme/app",
  address: {},
};

export const repository: RepositoryFacts = {
  platform: "forge",
  host: "git.example.com",
  name: "acme/app",
  url: "https://git.example.com/acme/app",
  cloneUrl: "https://git.example.com/acme/app.git",
  defaultBranch: "main",
};

export const ask: Ask = {
  key: "forge:git.example.com:comment:1",
  author: asker,
  request: "fix the login test",
  at: "2026-05-28T20:26:40.000Z",
  reply: {},
};

const started = Date.parse(ask.at);

/** Four minutes after the start. */
export const now = started + 250_000;

export const workingRun: Run = {
  id: "3f2a91c4-0000-4000-8000-000000000000",
  place: issue,
  asks: [ask],
  state: "working",
  queuedAt: started,
  startedAt: started + 2000,
  repository: { host: "git.example.com", name: "acme/app" },
  tasks: [
    { title: "Find the failing test", state: "done" },
    { title: "Fix `login()` in src/auth_login.ts", state: "doing" },
    { title: "Open a pull request", state: "todo" },
  ],
  steps: [
    { id: "1", at: started + 3000, text: "Read src/auth_login.ts" },
    { id: "2", at: started + 4000, text: "Ran `npm test` | tail", failed: true },
  ],
  stepCount: 14,
  cost: 0.3149,
  conversation: { agent: "a", id: "c", url: "https://app.example.com/conversations/c" },
  version: 3,
};

export const queuedRun: Run = {
  ...workingRun,
  state: "queued",
  position: 2,
  startedAt: undefined,
  tasks: [],
  steps: [],
  stepCount: 0,
  cost: undefined,
  conversation: undefined,
};

export const doneRun: Run = {
  ...workingRun,
  state: "done",
  endedAt: now,
  tasks: workingRun.tasks.map(({ title }) => ({ title, state: "done" })),
  pullRequest: { number: 13, url: "https://git.example.com/acme/app/pulls/13" },
  outcome: {
    reason: "finished",
    summary:
      "The test raced with the clock, @org/team.\n\n- fixed in `src/auth_login.ts`\n- see [docs](https://docs.example.net/x)\n\n```ts\nawait tick();\n```",
  },
};

export const facts: ReportFacts = {
  handle: "@openhands",
  marker: "v1.abc-DEF_123",
  hosts: ["git.example.com"],
};
