import type { Run } from "@ask-openhands/core/work/run.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { KeptRun } from "../storage.ts";
import { showRun } from "./direct-run.ts";
import { isLive, type RunList } from "./run-list.ts";
import { Trouble } from "./trouble.ts";

/** Words on their way to OpenHands. They stand here before they are sent: a worker that ends meanwhile leaves nothing unsaid, and nothing unseen. */
export interface Saying {
  /** Reference by which they are found again in the conversation. */
  readonly id: string;
  readonly text: string;
  /** The request again; it makes no new ask. */
  readonly again?: boolean | undefined;
}

/** The run as it is kept between two wakings of the worker, with what only `showRun` needs. */
export interface Memo {
  readonly run: Run;
  readonly platformName: string;
  /** Address of the OpenHands that it was asked of. */
  readonly baseUrl?: string | undefined;
  readonly saying?: Saying | undefined;
  /** Nobody saw the conversation begin: only its id is known. */
  readonly unseen?: boolean | undefined;
}

/** What a start tells OpenHands, without secrets: those are looked up when it is told. */
export interface KeptOrder {
  readonly title: string;
  readonly prompt: string;
  readonly repository?: (RepositoryFacts & { readonly branch?: string | undefined }) | undefined;
}

export const openMemo = ({ memo }: KeptRun): Memo => {
  if (memo === undefined)
    throw new Trouble("This run went through the bot.", "Choose the bot as the way in the popup to see it.");
  return JSON.parse(memo) as Memo;
};

export const openOrder = ({ order }: KeptRun): KeptOrder | undefined =>
  order === undefined ? undefined : (JSON.parse(order) as KeptOrder);

/** A run as the list keeps it. */
export const keep = (
  memo: Memo,
  where: Pick<KeptRun, "key" | "pageUrl"> & Partial<Pick<KeptRun, "order" | "told">>,
): KeptRun => ({
  ...where,
  through: "direct",
  run: showRun(memo.run, memo.platformName),
  memo: JSON.stringify(memo),
});

export interface Memos {
  /** The run as it is kept now. Throws `Trouble` when it is not. */
  readonly need: (id: string) => Promise<KeptRun>;
  /** Changes what is kept now, which may be newer than what the caller has read. Gives what is kept then. */
  readonly update: (id: string, by: (memo: Memo) => Memo) => Promise<KeptRun>;
}

export const createMemos = (runs: RunList): Memos => {
  const need = async (id: string): Promise<KeptRun> => {
    const found = (await runs.read()).find(({ run }) => run.id === id);
    if (found === undefined) throw new Trouble("This run is not known any more.");
    return found;
  };
  return {
    need,
    update: async (id, by) => {
      await runs.change((all) =>
        all.map((kept) => {
          if (kept.run.id !== id) return kept;
          const { key, pageUrl, order, told } = kept;
          const next = keep(by(openMemo(kept)), { key, pageUrl, ...(order !== undefined && { order }) });
          // A run that works again after its end is told of again.
          return isLive(next.run) ? next : { ...next, ...(told !== undefined && { told }) };
        }),
      );
      return need(id);
    },
  };
};
