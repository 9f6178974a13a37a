import type { Agent, AgentCheck } from "@ask-openhands/core/agent/agent.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { newNonce } from "@ask-openhands/core/prompt/fence.ts";
import { advance, type RunEvent } from "@ask-openhands/core/work/advance.ts";
import { isOver, type Run } from "@ask-openhands/core/work/run.ts";
import type { Asked, AskInput, PlaceStatus } from "../messages.ts";
import { type Kept, type KeptRun, read, write } from "../storage.ts";
import { background, repositoryOf, writePrompt } from "./direct-order.ts";
import { me, newAsk, placeOf, platformNameOf, showRun } from "./direct-run.ts";
import { type AgentSettings, makeAgent } from "./make-agent.ts";
import { isLive, keepRun, runsOf } from "./runs.ts";
import { findToken } from "./tokens.ts";
import { Trouble } from "./trouble.ts";
import { dropSecret, getSecret, putSecret } from "./vault.ts";
import type { AskedPage, Way } from "./way.ts";

const keyName = "agent-key";
const modelKeyName = "agent-model-key";
/** The run as it is kept between two wakings of the worker, with what only `showRun` needs. */
interface Memo {
  readonly run: Run;
  readonly platformName: string;
}

const openMemo = (kept: KeptRun): Memo => {
  if (kept.memo === undefined)
    throw new Trouble("This run went through the bot.", "Choose the bot as the way in the popup to see it.");
  return JSON.parse(kept.memo) as Memo;
};

/** Asks the back end whether address and key are right, before anything is kept. Throws `Trouble`. */
export const checkAgent = async (settings: AgentSettings): Promise<void> => {
  const check = await makeAgent(settings).check();
  if (!check.ok) throw new Trouble(check.detail, check.cure);
};

export const saveAgent = async ({
  kind,
  baseUrl,
  key,
  model,
  modelKey,
  modelBaseUrl,
}: AgentSettings): Promise<void> => {
  await putSecret(keyName, key);
  await (modelKey ? putSecret(modelKeyName, modelKey) : dropSecret(modelKeyName));
  await write("agent", { kind, baseUrl, ...(model && { model }), ...(modelBaseUrl && { modelBaseUrl }) });
};

export const forgetAgent = async (): Promise<void> => {
  await dropSecret(keyName);
  await dropSecret(modelKeyName);
  await write("agent", undefined);
};

/** Straight to OpenHands with the person's own key, or undefined when none is kept. */
export const findDirect = async (): Promise<Way | undefined> => {
  const kept = await read("agent");
  const key = kept && (await getSecret(keyName));
  if (kept === undefined || key === undefined) return undefined;
  return createDirectWay(kept, makeAgent({ ...kept, key, modelKey: await getSecret(modelKeyName) }));
};

const createDirectWay = (kept: NonNullable<Kept["agent"]>, agent: Agent): Way => {
  const destination = new URL(kept.baseUrl).host;

  const keep = async (run: Run, key: string, pageUrl: string, platformName: string): Promise<Asked> => {
    const memo: Memo = { run, platformName };
    const shown = showRun(run, platformName);
    await keepRun({ key, pageUrl, through: "direct", run: shown, memo: JSON.stringify(memo) });
    return { key, run: shown };
  };

  /** Where the conversation of this run can be asked again; a run that never started has none. */
  const conversationOf = ({ run }: Memo): NonNullable<Run["conversation"]> => {
    if (run.conversation === undefined)
      throw new Trouble("This run never started, so there is no conversation.", "Ask again.");
    return run.conversation;
  };

  const begin = async (input: AskInput, asked: AskedPage): Promise<Asked> => {
    const { page } = asked;
    const now = Date.now();
    const place = placeOf(page, input.title);
    // The same click sent twice is the same run: the back end starts a conversation once per id.
    const known = (await runsOf(page.url)).find((kept) => kept.key === input.requestId);
    if (known !== undefined) return { key: known.key, run: known.run, says: "This was asked already." };
    const token = await findToken(page.platform, page.host);
    const repository = repositoryOf(page);
    const queued: Run = {
      id: crypto.randomUUID(),
      place,
      asks: [newAsk(place, input.text, input.requestId, now)],
      state: "queued",
      queuedAt: now,
      repository: repository && { host: repository.host, name: repository.name, branch: input.branch },
      model: kept.model,
      tasks: [],
      steps: [],
      stepCount: 0,
      version: 1,
    };
    const starting = advance(queued, { type: "preparing" }, now);
    await keep(starting, input.requestId, page.url, platformNameOf(page));
    const end = (event: RunEvent): Promise<Asked> =>
      keep(advance(starting, event, Date.now()), input.requestId, page.url, platformNameOf(page));
    try {
      const conversation = await agent.start({
        runId: queued.id,
        title: `${page.label}: ${input.title ?? input.text}`.slice(0, 120),
        prompt: writePrompt(input, asked, newNonce()),
        background,
        ...(repository && { repository: { ...repository, branch: input.branch } }),
        secrets: token === undefined ? {} : { [token.name]: token.value },
        ...(token && repository && { cloneWith: { secret: token.name, user: "x-token" } }),
        model: kept.model,
      });
      return await end({ type: "started", conversation, continues: false });
    } catch (cause) {
      const hint = cause instanceof Failure ? cause.hint : "OpenHands could not be asked.";
      return end({ type: "failed", reason: "unreachable", hint, retryable: true });
    }
  };

  const follow = async (known: KeptRun): Promise<Asked> => {
    const memo = openMemo(known);
    if (isOver(memo.run) || memo.run.conversation === undefined) return { key: known.key, run: known.run };
    const at = Date.now();
    const reading = await agent.read(memo.run.conversation, memo.run.cursor);
    const told = reading.events.reduce<Run>((run, event) => advance(run, event, at), memo.run);
    const run = advance(
      told,
      { type: "read", cursor: reading.cursor, conversation: reading.conversation },
      at,
    );
    return keep(run, known.key, known.pageUrl, memo.platformName);
  };

  /** News of what goes on here; an answer also shows that the back end can be reached, so nothing more is asked then. */
  const followAll = async (known: readonly KeptRun[]): Promise<boolean> => {
    const live = known.filter(({ run, memo }) => memo !== undefined && isLive(run));
    const news = await Promise.allSettled(live.map(follow));
    return live.length > 0 && news.every(({ status: how }) => how === "fulfilled");
  };

  const status = async ({ page }: AskedPage): Promise<PlaceStatus> => {
    const answers = await followAll(await runsOf(page.url));
    const check: AgentCheck = answers ? { ok: true, detail: "" } : await agent.check();
    const token = await findToken(page.platform, page.host);
    const found = await runsOf(page.url);
    return {
      mode: "direct",
      destination,
      place: { label: page.label, url: page.url, platformName: platformNameOf(page) },
      connection: {
        id: "direct",
        name: `OpenHands at ${destination}`,
        kindName: kept.kind === "cloud" ? "API key" : "Agent server",
        ok: check.ok,
        account: token?.kept.status.account?.name,
        scopes: [...(token?.kept.status.scopes ?? [])].map((scope) => ({ ...scope })),
        ...(!check.ok && { problem: check.detail, cure: check.cure }),
      },
      ...(token?.kept.status.account && { identity: { name: token.kept.status.account.name } }),
      ask: check.ok ? { may: "yes" } : { may: "no", why: check.detail, cure: check.cure },
      ways: [],
      runs: found.slice(0, 10).map(({ run }) => run),
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
    ask: begin,
    follow,
    status,
    stop: async (known) => {
      const memo = openMemo(known);
      await agent.stop(conversationOf(memo));
      const asked = advance(memo.run, { type: "stop-asked", by: me(memo.run.place) }, Date.now());
      return keep(
        advance(asked, { type: "stopped" }, Date.now()),
        known.key,
        known.pageUrl,
        memo.platformName,
      );
    },
    say: async (known, text) => {
      const memo = openMemo(known);
      const id = crypto.randomUUID();
      const conversation = await agent.say(conversationOf(memo), { id, text, again: false });
      const at = Date.now();
      const ask = newAsk(memo.run.place, text, id, at);
      const { outcome: _outcome, endedAt: _endedAt, stopAsked: _stopAsked, ...open } = memo.run;
      // A word after the end goes on in the same conversation; here that is the same run, working again.
      const awake: Run = isOver(memo.run) ? { ...open, state: "working" } : memo.run;
      return keep(
        advance(awake, { type: "steered", ask, conversation }, at),
        known.key,
        known.pageUrl,
        memo.platformName,
      );
    },
    retry: async (known) => {
      const { run } = openMemo(known);
      if (run.conversation !== undefined) {
        const again = await agent.say(run.conversation, {
          id: crypto.randomUUID(),
          text: run.asks.at(-1)?.request ?? "",
          again: false,
        });
        const { outcome: _outcome, endedAt: _endedAt, stopAsked: _stopAsked, ...open } = run;
        return keep(
          { ...open, state: "working", conversation: again, version: run.version + 1 },
          known.key,
          known.pageUrl,
          openMemo(known).platformName,
        );
      }
      throw new Trouble("This run never reached OpenHands.", "Ask again with the button.");
    },
  };
};
