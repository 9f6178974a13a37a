import type { AgentCheck } from "@ask-openhands/core/agent/agent.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { newNonce } from "@ask-openhands/core/prompt/fence.ts";
import { advance } from "@ask-openhands/core/work/advance.ts";
import { isOver, type Run } from "@ask-openhands/core/work/run.ts";
import type { Asked, AskInput, PlaceStatus } from "../messages.ts";
import type { KeptRun } from "../storage.ts";
import { createLife, type LifeDeps } from "./direct-life.ts";
import { type KeptOrder, keep, openMemo, openOrder } from "./direct-memo.ts";
import { background, repositoryOf, writePrompt } from "./direct-order.ts";
import { newAsk, placeOf, platformNameOf } from "./direct-run.ts";
import { isLive, withRun } from "./run-list.ts";
import type { AskedPage, Way } from "./way.ts";

export interface DirectDeps extends LifeDeps {
  readonly kind: "cloud" | "server";
  /** Called when a run stands in the list, before anything is asked of OpenHands: from then on somebody looks after it. */
  readonly began: () => Promise<void>;
  /** What is known of the person's token for a host, to be shown. */
  readonly accountAt: (
    platform: string,
    host: string,
  ) => Promise<Pick<NonNullable<PlaceStatus["connection"]>, "account" | "scopes"> | undefined>;
}

/** Straight to OpenHands with the person's own key. */
export const createDirectWay = (deps: DirectDeps): Way => {
  const { agent, runs, now } = deps;
  const destination = new URL(deps.baseUrl).host;
  const life = createLife(deps);
  const toAsked = ({ key, run }: KeptRun, says?: string): Asked => ({
    key,
    run,
    ...(says !== undefined && { says }),
  });

  const at = async (pageUrl: string): Promise<readonly KeptRun[]> =>
    (await runs.read()).filter((kept) => kept.pageUrl === pageUrl);

  const starting = (asks: Run["asks"], facts: Pick<Run, "id" | "place" | "repository">): Run => {
    const queued: Run = {
      ...facts,
      asks,
      state: "queued",
      queuedAt: now(),
      model: deps.model,
      tasks: [],
      steps: [],
      stepCount: 0,
      version: 1,
    };
    return advance(queued, { type: "preparing" }, now());
  };

  /** Puts a run into the list unless this was asked there already, and starts it. */
  const begin = async (
    key: string,
    pageUrl: string,
    run: Run,
    order: KeptOrder,
    platformName: string,
  ): Promise<Asked> => {
    const memo = { run, platformName, baseUrl: deps.baseUrl };
    const mine = keep(memo, { key, pageUrl, order: JSON.stringify(order) });
    const same = (kept: KeptRun): boolean =>
      kept.key === key && kept.pageUrl === pageUrl && kept.through === "direct";
    await runs.change((all) => (all.some(same) ? all : withRun(all, mine)));
    const known = (await runs.read()).find(same);
    if (known === undefined || known.run.id === run.id) {
      await deps.began();
      return toAsked(await life.start(run.id));
    }
    const { run: before } = openMemo(known);
    if (isOver(before) && before.conversation === undefined) return toAsked(await life.restart(before.id));
    return toAsked(await life.follow(before.id), "This was asked already.");
  };

  const ask = (input: AskInput, asked: AskedPage): Promise<Asked> => {
    const { page } = asked;
    const place = placeOf(page, input.title);
    const repository = repositoryOf(page);
    const run = starting([newAsk(place, input.text, input.requestId, now())], {
      id: crypto.randomUUID(),
      place,
      repository: repository && { host: repository.host, name: repository.name, branch: input.branch },
    });
    const order: KeptOrder = {
      title: `${page.label}: ${input.title ?? input.text}`.slice(0, 120),
      prompt: writePrompt(input, asked, newNonce()),
      ...(repository && { repository: { ...repository, branch: input.branch } }),
    };
    return begin(input.requestId, page.url, run, order, platformNameOf(page));
  };

  /** The request again, in a new conversation. */
  const askAnew = async (known: KeptRun): Promise<Asked> => {
    const order = openOrder(known);
    const { run, platformName } = openMemo(known);
    const [first] = run.asks;
    if (order === undefined || first === undefined)
      throw new Failure(
        "not-found",
        "OpenHands does not have this conversation any more. Ask again with the button.",
      );
    const { place, repository } = run;
    const id = crypto.randomUUID();
    const again = starting([{ ...first, key: id, at: new Date(now()).toISOString() }], {
      id,
      place,
      repository,
    });
    return begin(id, known.pageUrl, again, order, platformName);
  };

  /** News of what goes on here; an answer also shows that the back end can be reached, so nothing more is asked then. */
  const followAll = async (known: readonly KeptRun[]): Promise<boolean> => {
    const live = known.filter(({ run, memo }) => memo !== undefined && isLive(run));
    const news = await Promise.allSettled(live.map(({ run }) => life.follow(run.id)));
    return live.length > 0 && news.every(({ status: how }) => how === "fulfilled");
  };

  const status = async ({ page }: AskedPage): Promise<PlaceStatus> => {
    const answers = await followAll(await at(page.url));
    const check: AgentCheck = answers ? { ok: true, detail: "" } : await agent.check();
    const token = await deps.accountAt(page.platform, page.host);
    return {
      mode: "direct",
      destination,
      place: { label: page.label, url: page.url, platformName: platformNameOf(page) },
      connection: {
        id: "direct",
        name: `OpenHands at ${destination}`,
        kindName: deps.kind === "cloud" ? "API key" : "Agent server",
        ok: check.ok,
        account: token?.account,
        scopes: [...(token?.scopes ?? [])],
        ...(!check.ok && { problem: check.detail, cure: check.cure }),
      },
      ...(token?.account !== undefined && { identity: { name: token.account } }),
      ask: check.ok ? { may: "yes" } : { may: "no", why: check.detail, cure: check.cure },
      ways: [],
      runs: (await at(page.url)).slice(0, 10).map(({ run }) => run),
    };
  };

  return {
    name: "direct",
    destination,
    preview: async (input, asked) => ({
      goes: `Goes straight to OpenHands at ${destination}. The answer stays in its conversation; nothing is posted here.`,
      // The marks around page text carry a number that is new for every ask.
      text: `${writePrompt(input, asked, "0".repeat(32))}\n\nStanding rules:\n${background}`,
    }),
    ask,
    follow: async ({ run }) => toAsked(await life.follow(run.id)),
    status,
    stop: async ({ run }) => {
      const stopped = await life.stop(run.id);
      return toAsked(stopped, isLive(stopped.run) ? "It stops as soon as OpenHands can stop it." : undefined);
    },
    say: async ({ run }, text) => toAsked(await life.say(run.id, { id: crypto.randomUUID(), text })),
    retry: async (known) => {
      const { run } = openMemo(known);
      if (run.conversation === undefined) return toAsked(await life.restart(run.id));
      const text = run.asks.at(-1)?.request ?? "";
      try {
        return toAsked(await life.say(run.id, { id: crypto.randomUUID(), text, again: true }));
      } catch (cause) {
        // Gone for good: an archived or deleted conversation cannot be woken.
        if (cause instanceof Failure && cause.kind === "not-found") return askAnew(known);
        throw cause;
      }
    },
  };
};
