import type { RunView } from "@ask-openhands/core/api/types.ts";
import { isOver, type Run, type RunState } from "@ask-openhands/core/work/run.ts";
import { newId } from "../../people/tokens.ts";
import type { RunFilter } from "../../store/store.ts";
import { addContext } from "../add-context.ts";
import { accountAt, askAt, findAsk, requireAsker } from "../ask-at.ts";
import { type ApiDeps, actorOf, type Call, type Handlers, personOf } from "../call.ts";
import { findPlace } from "../find-place.ts";
import { problem } from "../problem.ts";
import type { RunWatch } from "../run-watch.ts";
import { toRunView } from "../views/run-view.ts";

type Names = "listRuns" | "watchRuns" | "getRun" | "stopRun" | "retryRun" | "sayToRun" | "ask" | "getAsk";

const states: readonly RunState[] = ["queued", "starting", "working", "waiting", "done", "failed", "stopped"];
const batch = 100;
/** Runs that one request looks through at most; further ones come with the next page. */
const mostScanned = 2_000;

const isState = (text: string): text is RunState => (states as readonly string[]).includes(text);

const readStates = (text: string | undefined): readonly RunState[] | undefined => {
  if (text === undefined || text === "") return undefined;
  const given = text.split(",").map((one) => one.trim());
  if (!given.every(isState))
    throw problem(400, `\`state\` must hold some of ${states.join(", ")}, separated by commas.`);
  return given;
};

const toCursor = (run: Run): string =>
  Buffer.from(JSON.stringify([run.queuedAt, run.id])).toString("base64url");

const readCursor = (text: string | undefined): RunFilter["before"] => {
  if (text === undefined) return undefined;
  const match = /^\[(\d{1,16}),"([A-Za-z0-9_-]{1,64})"\]$/.exec(
    Buffer.from(text, "base64url").toString("utf8"),
  );
  if (match?.[2] === undefined) throw problem(400, "The cursor is not one of ours. Begin at the first page.");
  return { queuedAt: Number(match[1]), id: match[2] };
};

export const createRunHandlers = (deps: ApiDeps, watch: RunWatch): Handlers<Names> => {
  const { people, store } = deps;

  const findRun = async (id: string): Promise<Run> => {
    const run = await store.run(id);
    if (run === undefined) throw problem(404, "There is no such run, or it is not yours to see.");
    return run;
  };

  const fitsText = (run: Run, text: string | undefined): boolean => {
    if (text === undefined || text === "") return true;
    const wanted = text.toLowerCase();
    return [
      run.place.title,
      run.place.label,
      run.place.repository,
      run.repository?.name,
      run.asks[0]?.request,
      run.asks[0]?.author.name,
    ].some((one) => one?.toLowerCase().includes(wanted) === true);
  };

  const listRuns = async (call: Call<"listRuns">): Promise<{ runs: RunView[]; next?: string }> => {
    const { query } = call;
    const personId = personOf(call);
    const limit = query.limit ?? 30;
    const wanted = readStates(query.state);
    const { workspace } = call.params;
    const isMine = (run: Run): boolean =>
      run.asks.some(
        ({ author: { platform, host, id } }) =>
          people.connections.personOf(platform, host, id, workspace) === personId,
      );
    const fits = (run: Run): boolean =>
      people.policy.tenantOf(run.place.connection) === workspace &&
      (query.asker === undefined || isMine(run)) &&
      fitsText(run, query.text);
    const found: Run[] = [];
    let before = readCursor(query.cursor);
    let scanned = 0;
    for (;;) {
      const runs = await store.runs({
        states: wanted,
        platform: query.platform,
        place: query.place,
        before,
        limit: batch,
      });
      found.push(...runs.filter(fits));
      scanned += runs.length;
      const last = runs.at(-1);
      if (last !== undefined) before = { queuedAt: last.queuedAt, id: last.id };
      const isEnd = runs.length < batch;
      if (!isEnd && found.length <= limit && scanned < mostScanned) continue;
      const shown = found.slice(0, limit);
      const lastShown = found.length > limit ? shown.at(-1) : last;
      const more = found.length > limit || !isEnd;
      return {
        runs: shown.map((run) => toRunView(deps, run, personId)),
        ...(more && lastShown !== undefined ? { next: toCursor(lastShown) } : {}),
      };
    }
  };

  const note = (run: Run, personId: string, action: string) =>
    people.audit.append({
      action,
      workspace: people.policy.tenantOf(run.place.connection),
      person: personId,
      target: run.id,
      detail: run.place.url,
    });

  const stopRun = async (call: Call<"stopRun">) => {
    const personId = personOf(call);
    const run = await findRun(call.params.run);
    if (isOver(run)) throw problem(409, "This run is over already.");
    const view = toRunView(deps, run, personId);
    if (!view.may.stop)
      throw problem(
        403,
        `Only maintainers and people with a linked account on ${run.place.host} can stop this run.`,
      );
    // A maintainer may stop what runs in the workspace also without an account at the place.
    const person = people.directory.get("people", personId)?.value.name ?? "a maintainer";
    const author = accountAt(deps, personId, run.place) ?? {
      platform: run.place.platform,
      host: run.place.host,
      id: `person:${personId}`,
      name: person,
      kind: "person" as const,
    };
    await note(run, personId, "run.stop-asked");
    return askAt(deps, { place: run.place, author, personId, text: "stop", id: newId() });
  };

  const say = async (call: Call<"retryRun"> | Call<"sayToRun">, text: string, action: string) => {
    const personId = personOf(call);
    const run = await findRun(call.params.run);
    // With its host: the work of a chat or a ticket is on another server.
    const worked = run.repository === undefined ? undefined : `${run.repository.host}/${run.repository.name}`;
    const author = await requireAsker(deps, personId, run.place, worked);
    await note(run, personId, action);
    return askAt(deps, { place: run.place, author, personId, text, id: newId() });
  };

  const ask = async (call: Call<"ask">) => {
    const personId = personOf(call);
    const { body } = call;
    const found = await findPlace(deps, call.params.workspace, personId, body.url);
    if ("why" in found) throw problem(422, found.why, { cure: found.cure });
    const author = await requireAsker(deps, personId, found.place, body.repository);
    const chosen = { repository: body.repository, branch: body.branch, model: body.model, agent: body.agent };
    if (body.agent !== undefined) requireAgent(body.agent, personId, call.params.workspace);
    await people.audit.append({
      action: "run.asked",
      workspace: call.params.workspace,
      person: personId,
      target: found.place.url,
    });
    const hasChoice = Object.values(chosen).some((one) => one !== undefined);
    return askAt(deps, {
      place: found.place,
      author,
      personId,
      text: addContext(body.text, body.context ?? []),
      id: body.requestId,
      chosen: hasChoice ? chosen : undefined,
    });
  };

  const requireAgent = (id: string, personId: string, workspaceId: string): void => {
    const owner = people.connections.get(id)?.owner;
    const isUsable = owner?.kind === "person" ? owner.id === personId : owner?.id === workspaceId;
    if (!isUsable)
      throw problem(422, "There is no such back end in this workspace.", {
        fields: [{ field: "agent", detail: "is not a back end of this workspace" }],
      });
  };

  return {
    listRuns,
    watchRuns: (call) => watch.stream(call.params.workspace, actorOf(call), call.signal),
    getRun: async (call) => toRunView(deps, await findRun(call.params.run), personOf(call)),
    stopRun,
    retryRun: (call) => say(call, "retry", "run.retried"),
    sayToRun: (call) => say(call, call.body.text, "run.told"),
    ask,
    getAsk: (call) => findAsk(deps, personOf(call), call.query.key),
  };
};
