import { createCloudAgent } from "@ask-openhands/core/agent/cloud.ts";
import { createServerAgent } from "@ask-openhands/core/agent/server.ts";
import { findPage } from "@ask-openhands/core/connection/page-place.ts";
import type { KeptRun } from "../../../extension/src/storage.ts";
import type { AgentSecrets } from "../../../extension/src/worker/direct-life.ts";
import { createDirectWay } from "../../../extension/src/worker/direct-way.ts";
import type { RunList } from "../../../extension/src/worker/run-list.ts";
import type { Way } from "../../../extension/src/worker/way.ts";

/** What the browser stores: it outlives the worker. */
export const createRunList = (): RunList & { all(): readonly KeptRun[] } => {
  let runs: readonly KeptRun[] = [];
  return {
    all: () => runs,
    read: async () => runs,
    change: async (by) => {
      runs = by(runs);
    },
  };
};

interface WorkerSettings {
  readonly runs: RunList;
  readonly baseUrl: string;
  readonly key: string;
  readonly kind?: "cloud" | "server";
  readonly now?: () => number;
  readonly token?: AgentSecrets;
  /** The worker ends right before, or right after, this request is answered: what it waits for never comes. */
  readonly ends?: { readonly when: "before" | "after"; readonly request: RegExp; reached: boolean };
}

/** One waking of the extension's worker, with everything of the direct way but the browser. */
export const startWorker = (settings: WorkerSettings): Way => {
  const never = new Promise<never>(() => undefined);
  let ended = false;
  const fetching: typeof fetch = async (input, init) => {
    if (ended) return never;
    const hit = settings.ends?.request.test(`${init?.method ?? "GET"} ${String(input)}`) === true;
    if (hit && settings.ends !== undefined) {
      ended = true;
      settings.ends.reached = true;
      if (settings.ends.when === "before") return never;
    }
    const answer = await fetch(input, init);
    return hit || ended ? never : answer;
  };
  const { baseUrl, key, runs, now = Date.now } = settings;
  const agent =
    settings.kind === "cloud"
      ? createCloudAgent({ id: "direct", baseUrl, key, auth: "bearer" }, { fetch: fetching, patience: 200 })
      : createServerAgent(
          { id: "direct", baseUrl, key, model: { model: "test/model", apiKey: "model-key" } },
          { fetch: fetching },
        );
  return createDirectWay({
    agent,
    baseUrl,
    kind: settings.kind ?? "server",
    runs,
    now,
    secretsFor: async () => settings.token,
    accountAt: async () => undefined,
    began: async () => undefined,
    busy: new Set(),
    awake: (work) => work,
  });
};

/** Asks with a button of its own for every name; the same name is the same click. */
export const askOn = (way: Way, product: "github" | "bitbucket-cloud", url: string, click = "click-one") => {
  const page = findPage(product, url);
  if (page === undefined) throw new Error(`There is nothing to ask at ${url}.`);
  return way.ask({ url, text: "Fix it.", requestId: click }, { page, url });
};
