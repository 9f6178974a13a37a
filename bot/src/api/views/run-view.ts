import type { PlaceView, RunView } from "@ask-openhands/core/api/types.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import { isOver, type Run } from "@ask-openhands/core/work/run.ts";
import { countsIn } from "../../people/links.ts";
import { isAtLeast, roleOf } from "../../people/members.ts";
import type { ApiDeps } from "../call.ts";
import { platformName } from "./person-view.ts";

export const toPlaceView = (deps: Pick<ApiDeps, "platforms">, place: Place): PlaceView => ({
  platform: place.platform,
  platformName: platformName(deps, place.platform),
  host: place.host,
  key: place.key,
  kind: place.kind,
  url: place.url,
  label: place.label,
  ...(place.title === undefined ? {} : { title: place.title }),
  ...(place.repository === undefined ? {} : { repository: place.repository }),
});

const requestLimit = 2_000;
const toTime = (at: number): string => new Date(at).toISOString();

/** What may be done with a run by somebody who may see it. Maintainers may stop any; the rest needs an account that may ask there. */
const mayWith = (deps: ApiDeps, run: Run, personId: string): RunView["may"] => {
  const { people } = deps;
  const tenant = people.policy.tenantOf(run.place.connection);
  const isLinked = people.links
    .ofPerson(personId)
    .some(
      ({ link }) =>
        link.platform === run.place.platform && link.host === run.place.host && countsIn(link, tenant),
    );
  const isMaintainer =
    tenant !== undefined && isAtLeast(roleOf(people.directory, tenant, personId), "maintainer");
  return {
    stop: !isOver(run) && (isLinked || isMaintainer),
    retry: isOver(run) && isLinked && run.state !== "done",
    say: isLinked,
  };
};

/** A run as page and extension show it; texts of others pass redaction once more. */
export const toRunView = (deps: ApiDeps, run: Run, personId: string): RunView => {
  const { redact, people } = deps;
  const [first] = run.asks;
  const author = first?.author;
  const tenant = people.policy.tenantOf(run.place.connection);
  const asker =
    author === undefined
      ? undefined
      : people.connections.personOf(author.platform, author.host, author.id, tenant);
  const view = {
    id: run.id,
    place: toPlaceView(deps, run.place),
    asker: {
      name: author?.name ?? "unknown",
      displayName: author?.displayName,
      platform: author?.platform ?? run.place.platform,
      host: author?.host ?? run.place.host,
      personId: asker,
    },
    request: redact(first?.request ?? "").slice(0, requestLimit),
    asks: run.asks.length,
    state: run.state,
    position: run.position,
    queuedAt: toTime(run.queuedAt),
    startedAt: run.startedAt === undefined ? undefined : toTime(run.startedAt),
    endedAt: run.endedAt === undefined ? undefined : toTime(run.endedAt),
    repository: run.repository && {
      host: run.repository.host,
      name: run.repository.name,
      branch: run.repository.branch,
    },
    model: run.model,
    conversationUrl: run.conversation?.url,
    phase: run.phase,
    tasks: run.tasks.map((task) => ({ title: redact(task.title), state: task.state })),
    steps: run.steps.map((step) => ({
      id: step.id,
      at: toTime(step.at),
      text: redact(step.text),
      failed: step.failed,
    })),
    stepCount: run.stepCount,
    question: run.question === undefined ? undefined : redact(run.question),
    pullRequest: run.pullRequest,
    pushed: run.pushed === undefined ? undefined : [...run.pushed],
    cost: run.cost,
    outcome:
      run.outcome === undefined
        ? undefined
        : {
            reason: run.outcome.reason,
            summary: run.outcome.summary === undefined ? undefined : redact(run.outcome.summary),
            hint: run.outcome.hint,
            retryable: run.outcome.retryable,
          },
    reportUrl: run.report?.ref?.url,
    continuedAt: run.continuedAt,
    version: run.version,
    may: mayWith(deps, run, personId),
  };
  // Left-out values are absent, not undefined: the same as what JSON brings to the other side.
  return JSON.parse(JSON.stringify(view)) as RunView;
};
