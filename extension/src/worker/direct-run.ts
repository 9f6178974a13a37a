import type { PagePlace } from "@ask-openhands/core/connection/page-place/page.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import { type Ask, isOver, type Run } from "@ask-openhands/core/work/run.ts";
import type { PageRun } from "../messages.ts";

const names: Readonly<Record<PagePlace["product"], string>> = {
  github: "GitHub",
  gitlab: "GitLab",
  "bitbucket-cloud": "Bitbucket",
  "bitbucket-dc": "Bitbucket",
  "jira-cloud": "Jira",
  "jira-dc": "Jira",
};

export const platformNameOf = (page: PagePlace): string => names[page.product];

const talks: Readonly<Partial<Record<PagePlace["kind"], Place["kind"]>>> = {
  "pull-request": "pull-request",
  changes: "pull-request",
  ticket: "ticket",
};

/** A page as the place of a run that no bot knows. */
export const placeOf = (page: PagePlace, title: string | undefined): Place => ({
  platform: page.platform,
  host: page.host,
  key: `page:${page.url}`,
  kind: talks[page.kind] ?? "issue",
  url: page.url,
  title,
  label: page.label,
  repository: page.repository,
  address: {},
});

/** The person at this browser. */
export const me = (page: Pick<Place, "platform" | "host">): Ask["author"] => ({
  platform: page.platform,
  host: page.host,
  id: "me",
  name: "you",
  kind: "person",
});

export const newAsk = (place: Place, text: string, key: string, at: number): Ask => ({
  key,
  author: me(place),
  request: text,
  at: new Date(at).toISOString(),
  url: place.url,
  reply: {},
});

const iso = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();

/** Endings are told with the words that people say to a bot; here there are buttons. */
const forButtons = (hint: string): string =>
  hint
    .replaceAll("Say `retry`", "Ask again")
    .replaceAll("say `retry`", "ask again")
    .replaceAll("Mention me again", "Say something here");

/** A run in the shape that the bot's API gives, so that pages show both alike. */
export const showRun = (run: Run, platformName: string): PageRun => {
  const { place } = run;
  return {
    id: run.id,
    place: {
      platform: place.platform,
      platformName,
      host: place.host,
      key: place.key,
      kind: place.kind,
      url: place.url,
      label: place.label,
      title: place.title,
      repository: place.repository,
    },
    asker: { name: "you", platform: place.platform, host: place.host },
    request: run.asks[0]?.request.slice(0, 500) ?? "",
    asks: run.asks.length,
    state: run.state,
    queuedAt: new Date(run.queuedAt).toISOString(),
    startedAt: iso(run.startedAt),
    endedAt: iso(run.endedAt),
    ...(run.repository && { repository: { ...run.repository } }),
    model: run.model,
    conversationUrl: run.conversation?.url,
    phase: run.phase ?? run.trouble?.hint,
    tasks: run.tasks.map((task) => ({ ...task })),
    steps: run.steps.map((step) => ({
      id: step.id,
      at: new Date(step.at).toISOString(),
      text: step.text,
      failed: step.failed,
    })),
    stepCount: run.stepCount,
    question: run.question,
    ...(run.pullRequest && { pullRequest: { ...run.pullRequest } }),
    ...(run.pushed && { pushed: [...run.pushed] }),
    cost: run.cost,
    ...(run.outcome && {
      outcome: {
        ...run.outcome,
        ...(run.outcome.hint !== undefined && { hint: forButtons(run.outcome.hint) }),
      },
    }),
    version: run.version,
    may: { stop: !isOver(run), retry: isOver(run), say: run.conversation !== undefined },
  };
};
